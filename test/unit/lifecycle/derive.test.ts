import { describe, expect, test } from 'vitest';
import { derive } from '../../../src/lifecycle/derive.ts';
import type { LifecycleInput } from '../../../src/lifecycle/facts.ts';
import {
  START,
  containerOf,
  createdOf,
  exitedOf,
  inputOf,
  policyOf,
  recordOf,
} from './instance.ts';

type Row = readonly [situation: string, input: Partial<LifecycleInput>, expected: string];

const oneShot = policyOf({ restart: 'never', healthTiming: null });
const onFailure = policyOf({ restart: 'onFailure' });
const down = policyOf({ wanted: 'stopped' });
const gone = policyOf({ wanted: 'absent' });
const unchecked = { health: 'none' } as const;

/** State, reason, and the deadline counted from START where there is one. */
const summary = (input: Partial<LifecycleInput>): string => {
  const { state, reason, deadline } = derive(inputOf(input));
  return `${state} ${reason}${deadline === null ? '' : ` +${deadline - START}`}`;
};

const table = (rows: readonly Row[]): void => {
  test.each(rows)('%s', (_, input, expected) => {
    expect(summary(input)).toBe(expected);
  });
};

describe('without a container', () => {
  table([
    ['nothing was ever there', { container: undefined }, 'absent Missing'],
    [
      'a recreate was cut in half',
      { container: undefined, recovery: recordOf({ lastAction: 'recreate' }) },
      'absent Interrupted',
    ],
    [
      'somebody removed it after a restart',
      { container: undefined, recovery: recordOf() },
      'absent Missing',
    ],
    ['it should not be there', { container: undefined, policy: gone }, 'absent Missing'],
    ['it should not run', { container: undefined, policy: down }, 'absent Missing'],
    [
      'a migration that ran was pruned',
      { container: undefined, policy: oneShot, completion: { exitCode: 0, finishedAt: START } },
      'completed Completed',
    ],
    [
      'a migration that failed was pruned',
      { container: undefined, policy: oneShot, completion: { exitCode: 3, finishedAt: START } },
      'failed OneShotFailed',
    ],
    [
      'a migration that failed is asked for again',
      {
        container: undefined,
        policy: { ...oneShot, requestedAt: START + 1 },
        completion: { exitCode: 3, finishedAt: START },
      },
      'absent Missing',
    ],
    [
      'the image does not exist',
      { container: undefined, impossible: { reason: 'ImageMissing', message: 'no such image' } },
      'failed ImageMissing',
    ],
  ]);
});

describe('a created container', () => {
  const portTaken = 'Bind for 127.0.0.1:80 failed: port is already allocated';
  table([
    ['was never started', { container: createdOf() }, 'creating Created'],
    [
      'took the place of another',
      {
        container: createdOf(),
        recovery: recordOf({ lastAction: 'recreate', containerId: 'c0' }),
      },
      'recreated Created',
    ],
    [
      'has a command that does not exist',
      {
        container: createdOf(
          'OCI runtime create failed: exec: "nope": executable file not found in $PATH: unknown',
          127,
        ),
      },
      'failed BadCommand',
    ],
    [
      'has a command that does not exist, and somebody asks again',
      {
        container: createdOf('exec: "nope": executable file not found in $PATH', 127),
        policy: policyOf({ requestedAt: START + 1 }),
      },
      'unhealthy BadCommand',
    ],
    [
      'was tried again in vain since somebody asked',
      {
        container: createdOf('exec: "nope": executable file not found in $PATH', 127),
        recovery: recordOf({ startedAt: null, lastActionAt: START + 2 }),
        policy: policyOf({ requestedAt: START + 1 }),
      },
      'failed BadCommand',
    ],
    [
      'lost the race for a port',
      { container: createdOf(portTaken, 128) },
      'unhealthy AddressTaken',
    ],
    [
      'lost it again after a recreate',
      {
        container: createdOf(portTaken, 128),
        recovery: recordOf({ lastAction: 'recreate', containerId: 'c0', lastActionAt: START }),
        policy: policyOf({ recovery: { ...policyOf().recovery, backoffInitialMs: 0 } }),
      },
      'recovering AddressTaken +0',
    ],
    ['should not run', { container: createdOf(), policy: down }, 'stopped Stopped'],
    [
      'mounts a folder that is gone, as its starter was told',
      { container: createdOf(), impossible: { reason: 'MissingMount', message: '/x is gone' } },
      'failed MissingMount',
    ],
  ]);
});

