/**
 * What keeps an instance from running well.
 * `checks`: it runs and its health checks fail, or show no result. `exit`: it should run and does
 * not. `broken`: this container cannot run any more, a new one can. `paused`: somebody paused it.
 */
export type Ailment = 'checks' | 'exit' | 'broken' | 'paused';

/** Why an instance is in its state, for machines; the message beside it is for people. */
export type StateReason =
  | 'Missing'
  | 'Interrupted'
  | 'Created'
  | 'Starting'
  | 'Verifying'
  | 'ChecksPass'
  | 'NoHealthCheck'
  | 'OneShotRunning'
  | 'Unhealthy'
  | 'NoCheckResult'
  | 'Paused'
  | 'Exited'
  | 'Crashed'
  | 'OOMKilled'
  | 'StartFailed'
  | 'AddressTaken'
  | 'NetworkMissing'
  | 'Dead'
  | 'EngineRestarting'
  | 'Removing'
  | 'Completed'
  | 'OneShotFailed'
  | 'BadCommand'
  | 'MissingMount'
  | 'StartRefused'
  | 'ImageMissing'
  | 'Stopping'
  | 'Stopped';
