import { describe, expect, test } from 'vitest';
import { decide } from '../../../src/lifecycle/decide.ts';
import type { LifecycleInput } from '../../../src/lifecycle/facts.ts';
import { RESET_AFTER_MS } from '../../../src/lifecycle/ladder.ts';
import type { RecoveryRecord } from '../../../src/model/lifecycle.ts';
import {
  START,
  containerOf,
  createdOf,
  exitedOf,
  inputOf,
  policyOf,
  recordOf,
} from './instance.ts';

const failing = containerOf({
  health: 'unhealthy',
  failingStreak: 3,
  probes: [{ startedAt: START + 900, endedAt: START + 1000, exitCode: 1, output: 'refused' }],
});
const once = policyOf({ ladder: 'once' });

/** "from → to: action", with what is done to the record. */
const summary = (input: Partial<LifecycleInput>): string => {
  const decision = decide(inputOf(input));
  const written = decision.recovery === null ? 'forget' : 'record';
  return `${decision.observed} → ${decision.state}: ${decision.action}${decision.recordChanged ? `, ${written}` : ''}`;
};

describe('one look', () => {
  test.each<readonly [string, Partial<LifecycleInput>, string]>([
    ['nothing there', { container: undefined }, 'absent → creating: create'],
    ['never started', { container: createdOf() }, 'creating → starting: start'],
    ['all well', {}, 'healthy → healthy: none'],
    ['starting', { container: containerOf({ health: 'starting' }) }, 'starting → starting: wait'],
    ['failing', { container: failing }, 'unhealthy → recovering: restart, record'],
    [
      'failing, to be reported only',
      {
        container: failing,
        policy: policyOf({ recovery: { ...once.recovery, action: 'none' } }),
      },
      'unhealthy → unhealthy: none',
    ],
    [
      'failing one-shot: it runs once',
      { container: failing, policy: policyOf({ restart: 'never' }) },
      'unhealthy → unhealthy: none',
    ],
    [
      'failing after a restart, before the verdict',
      { container: failing, recovery: recordOf() },
      'recovering → recovering: wait',
    ],
    [
      'failing after a restart, at the verdict',
      { container: failing, recovery: recordOf(), now: START + 10_000 },
      'recovering → recreated: recreate, record',
    ],
    [
      'failing, and the restart was written down but not made',
      { container: failing, recovery: recordOf({ startedAt: START }) },
      'recovering → recovering: restart',
    ],
    [
      'failing, and the recreate was written down but not made',
      { container: failing, recovery: recordOf({ lastAction: 'recreate', attempts: 2 }) },
      'recovering → recreated: recreate',
    ],
    ['crashed', { container: exitedOf(1) }, 'unhealthy → recovering: start, record'],
    [
      'crashed with checks to be reported only: exits follow restart',
      {
        container: exitedOf(1),
        policy: policyOf({ recovery: { ...once.recovery, action: 'none' } }),
      },
      'unhealthy → recovering: start, record',
    ],
    ['paused', { container: containerOf({ state: 'paused' }) }, 'unhealthy → healthy: unpause'],
    [
      'dead',
      { container: containerOf({ state: 'dead' }) },
      'unhealthy → recreated: recreate, record',
    ],
    [
      'without its network',
      { container: createdOf('network x not found') },
      'unhealthy → recreated: recreate, record',
    ],
    [
      'a bad command',
      { container: createdOf('exec: "x": executable file not found', 127) },
      'failed → failed: none',
    ],
    [
      'being removed',
      { container: containerOf({ state: 'removing' }) },
      'stopping → stopping: wait',
    ],
    [
      'being restarted by the engine',
      { container: containerOf({ state: 'restarting' }) },
      'recovering → recovering: wait',
    ],
    [
      'running, should not',
      { policy: policyOf({ wanted: 'stopped' }), recovery: recordOf() },
      'stopping → stopped: stop, forget',
    ],
    [
      'stopped, as wanted',
      { container: exitedOf(137), policy: policyOf({ wanted: 'stopped' }) },
      'stopped → stopped: none',
    ],
    [
      'stopped, not wanted at all',
      { container: exitedOf(137), policy: policyOf({ wanted: 'absent' }) },
      'stopped → absent: remove',
    ],
    [
      'gone, as wanted',
      { container: undefined, policy: policyOf({ wanted: 'absent' }) },
      'absent → absent: none',
    ],
    [
      'completed after attempts',
      { container: exitedOf(0), policy: policyOf({ restart: 'onFailure' }), recovery: recordOf() },
      'completed → completed: none, forget',
    ],
    ['healthy after a recovery', { recovery: recordOf() }, 'healthy → healthy: none, record'],
    [
      'healthy after a recovery, seen before',
      { recovery: recordOf({ healthySince: START + 1000 }) },
      'healthy → healthy: none',
    ],
    [
      'started anew by the engine after it was healthy: that alone writes nothing',
      {
        container: containerOf({ health: 'starting' }),
        recovery: recordOf({ healthySince: START - 1 }),
      },
      'recovering → recovering: wait',
    ],
    [
      'healthy for ten minutes',
      { recovery: recordOf({ healthySince: START }), now: START + RESET_AFTER_MS },
      'healthy → healthy: none, forget',
    ],
    [
      'healthy after a recovery by a command, which forgets at once',
      { recovery: recordOf(), policy: once },
      'healthy → healthy: none, forget',
    ],
    [
      'failing, and the command has climbed its ladder',
      { container: failing, policy: once, recovery: recordOf({ attempts: 2 }), now: START + 3e6 },
      'degraded → degraded: wait',
    ],
    [
      'failing, and a later command asks again',
      {
        container: failing,
        policy: { ...once, requestedAt: START },
        recovery: recordOf({ attempts: 2 }),
      },
      'unhealthy → recovering: restart, record',
    ],
    [
      'a record of a container that is gone',
      { recovery: recordOf({ containerId: 'c0' }) },
      'healthy → healthy: none, forget',
    ],
  ])('%s', (_, input, expected) => {
    expect(summary(input)).toBe(expected);
  });
});

