import type { ActionType, PlannedAction, Subject } from '../../model/action.ts';
import type { InstanceState } from '../../model/lifecycle.ts';
import type { TraceEvent } from '../../model/trace.ts';
import { doing, verdict } from './words.ts';

export type RowPhase = 'pending' | 'working' | 'done' | 'failed' | 'skipped';

/** One line of the progress: a service with all its instances, a network, a volume or an image. */
export interface Row {
  readonly key: string;
  /** Empty for images, which belong to no project. */
  readonly project: string;
  readonly kind: Subject['kind'];
  readonly name: string;
  readonly phase: RowPhase;
  /** What it is doing or has done last. */
  readonly text: string;
  /** Why, in the words of the plan. */
  readonly cause: string;
  /** What was done so far; the last word follows from all of it. */
  readonly did: ReadonlySet<ActionType>;
  /** Ids of actions that are planned and not over. */
  readonly open: ReadonlySet<string>;
  /** By instance number: the states that are not final yet. */
  readonly unsettled: ReadonlyMap<number, InstanceState>;
  /** On the clock of the events' consumer; null before anything happened. */
  readonly startedAt: number | null;
  readonly endedAt: number | null;
  /** Of an image that is pulled: what each layer has so far. */
  readonly layers: ReadonlyMap<string, Bytes>;
}

export interface Bytes {
  readonly current: number;
  readonly total: number;
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
      return { rows: withPlan(imagesAreThere(progress.rows, now), event), holdUp: '' };
    case 'actionStarted':
      return change(progress, placeOf(event.project, event.action.subject), (row) => ({
        ...begun(row, now),
        phase: 'working',
        text: doing(event.action.action),
        cause: event.action.cause.message,
      }));
    case 'actionFinished':
      return change(progress, placeOf(event.project, event.action.subject), (row) =>
        finished(row, event.action, now),
      );
    case 'actionFailed':
      return change(progress, placeOf(event.project, event.action.subject), (row) =>
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
      return change(progress, placeOf(event.project, event.action.subject), (row) =>
        row.phase === 'failed'
          ? without(row, event.action.id)
          : { ...without(row, event.action.id), phase: 'skipped', text: event.because },
      );
    case 'instanceChanged':
      return change(progress, placeOf(event.project, event.subject), (row) =>
        withInstance(row, event, now),
      );
    case 'imageProgress':
      return change(progress, imagePlace(event.reference), (row) => withImage(row, event, now));
    case 'buildOutput':
      return change(progress, imagePlace(event.reference), (row) => ({
        ...begun(row, now),
        phase: 'working',
        text: event.text.trim().split('\n').at(-1) || row.text,
      }));
    case 'lockWaiting':
      return { ...progress, holdUp: `another l9 is at work on ${event.project}: ${event.holder}` };
    case 'engineAway':
      return { ...progress, holdUp: `the engine is away, waiting for it: ${event.message}` };
    case 'generationWritten':
      return { rows: imagesAreThere(progress.rows, now), holdUp: '' };
    case 'engineBack':
      return { ...progress, holdUp: '' };
    case 'remark':
      return progress;
  }
}

type Place = Pick<Row, 'key' | 'project' | 'kind' | 'name'>;

const placeOf = (project: string, { kind, name }: Subject): Place => ({
  key: `${project}/${kind}/${name}`,
  project,
  kind,
  name,
});

const imagePlace = (reference: string): Place => placeOf('', { kind: 'image', name: reference });

const newRow = (place: Place): Row => ({
  ...place,
  phase: 'pending',
  text: '',
  cause: '',
  did: new Set(),
  open: new Set(),
  unsettled: new Map(),
  startedAt: null,
  endedAt: null,
  layers: new Map(),
});

/** A new plan replaces what the one before still had open. */
function withPlan(
  rows: readonly Row[],
  { project, actions }: Extract<TraceEvent, { type: 'planReady' }>,
): Row[] {
  const planned = new Map<string, { readonly place: Place; readonly open: Set<string> }>();
  for (const { id, subject } of actions) {
    const place = placeOf(project, subject);
    const entry = planned.get(place.key) ?? { place, open: new Set<string>() };
    entry.open.add(id);
    planned.set(place.key, entry);
  }
  const known = rows.map((row): Row => {
    const entry = planned.get(row.key);
    planned.delete(row.key);
    return entry === undefined
      ? row
      : { ...row, open: entry.open, phase: 'pending', endedAt: null };
  });
  return [
    ...known,
    ...[...planned.values()].map(({ place, open }) => ({ ...newRow(place), open })),
  ];
}

/** Images are resolved before the generation is written and the plan is made. */
const imagesAreThere = (rows: readonly Row[], now: number): Row[] =>
  rows.map((row) =>
    row.project === '' && row.phase === 'working'
      ? { ...row, phase: 'done', text: 'there', endedAt: now }
      : row,
  );

function change(progress: Progress, place: Place, update: (row: Row) => Row): Progress {
  const known = progress.rows.some((row) => row.key === place.key);
  const rows = known ? progress.rows : [...progress.rows, newRow(place)];
  return { ...progress, rows: rows.map((row) => (row.key === place.key ? update(row) : row)) };
}

const begun = (row: Row, now: number): Row =>
  row.startedAt === null ? { ...row, startedAt: now } : row;

function without(row: Row, id: string): Row {
  const open = new Set(row.open);
  open.delete(id);
  return { ...row, open };
}

function finished(row: Row, { id, action }: PlannedAction, now: number): Row {
  const did = new Set(row.did).add(action.type);
  const next = { ...without(row, id), did };
  const health = action.type === 'awaitContainer' ? action.condition : undefined;
  return settled(next, verdict(did, health), now);
}

/** Over when no action is open and every instance that was heard of has come to rest. */
function settled(row: Row, text: string, now: number): Row {
  if (row.phase === 'failed') return row;
  const over = row.open.size === 0 && row.unsettled.size === 0;
  return { ...row, text, phase: over ? 'done' : 'working', endedAt: over ? now : null };
}

/** Statuses after which nothing more comes of an image. */
const imageIsThere = /^(?:unchanged|Status: )/;

function withImage(
  row: Row,
  event: Extract<TraceEvent, { type: 'imageProgress' }>,
  now: number,
): Row {
  const { layer, currentBytes, totalBytes } = event;
  const begunRow: Row = { ...begun(row, now), phase: 'working' };
  if (layer === undefined) {
    const over = imageIsThere.test(event.status);
    return { ...begunRow, text: event.status, ...(over ? { phase: 'done', endedAt: now } : {}) };
  }
  if (currentBytes === undefined || totalBytes === undefined)
    return { ...begunRow, text: 'pulling' };
  const layers = new Map(row.layers).set(layer, { current: currentBytes, total: totalBytes });
  return { ...begunRow, text: event.status.toLowerCase(), layers };
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
  const next = { ...begun(row, now), unsettled };
  if (end === 'failed') {
    return { ...next, phase: 'failed', text: `${event.state}: ${event.message}`, endedAt: now };
  }
  const trouble = event.state === 'unhealthy' || event.state === 'recovering';
  const text = trouble ? `${event.state}: ${event.message}` : verdict(row.did, event.state);
  // What had failed and is well after all has not failed.
  return settled({ ...next, phase: 'working' }, text, now);
}