describe('a running container', () => {
  const timed = START + 2000;
  const failing = { health: 'unhealthy', failingStreak: 3 } as const;
  table([
    ['passes its checks', {}, 'healthy ChecksPass'],
    ['has no check', { container: containerOf(unchecked) }, 'healthy NoHealthCheck'],
    [
      'has no check and crashed before: it has to stay up',
      { container: containerOf(unchecked), recovery: recordOf() },
      'recovering Verifying +10000',
    ],
    [
      'has no check and stayed up until its verdict',
      { container: containerOf(unchecked), recovery: recordOf(), now: START + 10_000 },
      'healthy NoHealthCheck',
    ],
    [
      'has no check and was restarted by the engine',
      {
        container: containerOf({ ...unchecked, restartCount: 4, restartPolicy: 'unless-stopped' }),
      },
      'recovering Verifying +10000',
    ],
    [
      'is a one-shot at work',
      { container: containerOf(unchecked), policy: oneShot },
      'healthy OneShotRunning',
    ],
    [
      'waits for its first check',
      { container: containerOf({ health: 'starting' }) },
      // startPeriod 5 s + 2 × (1 s + 1 s)
      'starting Starting +9000',
    ],
    [
      'showed a first failure, and waits for more',
      { container: containerOf({ health: 'starting', failingStreak: 1 }), now: START + 60_000 },
      'starting Starting',
    ],
    [
      'is stuck in starting',
      { container: containerOf({ health: 'starting' }), now: START + 9000 },
      'unhealthy NoCheckResult',
    ],
    [
      'shows only results from before its restart, and is stuck',
      {
        container: containerOf({
          health: 'starting',
          probes: [{ startedAt: START - 9, endedAt: START - 8, exitCode: 0, output: '' }],
        }),
        now: START + 9000,
      },
      'unhealthy NoCheckResult',
    ],
    [
      'is stuck, but the checks are those of l9: nobody made them yet',
      {
        container: containerOf(unchecked),
        policy: policyOf({ activeCheck: true }),
        now: START + 3_600_000,
      },
      'starting Starting',
    ],
    ['fails its checks', { container: containerOf(failing) }, 'unhealthy Unhealthy'],
    [
      'fails again after a restart: at least verifyAfter',
      { container: containerOf(failing), recovery: recordOf() },
      'recovering Unhealthy +10000',
    ],
    [
      'fails after a restart, and its startPeriod is longer than verifyAfter',
      {
        container: containerOf(failing),
        recovery: recordOf(),
        policy: policyOf({
          healthTiming: { intervalMs: 2000, timeoutMs: 3000, retries: 1, startPeriodMs: 60_000 },
        }),
      },
      'recovering Unhealthy +65000',
    ],
    [
      'was restarted and waits for its first check',
      { container: containerOf({ health: 'starting' }), recovery: recordOf(), now: timed },
      'recovering Starting +9000',
    ],
    [
      'was recreated and waits for its first check',
      {
        container: containerOf({ health: 'starting' }),
        recovery: recordOf({ lastAction: 'recreate', containerId: 'c0' }),
      },
      'starting Starting +9000',
    ],
    [
      'still runs as it did when its restart was written down',
      { container: containerOf(failing), recovery: recordOf({ startedAt: START }) },
      'recovering Unhealthy +-1000',
    ],
    [
      'is healthy since a while: the record has an end',
      { recovery: recordOf({ healthySince: START + 1000 }) },
      'healthy ChecksPass +601000',
    ],
    ['should not run', { policy: down }, 'stopping Stopping'],
    ['should be gone', { policy: gone }, 'stopping Stopping'],
  ]);

  test('fails repeatedly: degraded, with the end of its backoff', () => {
    const derived = derive(
      inputOf({ container: containerOf(failing), recovery: recordOf({ attempts: 5 }) }),
    );
    expect(derived.state).toBe('degraded');
    // Verdict after 10 s, then the fourth backoff: 8 s less up to a quarter.
    expect(derived.deadline).toBeGreaterThanOrEqual(START + 10_000 + 6000);
    expect(derived.deadline).toBeLessThanOrEqual(START + 10_000 + 8000);
  });
});

