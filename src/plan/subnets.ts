import { shortHash } from './short-hash.ts';

interface Block {
  readonly first: number;
  readonly last: number;
}

/** The addresses of an IPv4 CIDR as numbers; undefined for IPv6 and nonsense. */
export const parseCidr = (cidr: string): Block | undefined => {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(cidr);
  if (match === null) return undefined;
  const [a = 0, b = 0, c = 0, d = 0, bits = 0] = match.slice(1).map(Number);
  if (Math.max(a, b, c, d) > 255 || bits > 32) return undefined;
  const size = 2 ** (32 - bits);
  const address = a * 2 ** 24 + b * 2 ** 16 + c * 2 ** 8 + d;
  const first = Math.floor(address / size) * size;
  return { first, last: first + size - 1 };
};

const formatAddress = (value: number): string =>
  [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join('.');

const overlaps = (a: Block, b: Block): boolean => a.first <= b.last && b.first <= a.last;

export interface SubnetPool {
  readonly cidr: string;
  /** Prefix length of each network, such as 24. */
  readonly size: number;
}

/**
 * A subnet from the pool that overlaps none of `used`, steady for the same key while it is free;
 * undefined when the pool is full. Docker's own pools end after about 29 networks.
 */
export const allocateSubnet = (
  pool: SubnetPool,
  key: string,
  used: readonly string[],
): string | undefined => {
  const whole = parseCidr(pool.cidr);
  if (whole === undefined) return undefined;
  const taken = used.map(parseCidr).filter((block) => block !== undefined);
  const size = 2 ** (32 - pool.size);
  const count = Math.floor((whole.last - whole.first + 1) / size);
  const start = count === 0 ? 0 : shortHash(key) % count;
  for (let step = 0; step < count; step += 1) {
    const first = whole.first + ((start + step) % count) * size;
    const block = { first, last: first + size - 1 };
    if (!taken.some((other) => overlaps(block, other))) {
      return `${formatAddress(first)}/${pool.size}`;
    }
  }
  return undefined;
};
