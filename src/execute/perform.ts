import type { Engine } from '../engine/api.ts';
import type { Action, ActionType, ContainerTarget } from '../model/action.ts';
import type { Clock } from '../model/clock.ts';
import type { ContainerSpec, EnvValue } from '../model/container.ts';
import { L9Error } from '../model/errors.ts';
import type { Emit } from '../model/trace.ts';
import { addEvidence, collectEvidence } from '../records/evidence.ts';
import { removeRecovery, writeRecovery } from '../records/recovery.ts';
import { awaitContainer } from './await.ts';
import { writeFiles } from './write-files.ts';

/** Gives the project's secret values; asked only when an action needs one. */
export type ReadSecrets = () => Promise<ReadonlyMap<string, string>>;

/** Fetches an image, with credentials and progress. */
export type PullImage = (reference: string, platform: string | undefined) => Promise<void>;

export interface PerformContext {
  readonly engine: Engine;
  readonly clock: Clock;
  readonly emit: Emit;
  readonly signal: AbortSignal;
  readonly secrets: ReadSecrets;
  readonly pull: PullImage;
  /** Ids of containers that this plan made, by name. */
  readonly created: Map<string, string>;
}

type Performers = {
  readonly [T in ActionType]: (
    action: Extract<Action, { type: T }>,
    context: PerformContext,
  ) => Promise<void>;
};

/** The id of the container that the action is about; never that of another one that took its name. */
const idOf = (target: ContainerTarget, context: PerformContext): string => {
  const id = target.id ?? context.created.get(target.name);
  if (id !== undefined) return id;
  throw new L9Error('ContainerGone', `${target.name} was not created`);
};

const fillSecrets = async (
  spec: ContainerSpec,
  context: PerformContext,
): Promise<ContainerSpec> => {
  const references = Object.values(spec.env).some((value) => typeof value !== 'string');
  if (!references) return spec;
  const secrets = await context.secrets();
  const env: Record<string, EnvValue> = {};
  for (const [name, value] of Object.entries(spec.env)) {
    const text = typeof value === 'string' ? value : secrets.get(value.secret);
    if (text === undefined) {
      const secret = typeof value === 'string' ? '' : value.secret;
      throw new L9Error('SecretMissing', `the value of secret ${secret} is not in its store`, {
        hint: 'Apply the manifests again where the secret’s source can be read.',
      });
    }
    env[name] = text;
  }
  return { ...spec, env };
};

/**
 * The one total table from actions to engine calls. Nothing is decided here: an action that finds its
 * goal reached is done, everything else is an error for the next plan to look at.
 */
export const performers: Performers = {
  createNetwork: async (action, { engine, signal }) => {
    await engine.createNetwork(action, { signal });
  },
  removeNetwork: (action, { engine, signal }) => engine.removeNetwork(action.id, { signal }),
  createVolume: async (action, { engine, signal }) => {
    await engine.createVolume(action, { signal });
  },
  removeVolume: (action, { engine, signal }) => engine.removeVolume(action.name, { signal }),
  pullImage: (action, { pull }) => pull(action.reference, action.platform),
  writeFiles: (action, context) => writeFiles(action, context),
  createContainer: async (action, context) => {
    const spec = await fillSecrets(action.spec, context);
    const id = await context.engine.createContainer(spec, { signal: context.signal });
    context.created.set(spec.name, id);
  },
  startContainer: (action, context) =>
    context.engine.startContainer(idOf(action.container, context), { signal: context.signal }),
  stopContainer: (action, context) =>
    context.engine.stopContainer(idOf(action.container, context), action.graceMs, {
      signal: context.signal,
    }),
  restartContainer: (action, context) =>
    context.engine.restartContainer(idOf(action.container, context), action.graceMs, {
      signal: context.signal,
    }),
  unpauseContainer: (action, context) =>
    context.engine.unpauseContainer(idOf(action.container, context), { signal: context.signal }),
  removeContainer: (action, context) =>
    context.engine.removeContainer(idOf(action.container, context), action.force, {
      signal: context.signal,
    }),
  renameContainer: (action, context) =>
    context.engine.renameContainer(idOf(action.container, context), action.name, {
      signal: context.signal,
    }),
  updateContainer: (action, context) =>
    context.engine.updateContainer(idOf(action.container, context), action, {
      signal: context.signal,
    }),
  connectNetwork: (action, context) =>
    context.engine.connectNetwork(
      action.network,
      {
        container: idOf(action.container, context),
        aliases: action.aliases,
        ...(action.ipv4 === undefined ? {} : { ipv4: action.ipv4 }),
      },
      { signal: context.signal },
    ),
  disconnectNetwork: (action, context) =>
    context.engine.disconnectNetwork(action.network, idOf(action.container, context), {
      signal: context.signal,
    }),
  awaitContainer: (action, context) =>
    awaitContainer(action, {
      engine: context.engine,
      clock: context.clock,
      id: idOf(action.container, context),
      signal: context.signal,
    }),
  writeRecovery: (action, { engine }) => writeRecovery(engine, action.record),
  removeRecovery: (action, { engine }) => removeRecovery(engine, action.project, action.instance),
  keepEvidence: async (action, context) => {
    const evidence = await collectEvidence(context.engine, {
      service: action.service,
      containerId: idOf(action.container, context),
      cause: action.cause,
      at: context.clock.now(),
      secrets: await context.secrets(),
    });
    if (evidence !== undefined) await addEvidence(context.engine, action.project, evidence);
  },
};

/** Carries out one action. */
export const perform = (action: Action, context: PerformContext): Promise<void> => {
  const performer: (action: never, context: PerformContext) => Promise<void> =
    performers[action.type];
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the table pairs every type with its own action
  return performer(action as never, context);
};
