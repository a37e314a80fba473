import { L9Error } from '../../model/errors.ts';

/** An error for what was typed: what is wrong, and what to type instead. */
export const usageError = (message: string, hint: string): L9Error =>
  new L9Error('Usage', message, { hint });
