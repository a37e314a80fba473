import assert from 'node:assert/strict';
import type { Decision } from '../../../src/lifecycle/decide.ts';
import { decide } from '../../../src/lifecycle/decide.ts';
import type { LifecycleInput } from '../../../src/lifecycle/facts.ts';
import type { InstancePolicy } from '../../../src/lifecycle/policy.ts';
import type { RecoveryRecord } from '../../../src/model/lifecycle.ts';
import type { World } from './world.ts';

/** Every so often the controller looks, whatever it heard. */
const RESYNC_MS = 30_000;

/** What holds for every decision, whatever the world looks like. */
const checkDecision = (input: LifecycleInput, decision: Decision): void => {
  const { container, policy, recovery, now } = input;
  // The record is all that l9 knows: another l9 that reads it decides the same.
  const elsewhere: LifecycleInput = structuredClone(input);
  assert.deepEqual(decide(elsewhere), decision);

  if (decision.observed === 'degraded' || decision.state === 'degraded') {
    assert(decision.deadline !== null, 'degraded always has a deadline');
  }
  if (decision.action === 'wait') {
    assert((decision.deadline ?? 0) > now, 'what waits knows until when');
  }
  const grace = policy.healthTiming?.startPeriodMs ?? 0;
  if (
    container?.state === 'running' &&
    decision.observed === 'starting' &&
    now < (container.startedAt ?? 0) + grace
  ) {
    assert(!decision.takesDown, 'what starts is left alone inside its startPeriod');
  }
  if (decision.observed === 'healthy') {
    assert.equal(decision.action, 'none', 'nothing is done to what is healthy');
  }
  if (decision.keepEvidence) {
    // What is about to be done stands in the record, now or since before the last l9 ended.
    const lastAction = decision.action === 'recreate' ? 'recreate' : 'restart';
    assert.equal(decision.recovery?.lastAction, lastAction);
    assert(decision.recordChanged || decision.recovery === recovery);
  }
};

/** A controller of one instance: looks when the world changes, at its deadlines, and at its resync. */
export class Controller {
  record: RecoveryRecord | undefined;
  recordWrites = 0;
  last: Decision | undefined;
  private readonly world: World;
  private readonly policy: InstancePolicy;
  /** How many of its next actions are lost: l9 is killed after the record, before the call. */
  private deaths = 0;

  constructor(world: World, policy: InstancePolicy) {
    this.world = world;
    this.policy = policy;
  }

  dieBeforeNextAction(): void {
    this.deaths = 1;
  }

  private decide(): Decision {
    const input: LifecycleInput = {
      container: this.world.container,
      probes: this.world.results,
      recovery: this.record,
      policy: this.policy,
      now: this.world.now,
    };
    const decision = decide(input);
    checkDecision(input, decision);
    this.last = decision;
    return decision;
  }

  /** Decides and acts until there is nothing to do now; returns when to look again. */
  look(): number {
    for (let round = 0; round < 20; round += 1) {
      const decision = this.decide();
      if (decision.recordChanged) {
        this.record = decision.recovery ?? undefined;
        this.recordWrites += 1;
      }
      const { action, deadline } = decision;
      if (action === 'none' || action === 'wait') {
        return Math.min(deadline ?? Number.POSITIVE_INFINITY, this.world.now + RESYNC_MS);
      }
      if (this.deaths > 0) {
        this.deaths -= 1;
        this.world.results = [];
        return this.world.now + 1000;
      }
      this.world.perform(action);
    }
    throw new Error('twenty actions without time going by');
  }

  /** Lets time pass up to `until`, looking at every change and deadline. */
  run(until: number): void {
    let next = this.look();
    while (this.world.now < until) {
      const changed = this.world.advance(Math.min(until, next));
      if (!changed && this.world.now < next) continue;
      next = this.look();
      assert(next > this.world.now, 'a deadline that has passed leads to something');
    }
  }
}
