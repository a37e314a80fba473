/** Makes builds of one tag wait for each other, between processes too. */
export interface BuildLock {
  /** Waits for the turn; resolves to what gives it back. Rejects with the signal's reason. */
  acquire(tag: string, signal?: AbortSignal): Promise<() => Promise<void>>;
}
