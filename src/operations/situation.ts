import { observe } from '../engine/observe.ts';
import type { DesiredProject } from '../model/desired.ts';
import type { ProbeResult, RecoveryRecord } from '../model/lifecycle.ts';
import type { Observed } from '../model/observed.ts';
import type { AppRecord } from '../model/record.ts';
import type { Completion } from '../plan/input.ts';
import { appRecordAmong } from '../records/app-records.ts';
import { renderProject } from '../render/render.ts';
import { parseSubnetPool } from '../render/subnet-pool.ts';
import type { Context } from './contract.ts';
import { redactChecks } from './redact.ts';

/** What is wanted and what is there, looked at together. */
export interface Situation {
  readonly record: AppRecord;
  readonly desired: DesiredProject;
  readonly observed: Observed;
}

/** References and ids of images that the record's services are made from. */
const imagesOf = (record: AppRecord): string[] =>
  Object.values(record.current.images).map((pin) => pin.id);

/** One-shot services that ran to their end, as the planner wants them. */
export const completionsOf = (record: AppRecord): ReadonlyMap<string, Completion> =>
  new Map(Object.entries(record.completions));

/** Renders what the record asks for. */
export const desiredOf = (context: Context, record: AppRecord): DesiredProject => {
  const pool = context.env['L9_SUBNET_POOL'];
  return renderProject({
    record,
    secretHashes: record.current.secretHashes,
    now: context.clock.now(),
    ...(pool === undefined || pool === '' ? {} : { subnetPool: parseSubnetPool(pool) }),
  });
};

/**
 * Looks at a project: its record and everything on the engine, in one pass. `record` is the one that
 * was just written or read, so that a look costs no second list. Undefined where it has none.
 */
export const look = async (
  context: Context,
  project: string,
  record?: AppRecord,
): Promise<Situation | undefined> => {
  const { engine, clock, signal } = context;
  const observed = await observe(engine, {
    project,
    imageReferences: record === undefined ? [] : imagesOf(record),
    clock,
    signal,
  });
  const recorded = appRecordAmong(project, observed.volumes)?.value;
  if (recorded === undefined) return undefined;
  if (record === undefined) return look(context, project, recorded);
  return {
    record: recorded,
    desired: desiredOf(context, recorded),
    observed: await redactChecks(context, recorded, observed),
  };
};

/** What a run of l9 remembers between two looks: the results of its own checks, and the recovery of instances. */
export interface Memory {
  /** By container id, newest last. */
  readonly probes: Map<string, ProbeResult[]>;
  /** By instance, such as `web-1`. */
  readonly recovery: Map<string, RecoveryRecord>;
}

export const emptyMemory = (): Memory => ({ probes: new Map(), recovery: new Map() });