describe('an ended container', () => {
  table([
    ['crashed', { container: exitedOf(1) }, 'unhealthy Crashed'],
    ['was killed', { container: exitedOf(137) }, 'unhealthy Crashed'],
    [
      'was killed for its memory',
      { container: exitedOf(137, { oomKilled: true }) },
      'unhealthy OOMKilled',
    ],
    ['ended well, and should run always', { container: exitedOf(0) }, 'unhealthy Exited'],
    ['was stopped by hand', { container: exitedOf(143) }, 'unhealthy Exited'],
    [
      'ended well, and restarts on failure',
      { container: exitedOf(0), policy: onFailure },
      'completed Completed',
    ],
    [
      'ended badly, and restarts on failure',
      { container: exitedOf(1), policy: onFailure },
      'unhealthy Crashed',
    ],
    [
      'is a one-shot that ended well',
      { container: exitedOf(0), policy: oneShot },
      'completed Completed',
    ],
    [
      'is a one-shot that ended badly',
      { container: exitedOf(3), policy: oneShot },
      'failed OneShotFailed',
    ],
    [
      'is a one-shot that ended badly, and somebody asks again',
      { container: exitedOf(3), policy: { ...oneShot, requestedAt: START + 1001 } },
      'unhealthy Crashed',
    ],
    [
      'is a one-shot that ended badly after somebody asked',
      { container: exitedOf(3), policy: { ...oneShot, requestedAt: START + 999 } },
      'failed OneShotFailed',
    ],
    [
      'lost its network',
      { container: exitedOf(0, { error: 'network 6f1c2a not found' }) },
      'unhealthy NetworkMissing',
    ],
    ['should not run', { container: exitedOf(137), policy: down }, 'stopped Stopped'],
    [
      'should not run, and ended well',
      { container: exitedOf(0), policy: { ...oneShot, wanted: 'stopped' } },
      'completed Completed',
    ],
    [
      'was not started though the record says so: l9 ended in between',
      {
        container: exitedOf(1),
        recovery: recordOf({ startedAt: START, lastActionAt: START + 1500 }),
      },
      'recovering Crashed +1500',
    ],
  ]);

  test('crashed again: the backoff counts from its end', () => {
    const { state, deadline } = derive(inputOf({ container: exitedOf(1), recovery: recordOf() }));
    expect(state).toBe('recovering');
    expect(deadline).toBeGreaterThanOrEqual(START + 1000 + 750);
    expect(deadline).toBeLessThanOrEqual(START + 1000 + 1000);
  });

  test('failed to start: the backoff counts from the attempt, for the end is the old one', () => {
    const { deadline } = derive(
      inputOf({
        container: exitedOf(137, { error: 'no space left on device' }),
        recovery: recordOf({ startedAt: START, lastActionAt: START + 90_000 }),
        now: START + 91_000,
      }),
    );
    expect(deadline).toBeGreaterThan(START + 90_000);
  });
});

describe('other states of a container', () => {
  table([
    ['paused', { container: containerOf({ state: 'paused' }) }, 'unhealthy Paused'],
    ['dead', { container: containerOf({ state: 'dead' }) }, 'unhealthy Dead'],
    ['being removed', { container: containerOf({ state: 'removing' }) }, 'stopping Removing +3000'],
    [
      'being restarted by the engine',
      { container: containerOf({ state: 'restarting', exitCode: 1 }) },
      'recovering EngineRestarting +3000',
    ],
    [
      'in a crash loop that the engine restarts',
      { container: containerOf({ state: 'restarting', exitCode: 1, restartCount: 3 }) },
      'degraded EngineRestarting +3000',
    ],
    [
      'being restarted by the engine, and should not run',
      { container: containerOf({ state: 'restarting' }), policy: down },
      'stopping Stopping',
    ],
    [
      'dead and should be gone',
      { container: containerOf({ state: 'dead' }), policy: gone },
      'stopped Stopped',
    ],
    [
      'paused and should not run',
      { container: containerOf({ state: 'paused' }), policy: down },
      'stopping Stopping',
    ],
  ]);
});

describe('the record', () => {
  const crashed = exitedOf(1);
  const attempts = (input: Partial<LifecycleInput>): number =>
    derive(inputOf({ container: crashed, ...input })).context.attempts;

  test('counts while its container is there', () => {
    expect(attempts({ recovery: recordOf({ attempts: 4 }) })).toBe(4);
  });

  test('counts for the container that a recreate made', () => {
    const recovery = recordOf({ attempts: 4, containerId: 'c0', lastAction: 'recreate' });
    expect(attempts({ recovery })).toBe(4);
  });

  test('ends with a container that something else replaced', () => {
    expect(attempts({ recovery: recordOf({ attempts: 4, containerId: 'c0' }) })).toBe(0);
  });

  test('ends when somebody asks for the service again', () => {
    const recovery = recordOf({ attempts: 4, lastActionAt: START });
    expect(attempts({ recovery, policy: policyOf({ requestedAt: START + 1 }) })).toBe(0);
    expect(attempts({ recovery, policy: policyOf({ requestedAt: START }) })).toBe(4);
  });

  test('begins its ten minutes anew after a start that it does not know', () => {
    const recovery = recordOf({ healthySince: START - 1 });
    expect(derive(inputOf({ recovery })).record?.healthySince).toBeNull();
  });
});
