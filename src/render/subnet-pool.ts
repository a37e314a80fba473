import { defaults } from '../model/defaults.ts';
import type { ProjectSpec, SubnetPoolSpec } from '../model/documents.ts';
import { L9Error } from '../model/errors.ts';
import { parseCidr } from '../plan/subnets.ts';

/**
 * Reads `L9_SUBNET_POOL`: the addresses that networks without a subnet of their own get theirs from, such
 * as `10.64.0.0/12`, and after a comma the prefix length of each, such as `10.64.0.0/12,26`.
 * Throws Usage for nonsense.
 */
export const parseSubnetPool = (text: string | undefined): SubnetPoolSpec => {
  if (text === undefined || text === '') return {};
  const [cidr = '', length] = text.split(',').map((part) => part.trim());
  const size = length === undefined ? defaults.SubnetPoolSpec.size : Number(length);
  const prefix = Number(cidr.split('/')[1]);
  if (parseCidr(cidr) === undefined || !(size >= prefix && size <= 29)) {
    throw new L9Error('Usage', `L9_SUBNET_POOL is ${text}, which is no pool of subnets`, {
      hint: 'Write a range of addresses such as 10.64.0.0/12, or 10.64.0.0/12,26 for networks of that size.',
    });
  }
  return length === undefined ? { cidr } : { cidr, size };
};

/** The manifest before the machine's setting, before l9's own. */
export const renderSubnetPool = (
  spec: ProjectSpec | undefined,
  machine: SubnetPoolSpec | undefined,
): { readonly cidr: string; readonly size: number } => ({
  cidr: spec?.subnetPool?.cidr ?? machine?.cidr ?? defaults.SubnetPoolSpec.cidr,
  size: spec?.subnetPool?.size ?? machine?.size ?? defaults.SubnetPoolSpec.size,
});
