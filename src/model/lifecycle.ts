/** The states of one instance, as the contract names them. */
export type InstanceState =
  | 'absent'
  | 'creating'
  | 'starting'
  | 'healthy'
  | 'unhealthy'
  | 'recovering'
  | 'recreated'
  | 'completed'
  | 'stopping'
  | 'stopped'
  | 'degraded'
  | 'failed';

/** What the recovery of one instance must remember over restarts of l9. Times are Unix ms. */
export interface RecoveryRecord {
  readonly project: string;
  readonly service: string;
  readonly instance: number;
  /** The container that the last action was for; after a recreate it is the one that was replaced. */
  readonly containerId: string;
  /** That container's start as it was before the last action: another one shows that the action was done. */
  readonly startedAt: number | null;
  /** Actions taken since the instance was last healthy for ten minutes. */
  readonly attempts: number;
  readonly lastAction: 'restart' | 'recreate' | null;
  readonly lastActionAt: number | null;
  /** When the next look is due: the verdict after an action, or the end of a backoff. */
  readonly deadline: number | null;
  readonly lastExitCode: number | null;
  readonly healthySince: number | null;
}

/** The result of checks that l9 makes itself, newest last. Times are Unix ms. */
export interface ProbeResult {
  readonly at: number;
  readonly ok: boolean;
  readonly message: string;
}
