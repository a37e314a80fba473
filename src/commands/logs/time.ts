import { parseDuration } from '../../manifest/quantities.ts';
import { usageError } from '../input/usage.ts';

/** `10m` (so long ago) or an RFC 3339 time, as Unix ms. Throws `Usage`, naming the option. */
export function parseTime(option: string, text: string, now: number): number {
  const duration = parseDuration(text);
  if (duration !== undefined) return now - duration;
  const time = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(time)) return time;
  throw usageError(
    `${option} is ${JSON.stringify(text)}`,
    'it takes a duration such as 10m, or a time such as 2025-01-31T12:00:00Z',
  );
}
