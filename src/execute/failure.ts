import { L9Error } from '../model/errors.ts';

/** Every failure as one of ours; an abort is an interruption, what is not expected is thrown on. */
export const toL9Error = (cause: unknown): L9Error => {
  if (cause instanceof L9Error) return cause;
  if (cause instanceof Error && (cause.name === 'AbortError' || cause.name === 'TimeoutError')) {
    return new L9Error('Interrupted', 'interrupted', { cause });
  }
  throw cause;
};
