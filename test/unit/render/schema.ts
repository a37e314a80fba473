import { readdirSync, readFileSync } from 'node:fs';

interface Definition {
  readonly properties?: Readonly<Record<string, { readonly default?: unknown }>>;
}

const folder = new URL('../../../schemas/', import.meta.url);

/** Every definition of the schemas that has properties, by its name, such as `ServiceSpec`. */
export const schemaDefinitions = (): Map<string, NonNullable<Definition['properties']>> => {
  const result = new Map<string, NonNullable<Definition['properties']>>();
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.schema.json'))) {
    const schema: { readonly $defs?: Readonly<Record<string, Definition>> } = JSON.parse(
      readFileSync(new URL(file, folder), 'utf8'),
    );
    for (const [name, definition] of Object.entries(schema.$defs ?? {})) {
      if (definition.properties !== undefined) result.set(name, definition.properties);
    }
  }
  return result;
};

/** The names of a definition's properties, sorted. */
export const propertiesOf = (definition: string): string[] => {
  const properties = schemaDefinitions().get(definition);
  if (properties === undefined) throw new Error(`the schemas define no ${definition}`);
  return Object.keys(properties).toSorted();
};
