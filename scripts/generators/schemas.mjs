// Reads schemas/ for the generators beside it; generates nothing itself.
import { readFileSync } from 'node:fs';

export const kinds = ['Project', 'Service', 'Network', 'Volume', 'Config', 'Secret', 'Environment'];

export const schemaFile = (name) => `${name.toLowerCase()}.schema.json`;

export const readSchema = (name) =>
  JSON.parse(readFileSync(new URL(`../../schemas/${schemaFile(name)}`, import.meta.url), 'utf8'));

/** Follows a `$ref` such as "common.schema.json#/$defs/name". */
export const resolveRef = (ref) => {
  const [file, pointer] = ref.split('#/');
  const schema = readSchema(file.replace('.schema.json', ''));
  return pointer.split('/').reduce((part, key) => part[key], schema);
};
