import type { DesiredService, HealthTiming, RecoveryPolicy } from '../model/desired.ts';

/** What should be true of an instance: it runs, it stands still, or it is gone. */
export type Wanted = 'running' | 'stopped' | 'absent';

/** All of the manifest that the lifecycle of one instance depends on. */
export interface InstancePolicy {
  readonly project: string;
  readonly service: string;
  /** From 1. */
  readonly instance: number;
  readonly wanted: Wanted;
  /** Whether an exit is mended. `never` is one-shot: it runs once, and its exit code is its result. */
  readonly restart: DesiredService['restart'];
  /** What is done about failing checks. `action: none` only reports them; exits follow `restart`. */
  readonly recovery: RecoveryPolicy;
  /** Null where no check is known; an image's own check is then judged by Docker's defaults. */
  readonly healthTiming: HealthTiming | null;
  /** l9 makes the checks (http, tcp); otherwise Docker does, if the container has any. */
  readonly activeCheck: boolean;
  /** The service goes on for ever; a command climbs once and then leaves it to its caller to give up. */
  readonly ladder: 'once' | 'continuous';
  /**
   * When somebody last asked for this service (apply, start), Unix ms. What failed before it is tried
   * again, and recoveries begun before it are forgotten: the ladder starts at its foot. Null: nobody.
   */
  readonly requestedAt: number | null;
}

export interface PolicyRequest {
  readonly wanted: Wanted;
  readonly ladder: InstancePolicy['ladder'];
  readonly requestedAt: number | null;
}

/** The policy of instance `instance` (from 1) of a service. */
export const instancePolicy = (
  service: DesiredService,
  instance: number,
  request: PolicyRequest,
): InstancePolicy => ({
  project: service.project,
  service: service.name,
  instance,
  wanted: request.wanted,
  restart: service.restart,
  recovery: service.recovery,
  healthTiming: service.healthTiming,
  activeCheck: service.activeCheck !== undefined,
  ladder: request.ladder,
  requestedAt: request.requestedAt,
});
