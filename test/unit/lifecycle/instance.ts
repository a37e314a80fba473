import type { LifecycleInput } from '../../../src/lifecycle/facts.ts';
import type { InstancePolicy } from '../../../src/lifecycle/policy.ts';
import type { RecoveryRecord } from '../../../src/model/lifecycle.ts';
import type { ObservedContainer } from '../../../src/model/observed.ts';

/** A moment to count from, so that a 0 in the wrong place shows. */
export const START = 1_800_000_000_000;

/** A service as most manifests have it: checks every second, three of them, ten seconds to verify. */
export const policyOf = (changes: Partial<InstancePolicy> = {}): InstancePolicy => ({
  project: 'shop',
  service: 'web',
  instance: 1,
  wanted: 'running',
  restart: 'always',
  recovery: {
    action: 'recreate',
    restarts: 1,
    verifyAfterMs: 10_000,
    backoffInitialMs: 1000,
    backoffMaxMs: 60_000,
  },
  healthTiming: { intervalMs: 1000, timeoutMs: 1000, retries: 3, startPeriodMs: 5000 },
  activeCheck: false,
  ladder: 'continuous',
  requestedAt: null,
  ...changes,
});

/** A container that Docker reports running and healthy since START. */
export const containerOf = (changes: Partial<ObservedContainer> = {}): ObservedContainer => ({
  id: 'c1',
  name: 'shop_web_1',
  image: 'web:1',
  imageId: 'sha256:1',
  labels: {},
  state: 'running',
  status: 'Up',
  health: 'healthy',
  exitCode: 0,
  ports: [],
  createdAt: START - 100,
  oomKilled: false,
  error: '',
  startedAt: START,
  finishedAt: null,
  failingStreak: 0,
  probes: [],
  restartCount: 0,
  restartPolicy: 'no',
  limits: {},
  bindings: [],
  mounts: [],
  networkMode: 'bridge',
  attachments: [],
  pid: 1,
  ...changes,
});

/** A container that ended at START + 1000. */
export const exitedOf = (
  exitCode: number,
  changes: Partial<ObservedContainer> = {},
): ObservedContainer =>
  containerOf({
    state: 'exited',
    exitCode,
    health: 'none',
    finishedAt: START + 1000,
    pid: 0,
    ...changes,
  });

/** A container that was never started, or whose first start failed with `error`. */
export const createdOf = (error = '', exitCode = 0): ObservedContainer =>
  containerOf({ state: 'created', health: 'none', startedAt: null, error, exitCode, pid: 0 });

/** The record of one restart of c1, written a second before START, when c1 had been running since long. */
export const recordOf = (changes: Partial<RecoveryRecord> = {}): RecoveryRecord => ({
  project: 'shop',
  service: 'web',
  instance: 1,
  containerId: 'c1',
  startedAt: START - 60_000,
  attempts: 1,
  lastAction: 'restart',
  lastActionAt: START - 1000,
  deadline: START + 9000,
  lastExitCode: null,
  healthySince: null,
  ...changes,
});

export const inputOf = (changes: Partial<LifecycleInput> = {}): LifecycleInput => ({
  container: containerOf(),
  probes: [],
  recovery: undefined,
  policy: policyOf(),
  now: START + 2000,
  ...changes,
});