describe('what a decision tells', () => {
  test('why, in the words of the check', () => {
    expect(decide(inputOf({ container: failing, now: START + 13_000 })).cause).toEqual({
      reason: 'Unhealthy',
      message: 'unhealthy for 12s: 3 of 3 checks failed: refused',
    });
  });

  test.each([
    [exitedOf(137), 'Crashed', 'exited with code 137 (SIGKILL)'],
    [exitedOf(143), 'Stopped', 'exited with code 143 (SIGTERM)'],
    [
      exitedOf(137, { oomKilled: true, limits: { memoryBytes: 64 * 2 ** 20 } }),
      'Crashed',
      'was killed because it used more memory than its limit of 64 MiB',
    ],
    [containerOf({ state: 'paused' }), 'Paused', 'was paused by something other than l9'],
  ] as const)('why, from what the engine knows', (container, reason, message) => {
    expect(decide(inputOf({ container })).cause).toEqual({ reason, message });
  });

  test('what the planner needs to spare the other replicas', () => {
    const restart = decide(inputOf({ container: failing }));
    expect(restart).toMatchObject({ available: false, takesDown: true, keepEvidence: true });
    const start = decide(inputOf({ container: exitedOf(1) }));
    expect(start).toMatchObject({ available: false, takesDown: false, keepEvidence: true });
    const idle = decide(inputOf());
    expect(idle).toMatchObject({ available: true, takesDown: false, keepEvidence: false });
    expect(idle.cause).toBeNull();
    const first = decide(inputOf({ container: createdOf() }));
    expect(first).toMatchObject({ keepEvidence: false, recordChanged: false });
  });

  test('the record says what is about to be done, to which start of which container', () => {
    expect(decide(inputOf({ container: exitedOf(3) })).recovery).toEqual({
      project: 'shop',
      service: 'web',
      instance: 1,
      containerId: 'c1',
      startedAt: START,
      attempts: 1,
      lastAction: 'restart',
      lastActionAt: START + 2000,
      deadline: START + 12_000,
      lastExitCode: 3,
      healthySince: null,
    });
  });

  test('that a command has climbed its ladder in vain', () => {
    const at = (attempts: number, ladder: 'once' | 'continuous'): boolean =>
      decide(
        inputOf({
          container: failing,
          policy: policyOf({ ladder }),
          recovery: recordOf({ attempts }),
        }),
      ).exhausted;
    const loop = containerOf({ state: 'restarting', restartCount: 3 });
    const looping = decide(inputOf({ container: loop, policy: once }));
    expect(looping).toMatchObject({ action: 'wait', exhausted: true });
    expect(decide(inputOf({ container: loop })).exhausted).toBe(false);
    expect([at(1, 'once'), at(2, 'once'), at(2, 'continuous')]).toEqual([false, true, false]);
  });

  test('that a recovered instance which fails again while its record is young begins no new ten minutes', () => {
    const recovery = recordOf({ healthySince: START + 500, attempts: 3 });
    const decision = decide(inputOf({ container: failing, recovery }));
    expect(decision.action).toBe('wait');
    expect(decision.recordChanged).toBe(true);
    expect(decision.recovery).toEqual({ ...recovery, healthySince: null });
  });
});

describe('a container that never gets well', () => {
  /** Follows the decisions from deadline to deadline; each action has its effect at once. */
  const climb = (policy = policyOf(), rounds = 9): string[] => {
    const story: string[] = [];
    let recovery: RecoveryRecord | undefined;
    let container = failing;
    let now = START + 3000;
    for (let round = 0; story.length < rounds && round < 100; round += 1) {
      const decision = decide(inputOf({ container, recovery, policy, now }));
      recovery = decision.recovery ?? undefined;
      if (decision.action === 'restart' || decision.action === 'recreate') {
        story.push(`${decision.action} at ${Math.round((now - START) / 1000)}s`);
        const id = decision.action === 'recreate' ? `c${now}` : container.id;
        container = { ...container, id, startedAt: now };
      } else if (decision.exhausted || decision.deadline === null) {
        story.push(decision.exhausted ? 'gives up' : 'ends');
        return story;
      } else {
        expect(decision.deadline).toBeGreaterThan(now);
        now = decision.deadline;
      }
    }
    return story;
  };

  test('climbs restart, recreate, then backs off and never gives up', () => {
    expect(climb()).toEqual([
      'restart at 3s',
      'recreate at 13s',
      expect.stringMatching(/^recreate at 2[34]s$/),
      expect.stringMatching(/^recreate at 3[56]s$/),
      expect.stringMatching(/^recreate at (49|50)s$/),
      expect.stringMatching(/^recreate at 6[5-8]s$/),
      expect.stringMatching(/^recreate at (8[789]|9[0-4])s$/),
      expect.stringMatching(/^recreate at 1[2-3]\ds$/),
      expect.stringMatching(/^recreate at (1[89]\d|20\d)s$/),
    ]);
  });

  test('in a command: the ladder once, then it is told', () => {
    expect(climb(policyOf({ ladder: 'once' }))).toEqual([
      'restart at 3s',
      'recreate at 13s',
      'gives up',
    ]);
  });

  test('is restarted only, where the manifest says so', () => {
    const recovery = { ...policyOf().recovery, action: 'restart', restarts: 2 } as const;
    expect(climb(policyOf({ recovery, ladder: 'once' }))).toEqual([
      'restart at 3s',
      'restart at 13s',
      'gives up',
    ]);
  });
});
