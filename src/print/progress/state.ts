import type { PlannedAction, Subject } from '../../model/action.ts';
import type { InstanceState } from '../../model/lifecycle.ts';
import type { TraceEvent } from '../../model/trace.ts';
import { doing, done } from './words.ts';

export type RowPhase = 'pending' | 'working' | 'done' | 'failed' | 'skipped';

/** One line of the progress: a service with all its instances, a network, a volume or an image. */
export interface Row {
  readonly key: string;
  readonly kind: Subject['kind'];
  readonly name: string;
  readonly phase: RowPhase;
  /** What it is doing or has done last. */
  readonly text: string;
  /** Why, in the words of the plan. */
  readonly cause: string;
  /** Ids of actions that are planned and not over. */
  readonly open: ReadonlySet<string>;
  /** By instance number: the states that are not final yet. */
  readonly unsettled: ReadonlyMap<number, InstanceState>;
  /** On the clock of the events' consumer; null before anything happened. */
  readonly startedAt: number | null;
  readonly endedAt: number | null;
  readonly bytes: { readonly current: number; readonly total: number } | null;
}

export interface Progress {
  readonly rows: readonly Row[];
  /** What holds everything up: a lock, an engine that is away. Empty when nothing does. */
  readonly holdUp: string;
}

export const noProgress: Progress = { rows: [], holdUp: '' };

/** The progress after one more event. `now` is ms on any steady clock. */
export function advance(progress: Progress, event: TraceEvent, now: number): Progress {
  switch (event.type) {
    case 'planReady':
      return { rows: withPlan(progress.rows, event.actions), holdUp: '' };
    case 'actionStarted':
      return change(progress, event.action.subject, (row) => ({
        ...begun(row, now),
        phase: 'working',
        text: doing(event.action.action),
        cause: event.action.cause.message,
      }));
    case 'actionFinished':
      return change(progress, event.action.subject, (row) =>
        settled(without(row, event.action.id), done(event.action.action), now),
      );
    case 'actionFailed':
      return change(progress, event.action.subject, (row) =>
        event.willRetry
          ? { ...row, phase: 'working', text: `trying again: ${event.message}` }
          : {
              ...without(begun(row, now), event.action.id),
              phase: 'failed',
              text: event.message,
              endedAt: now,
            },
      );
    case 'actionSkipped':
      return change(progress, event.action.subject, (row) =>
        row.phase === 'failed'
          ? without(row, event.action.id)
          : { ...without(row, event.action.id), phase: 'skipped', text: event.because },
      );
    case 'instanceChanged':
      return change(progress, event.subject, (row) => withInstance(row, event, now));
    case 'imageProgress':
      return change(progress, { kind: 'image', name: event.reference }, (row) => ({
        ...begun(row, now),
        phase: 'working',
        text: event.status,
        bytes:
          event.currentBytes === undefined || event.totalBytes === undefined
            ? null
            : { current: event.currentBytes, total: event.totalBytes },
      }));
    case 'buildOutput':
      return change(progress, { kind: 'image', name: event.reference }, (row) => ({
        ...begun(row, now),
        phase: 'working',
        text: event.text.trim().split('\n').at(-1) || row.text,
      }));
    case 'lockWaiting':
      return { ...progress, holdUp: `another l9 is at work on ${event.project}: ${event.holder}` };
    case 'engineAway':
      return { ...progress, holdUp: `the engine is away, waiting for it: ${event.message}` };
    case 'engineBack':
    case 'generationWritten':
      return { ...progress, holdUp: '' };
    case 'remark':
      return progress;
  }
}

const rowKey = (subject: Subject): string => `${subject.kind}/${subject.name}`;

const newRow = (subject: Subject): Row => ({
  key: rowKey(subject),
  kind: subject.kind,
  name: subject.name,
  phase: 'pending',
  text: '',
  cause: '',
  open: new Set(),
  unsettled: new Map(),
  startedAt: null,
  endedAt: null,
  bytes: null,
});

/** A new plan replaces what the one before still had open; an image is on its place once its plan is there. */
function withPlan(rows: readonly Row[], actions: readonly PlannedAction[]): Row[] {
  const open = new Map<string, { subject: Subject; ids: Set<string> }>();
  for (const { id, subject } of actions) {
    const entry = open.get(rowKey(subject)) ?? { subject, ids: new Set<string>() };
    entry.ids.add(id);
    open.set(rowKey(subject), entry);
  }
  const known = rows.map((row) => {
    const ids = open.get(row.key)?.ids ?? new Set<string>();
    open.delete(row.key);
    return ids.size === 0 ? row : { ...row, open: ids, phase: 'pending' as const, endedAt: null };
  });
  return [
    ...known,
    ...[...open.values()].map(({ subject, ids }) => ({ ...newRow(subject), open: ids })),
  ];
}

function change(progress: Progress, subject: Subject, update: (row: Row) => Row): Progress {
  const key = rowKey(subject);
  const known = progress.rows.some((row) => row.key === key);
  const rows = known ? progress.rows : [...progress.rows, newRow(subject)];
  return { ...progress, rows: rows.map((row) => (row.key === key ? update(row) : row)) };
}

const begun = (row: Row, now: number): Row =>
  row.startedAt === null ? { ...row, startedAt: now } : row;

function without(row: Row, id: string): Row {
  const open = new Set(row.open);
  open.delete(id);
  return { ...row, open };
}

/** Over when no action is open and every instance that was heard of has come to rest. */
function settled(row: Row, text: string, now: number): Row {
  if (row.phase === 'failed') return row;
  const over = row.open.size === 0 && row.unsettled.size === 0;
  return {
    ...row,
    text,
    bytes: null,
    phase: over ? 'done' : 'working',
    endedAt: over ? now : null,
  };
}

type Rest = 'done' | 'failed' | undefined;

/** Which states of an instance are an end of what an apply waits for. */
const rest: Readonly<Record<InstanceState, Rest>> = {
  absent: 'done',
  creating: undefined,
  starting: undefined,
  healthy: 'done',
  unhealthy: undefined,
  recovering: undefined,
  recreated: undefined,
  completed: 'done',
  stopping: undefined,
  stopped: 'done',
  degraded: 'failed',
  failed: 'failed',
};

function withInstance(
  row: Row,
  event: Extract<TraceEvent, { type: 'instanceChanged' }>,
  now: number,
): Row {
  const unsettled = new Map(row.unsettled);
  const instance = event.subject.instance ?? 1;
  const end = rest[event.state];
  if (end === undefined) unsettled.set(instance, event.state);
  else unsettled.delete(instance);
  const text = event.message === '' ? event.state : `${event.state}: ${event.message}`;
  const next = { ...begun(row, now), unsettled, text };
  if (end === 'failed') return { ...next, phase: 'failed', endedAt: now };
  // What had failed and is well after all has not failed.
  return settled({ ...next, phase: 'working' }, text, now);
}
