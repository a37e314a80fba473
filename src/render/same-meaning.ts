import { canonicalJson } from '../model/canonical-json.ts';
import type { DeviceSpec } from '../model/documents.ts';
import { parseCpus, parseDuration, parseSize } from '../manifest/quantities.ts';
import type { SameMeaning } from '../plan/diff.ts';
import { capability, deviceMapping, signalName } from './shapes.ts';

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

const bothLimits: Read = (value) =>
  typeof value === 'number' ? { soft: value, hard: value } : value;

const isDevice = (value: unknown): value is DeviceSpec =>
  typeof value === 'object' && value !== null && 'host' in value;

const wholeDevice: Read = (value) =>
  typeof value === 'string' || isDevice(value) ? deviceMapping(value) : value;

const reader = (path: readonly string[]): Read | undefined => {
  const [field] = path;
  const last = path.at(-1) ?? '';
  if (field === 'ulimits') return bothLimits;
  if (field === 'devices') return wholeDevice;
  if (last === 'capAdd' || last === 'capDrop') return (value) => readList(value, capability);
  return readers[`${path.at(-2) ?? ''}.${last}`] ?? readers[last];
};

/** Whether two values of a field mean the same, such as '60s' and '1m', or '512m' and '512Mi'. */
export const sameMeaning: SameMeaning = (path, before, after) => {
  const read = reader(path);
  return read !== undefined && canonicalJson(read(before)) === canonicalJson(read(after));
};
