import type { Engine } from '../engine/api.ts';
import { label } from '../model/labels.ts';
import type { ObservedVolume } from '../model/observed.ts';
import { redactWords, secretWords } from '../model/redaction.ts';
import { newest, writeNext } from './sequence.ts';

/** What a container could have told before it was restarted or replaced. Times are Unix ms. */
export interface Evidence {
  readonly at: number;
  readonly service: string;
  readonly container: string;
  readonly containerId: string;
  /** Why it was restarted or replaced. */
  readonly cause: string;
  readonly state: string;
  readonly exitCode: number;
  readonly oomKilled: boolean;
  readonly startedAt: number | null;
  readonly finishedAt: number | null;
  readonly probes: readonly {
    readonly at: number;
    readonly exitCode: number;
    readonly output: string;
  }[];
  readonly log: readonly string[];
}

/** Pieces of evidence that a project keeps; the oldest go first. */
const KEPT = 20;
const LOG_LINES = 50;
const LINE_LENGTH = 500;

const prefix = (project: string): string => `l9-evidence.${project}`;

const evidenceLabels = (project: string): Record<string, string> => ({
  [label.managed]: 'true',
  [label.project]: project,
  [label.kind]: 'evidence-record',
});

/** The project's evidence among volumes that were listed, oldest first. */
export const evidenceAmong = (
  project: string,
  volumes: readonly ObservedVolume[],
): readonly Evidence[] => newest<readonly Evidence[]>(prefix(project), volumes)?.value ?? [];

const redact = (text: string, words: readonly string[]): string =>
  redactWords(text, words).slice(0, LINE_LENGTH);

/** Reads what the container can tell; undefined when it is gone. Secret values are taken out. */
export const collectEvidence = async (
  engine: Engine,
  request: {
    readonly service: string;
    readonly containerId: string;
    readonly cause: string;
    readonly at: number;
    readonly secrets: ReadonlyMap<string, string>;
  },
): Promise<Evidence | undefined> => {
  const { service, containerId, cause, at } = request;
  const words = secretWords(request.secrets.values());
  const container = await engine.findContainer(containerId);
  if (container === undefined) return undefined;
  const log: string[] = [];
  for await (const line of engine.logs(containerId, { tail: LOG_LINES })) {
    log.push(redact(line.text, words));
  }
  return {
    at,
    service,
    container: container.name,
    containerId,
    cause: redact(cause, words),
    state: container.state,
    exitCode: container.exitCode,
    oomKilled: container.oomKilled,
    startedAt: container.startedAt,
    finishedAt: container.finishedAt,
    probes: container.probes.map((probe) => ({
      at: probe.endedAt,
      exitCode: probe.exitCode,
      output: redact(probe.output, words),
    })),
    log,
  };
};

/** Adds a piece of evidence to the project's record. Adding the same twice (after a crash) keeps one. */
export const addEvidence = async (
  engine: Engine,
  project: string,
  evidence: Evidence,
): Promise<void> => {
  await writeNext<readonly Evidence[]>(engine, {
    prefix: prefix(project),
    labels: evidenceLabels(project),
    change: (current = []) => [...current, evidence].slice(-KEPT),
  });
};
