/** An IPv4 address as a number. */
const numberOf = (address: string): number =>
  address.split('.').reduce((total, part) => total * 256 + Number(part), 0);

/** Whether an instance can have an address of a subnet: not the first (the network) nor the last (broadcast). */
export function contains(cidr: string, address: string): boolean {
  const [base = '', prefix = ''] = cidr.split('/');
  const size = 2 ** (32 - Number(prefix));
  const first = Math.floor(numberOf(base) / size) * size;
  const place = numberOf(address) - first;
  return place > 0 && place < size - 1;
}
