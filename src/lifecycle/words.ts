import type { ObservedContainer } from '../model/observed.ts';
import type { Health } from './health.ts';

const SIGNALS: Readonly<Record<number, string>> = {
  1: 'SIGHUP',
  2: 'SIGINT',
  3: 'SIGQUIT',
  4: 'SIGILL',
  6: 'SIGABRT',
  7: 'SIGBUS',
  8: 'SIGFPE',
  9: 'SIGKILL',
  11: 'SIGSEGV',
  13: 'SIGPIPE',
  15: 'SIGTERM',
};

/** The longest part of a check's output that stands in a message. */
const MAX_OUTPUT = 200;

/** What a container or check said, on one line, without control characters, at most 200 characters. */
export const oneLine = (text: string): string => {
  const line = text.replaceAll(/[\p{Cc}\p{Cf}\s]+/gu, ' ').trim();
  return line.length > MAX_OUTPUT ? `${line.slice(0, MAX_OUTPUT - 1)}…` : line;
};

/** A duration in ms for people: "850ms", "12s", "3m20s", "2h5m". */
export const duration = (ms: number): string => {
  if (ms < 1000) return `${Math.max(0, Math.round(ms))}ms`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds}s`;
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  if (hours > 0) return minutes === 0 ? `${hours}h` : `${hours}h${minutes}m`;
  return seconds % 60 === 0 ? `${minutes}m` : `${minutes}m${seconds % 60}s`;
};

/** "exited with code 137 (SIGKILL)", or what the engine knows better. */
export const exitWords = (container: ObservedContainer): string => {
  if (container.oomKilled) {
    const limit = container.limits.memoryBytes;
    const words = limit === undefined ? '' : ` of ${Math.round(limit / 2 ** 20)} MiB`;
    return `was killed because it used more memory than its limit${words}`;
  }
  const signal = SIGNALS[container.exitCode - 128];
  return `exited with code ${container.exitCode}${signal === undefined ? '' : ` (${signal})`}`;
};

/** "unhealthy for 12s: 3 of 3 checks failed: <last output>". */
export const unhealthyWords = (health: Health, retries: number, now: number): string => {
  const since =
    health.failingSince === null ? '' : ` for ${duration(Math.max(0, now - health.failingSince))}`;
  const count =
    health.streak <= retries
      ? `${health.streak} of ${retries} checks failed`
      : `${health.streak} checks in a row failed`;
  const output = oneLine(health.output);
  return `unhealthy${since}: ${count}${output === '' ? '' : `: ${output}`}`;
};

/** "no health check has passed yet: <last output>". */
export const startingWords = (health: Health): string => {
  if (!health.seen) return 'waits for its first health check';
  const output = oneLine(health.output);
  return `no health check has passed yet${output === '' ? '' : `: ${output}`}`;
};
