/** How one service differs between what was applied and what is written, for `diff` and `plan`. */
export interface ServiceChange {
  readonly service: string;
  readonly kind:
    | 'create'
    | 'recreate'
    | 'update'
    | 'reconnect'
    | 'record'
    | 'start'
    | 'restart'
    | 'remove'
    | 'repair'
    | 'none';
  /** `image: redis:7 → redis:8`, in the order of the manifest's fields. */
  readonly fields: readonly string[];
  /** In words: "about 5 s down; indexer depends on it". Empty when nobody notices. */
  readonly impact: string;
  /** Why, of the first action that does it. */
  readonly cause: string;
}
