const durationUnits: Readonly<Record<string, number>> = {
  h: 3_600_000,
  m: 60_000,
  s: 1_000,
  ms: 1,
  us: 1e-3,
  µs: 1e-3,
  ns: 1e-6,
};

/**
 * Reads a duration in Go's spelling ('1m30s', '1.5h', '0'), in milliseconds.
 * Returns undefined for what is none; validated manifests hold none of those.
 */
export function parseDuration(text: string): number | undefined {
  if (text === '0') return 0;
  if (!/^(?:\d+(?:\.\d+)?(?:h|ms|m|s|us|µs|ns))+$/.test(text)) return undefined;
  let total = 0;
  for (const [, amount, unit] of text.matchAll(/([\d.]+)([a-zµ]+)/g)) {
    total += Number(amount) * (durationUnits[unit ?? ''] ?? Number.NaN);
  }
  return total;
}

const sizePowers: Readonly<Record<string, number>> = { '': 0, k: 1, m: 2, g: 3, t: 4, p: 5 };

/**
 * Reads a size in Docker's or Kubernetes' spelling, in bytes: '512m', '512MB', '512Mi', '1.5g', 1024.
 * Every letter is a power of 1024, as in Docker: '512M' is '512Mi'.
 * Returns undefined for what is none; validated manifests hold none of those.
 */
export function parseSize(value: string | number): number | undefined {
  if (typeof value === 'number') return value >= 0 ? Math.trunc(value) : undefined;
  const match = /^(\d+(?:\.\d+)?)(?:([kmgtp])?(?:i?b|i)?)$/i.exec(value);
  if (match === null) return undefined;
  const power = sizePowers[(match[2] ?? '').toLowerCase()] ?? 0;
  return Math.trunc(Number(match[1]) * 1024 ** power);
}

/**
 * Reads a number of CPUs, in billionths of one: 0.5, '0.5', '500m'.
 * Returns undefined for what is none; validated manifests hold none of those.
 */
export function parseCpus(value: number | string): number | undefined {
  if (typeof value === 'number') return value > 0 ? Math.round(value * 1e9) : undefined;
  const match = /^(\d+(?:\.\d+)?)(m)?$/.exec(value);
  if (match === null) return undefined;
  return Math.round(Number(match[1]) * (match[2] === 'm' ? 1e6 : 1e9));
}
