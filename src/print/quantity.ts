const units: readonly [name: string, ms: number][] = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1000],
];

/** A length of time in one or two units, as in `kubectl get`: 45s, 3m10s, 12m, 2h5m, 30h, 4d3h, 12d. */
export function formatAge(ms: number): string {
  const largest = units.findIndex(([, size]) => ms >= size);
  if (largest === -1) return '0s';
  const [name, size] = units[largest] ?? ['s', 1000];
  const count = Math.floor(ms / size);
  const next = units[largest + 1];
  if (count >= 10 || next === undefined) return `${count}${name}`;
  const rest = Math.floor((ms % size) / next[1]);
  return rest === 0 ? `${count}${name}` : `${count}${name}${rest}${next[0]}`;
}

/** An age of something that began at an RFC 3339 time; `-` where it never did. */
export function formatSince(time: string | null | undefined, now: number): string {
  if (time === null || time === undefined) return '-';
  const at = Date.parse(time);
  return Number.isNaN(at) ? '-' : formatAge(Math.max(0, now - at));
}

/** How long something took: 12ms, 0.3s, 14s, 2m5s. */
export function formatElapsed(ms: number): string {
  if (ms < 100) return `${Math.round(ms)}ms`;
  if (ms < 9950) return `${(ms / 1000).toFixed(1)}s`;
  return formatAge(Math.round(ms / 1000) * 1000);
}

/** A size in powers of 1024: 512B, 4.2KiB, 600MiB. */
export function formatBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1023.95 && unit < sizeUnits.length - 1) {
    value /= 1024;
    unit += 1;
  }
  const text = value.toFixed(value >= 99.95 ? 0 : 1).replace(/\.0$/, '');
  return `${text}${sizeUnits[unit]}`;
}

const sizeUnits = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const;

/** `1 service`, `3 services`. */
export const count = (number: number, noun: string, plural = `${noun}s`): string =>
  `${number} ${number === 1 ? noun : plural}`;
