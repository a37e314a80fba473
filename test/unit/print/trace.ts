import type { Action, PlannedAction, Subject } from '../../../src/model/action.ts';
import type { TraceEvent } from '../../../src/model/trace.ts';

/** Events of a project `shop`, as short as tests want to write them. */
export const project = 'shop';

export const subjectOf = (text: string): Subject => {
  const [, kind = 'service', name = text] = /^(network|volume|image) (.*)$/.exec(text) ?? [];
  const [, service = name, instance] = /^(.*)-(\d+)$/.exec(name) ?? [];
  return kind === 'network' || kind === 'volume' || kind === 'image'
    ? { kind, name }
    : {
        kind: 'service',
        name: service,
        ...(instance === undefined ? {} : { instance: Number(instance) }),
      };
};

const container = { name: 'shop_x_1' };

const actions = {
  createNetwork: {
    type: 'createNetwork',
    name: 'shop_default',
    driver: 'bridge',
    internal: false,
    labels: {},
  },
  removeNetwork: { type: 'removeNetwork', id: 'n', name: 'shop_default' },
  createContainer: {
    type: 'createContainer',
    spec: {
      name: 'shop_x_1',
      image: 'x:1',
      labels: {},
      env: {},
      ports: [],
      mounts: [],
      network: { mode: 'none' },
      restartPolicy: 'no',
      limits: {},
    },
  },
  startContainer: { type: 'startContainer', container },
  stopContainer: { type: 'stopContainer', container, graceMs: 10_000 },
  restartContainer: { type: 'restartContainer', container, graceMs: 10_000 },
  removeContainer: { type: 'removeContainer', container, force: false },
  renameContainer: { type: 'renameContainer', container, name: 'old' },
  awaitContainer: {
    type: 'awaitContainer',
    container,
    condition: 'healthy',
    timing: null,
    oneShot: false,
  },
} as const satisfies Readonly<Record<string, Action>>;

/** An action about `redis-1` or `network default`, because of something. */
export const planned = (
  type: keyof typeof actions,
  about: string,
  because = 'missing',
): PlannedAction => ({
  id: `${type}:${about}`,
  action: actions[type],
  cause: { reason: 'Missing', message: because },
  subject: subjectOf(about),
  after: [],
});

export const planReady = (...all: PlannedAction[]): TraceEvent => ({
  type: 'planReady',
  project,
  actions: all,
});

export const started = (action: PlannedAction): TraceEvent => ({
  type: 'actionStarted',
  project,
  action,
});

export const finished = (action: PlannedAction, durationMs = 300): TraceEvent => ({
  type: 'actionFinished',
  project,
  action,
  durationMs,
});

export const failed = (action: PlannedAction, message: string, willRetry = false): TraceEvent => ({
  type: 'actionFailed',
  project,
  action,
  code: 'PortTaken',
  message,
  willRetry,
});

export const skipped = (action: PlannedAction, because: string): TraceEvent => ({
  type: 'actionSkipped',
  project,
  action,
  because,
});

type State = Extract<TraceEvent, { type: 'instanceChanged' }>['state'];

export const changed = (about: string, state: State, message = ''): TraceEvent => ({
  type: 'instanceChanged',
  project,
  subject: subjectOf(about),
  state,
  message,
});
