/** What the catalogue says of one error code. `docs/reference/errors.md` is generated from these. */
export interface ErrorEntry {
  /** One sentence: what happened, in general. */
  readonly title: string;
  /** One or two sentences: what to do next, in general. The error itself carries a particular hint. */
  readonly remedy: string;
  /** The process's exit code when this error ends a command (see the contract in docs/cli.md). */
  readonly exit: 1 | 2 | 3 | 4 | 5;
  /** Whether the same call can succeed later without anybody changing anything. */
  readonly retry: boolean;
}

/** Keeps the keys of a part of the catalogue as literal types. */
export const defineErrors = <const T extends Record<string, ErrorEntry>>(entries: T): T => entries;
