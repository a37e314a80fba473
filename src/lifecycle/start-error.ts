import type { Ailment, StateReason } from './ailment.ts';

/** What the engine's message about a failed start means. */
export interface StartError {
  /** Null: no start can succeed until the spec, or what it names on the host, changes. */
  readonly ailment: Ailment | null;
  readonly reason: StateReason;
}

/**
 * Engine messages, most particular first, as 20.10 leaves them in State.Error after a failed start
 * (newer spellings of the port errors beside them). A port or address is written down in the container, and a network by its id, so that only a
 * new container can have others.
 */
const KNOWN: readonly (readonly [RegExp, StartError])[] = [
  [
    /port is already allocated|address already in use|all ports are allocated|failed to bind host port|ports are not available/i,
    { ailment: 'broken', reason: 'AddressTaken' },
  ],
  [
    /network \S+ not found|No such network|could not find a network/i,
    { ailment: 'broken', reason: 'NetworkMissing' },
  ],
  // The container whose network this one shares was replaced.
  [
    /No such container|cannot join network of a non running container/i,
    { ailment: 'broken', reason: 'NetworkMissing' },
  ],
  [
    /no space left on device|cannot allocate memory|resource temporarily unavailable|deadline exceeded|too many open files/i,
    { ailment: 'exit', reason: 'StartFailed' },
  ],
  [/error mounting|bind source path does not exist/i, { ailment: null, reason: 'MissingMount' }],
  [/exec: |exec format error|executable file not found/i, { ailment: null, reason: 'BadCommand' }],
  [
    /unable to find user|no matching entries in (?:passwd|group) file|gathering device information|unknown capability|not a directory|no such file or directory/i,
    { ailment: null, reason: 'StartRefused' },
  ],
];

/**
 * Classifies a failed start by the engine's message and the exit code it left (127 and 126 stand for a
 * command that cannot be run). What is not known is tried again: giving up needs a reason.
 */
export const classifyStartError = (message: string, exitCode: number): StartError => {
  const known = KNOWN.find(([pattern]) => pattern.test(message));
  if (known !== undefined) return known[1];
  return exitCode === 126 || exitCode === 127
    ? { ailment: null, reason: 'BadCommand' }
    : { ailment: 'exit', reason: 'StartFailed' };
};
