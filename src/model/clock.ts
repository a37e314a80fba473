/** The only source of time outside pure code. Tests pass a virtual one. */
export interface Clock {
  /** Wall time, Unix ms. */
  now(): number;
  /** Monotonic ms, for durations. */
  monotonic(): number;
  /** Resolves after `ms`; rejects with the signal's reason when aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}
