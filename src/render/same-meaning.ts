import { canonicalJson } from '../model/canonical-json.ts';
import { parseCpus, parseDuration, parseSize } from '../manifest/quantities.ts';
import type { SameMeaning } from '../plan/diff.ts';
import { capability, deviceMapping, signalName, ulimit } from './shapes.ts';

type Read = (value: unknown) => unknown;

const text =
  (read: (value: string) => unknown): Read =>
  (value) =>
    typeof value === 'string' ? read(value) : value;

const measure =
  (read: (value: string | number) => unknown): Read =>
  (value) =>
    typeof value === 'string' || typeof value === 'number' ? read(value) : value;

const duration = text(parseDuration);
const size = measure(parseSize);

/** How a field's value is read, by the last names of its path. */
const readers: Readonly<Record<string, Read>> = {
  'healthcheck.interval': duration,
  'healthcheck.timeout': duration,
  'healthcheck.startPeriod': duration,
  'recovery.verifyAfter': duration,
  'backoff.initial': duration,
  'backoff.max': duration,
  'stop.grace': duration,
  'stop.signal': text(signalName),
  'resources.memory': size,
  'resources.memoryReservation': size,
  'resources.cpus': measure(parseCpus),
  'logging.maxSize': size,
  idleGrace: duration,
  ttl: duration,
  shmSize: size,
  tmpfs: size,
};

const readList = (value: unknown, read: (one: string) => string): unknown =>
  Array.isArray(value) ? value.map((one) => read(String(one))).toSorted() : value;

const reader = (path: readonly string[]): Read | undefined => {
  const [field = '', key = ''] = path;
  const last = path.at(-1) ?? '';
  if (field === 'ulimits') {
    return (value) => (typeof value === 'number' ? ulimit(key, value) : value);
  }
  if (field === 'devices') return text(deviceMapping);
  if (last === 'capAdd' || last === 'capDrop') return (value) => readList(value, capability);
  return readers[`${path.at(-2) ?? ''}.${last}`] ?? readers[last];
};

/** Whether two values of a field mean the same, such as '60s' and '1m', or '512m' and '512Mi'. */
export const sameMeaning: SameMeaning = (path, before, after) => {
  const read = reader(path);
  return read !== undefined && canonicalJson(read(before)) === canonicalJson(read(after));
};
