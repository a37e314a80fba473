/**
 * FNV-1a, 32 bits: spreads names over ranges and shortens paths inside names. Not for secrets, not
 * for telling contents apart; it stands here because plan/ is pure and may not import node:crypto.
 */
export const shortHash = (text: string): number => {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash ^= text.charCodeAt(index);
    hash = Math.imul(hash, 0x01000193);
  }
  return hash >>> 0;
};

/** Eight hexadecimal digits. */
export const shortHex = (text: string): string => shortHash(text).toString(16).padStart(8, '0');
