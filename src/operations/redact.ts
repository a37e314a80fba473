import type { Engine } from '../engine/api.ts';
import type { Observed, ObservedContainer } from '../model/observed.ts';
import type { AppRecord } from '../model/record.ts';
import { redactWords, secretWords } from '../model/redaction.ts';
import { readSecrets } from '../records/secret-store.ts';
import type { Context } from './contract.ts';

/**
 * A project's containers, without its secrets in what their health checks said: that becomes the reasons
 * that are printed, logged and recorded. Secrets are read only where there is any output.
 */
export const withoutSecrets = async (
  engine: Engine,
  project: string,
  containers: readonly ObservedContainer[],
): Promise<readonly ObservedContainer[]> => {
  if (!containers.some(({ probes }) => probes.some(({ output }) => output !== ''))) {
    return containers;
  }
  const words = secretWords((await readSecrets(engine, project)).values.values());
  return containers.map((container) => ({
    ...container,
    probes: container.probes.map((probe) => ({
      ...probe,
      output: redactWords(probe.output, words),
    })),
  }));
};

/** What was observed of a project, without its secrets. */
export const redactChecks = async (
  { engine }: Context,
  { project, current }: AppRecord,
  observed: Observed,
): Promise<Observed> =>
  Object.keys(current.secretHashes).length === 0
    ? observed
    : { ...observed, containers: await withoutSecrets(engine, project, observed.containers) };
