/** An IPv4 range: numbers as unsigned 32 bit. */
export interface Range {
  readonly first: number;
  readonly last: number;
}

const toNumber = (address: string): number =>
  address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);

const toAddress = (value: number): string =>
  [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join('.');

/** The range of a CIDR, or undefined where it is none. */
export const parseCidr = (cidr: string): Range | undefined => {
  const match = /^(\d{1,3}(?:\.\d{1,3}){3})\/(\d{1,2})$/.exec(cidr);
  if (match?.[1] === undefined) return undefined;
  const size = 2 ** (32 - Number(match[2]));
  const first = Math.floor(toNumber(match[1]) / size) * size;
  return { first, last: first + size - 1 };
};

export const overlaps = (a: Range, b: Range): boolean => a.first <= b.last && b.first <= a.last;

export const contains = (range: Range, address: string): boolean => {
  const value = toNumber(address);
  return value >= range.first && value <= range.last;
};

/**
 * An address of a range that nobody has; the network's, the gateway's and the last are never given.
 * Looks from behind the number of those taken on, so that large networks fill without long searches.
 */
export const freeAddress = (range: Range, taken: ReadonlySet<string>): string | undefined => {
  const first = range.first + 2;
  const size = range.last - first;
  for (let tried = 0; tried < size; tried += 1) {
    const address = toAddress(first + ((taken.size + tried) % size));
    if (!taken.has(address)) return address;
  }
  return undefined;
};

/** What Docker gives to networks that name no subnet: about thirty of them. */
export const defaultPool: readonly string[] = [
  ...Array.from({ length: 14 }, (_, n) => `172.${18 + n}.0.0/16`),
  ...Array.from({ length: 16 }, (_, n) => `192.168.${n * 16}.0/20`),
];
