const sortKeys = (_key: string, value: unknown): unknown => {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)));
};

/** JSON with sorted keys and without what is undefined: equal values give equal texts. */
export const canonicalJson = (value: unknown): string => JSON.stringify(value, sortKeys);
