import { resolve } from 'node:path';
import type { EnvValue } from '../model/container.ts';
import { parseEnvFile } from './dotenv.ts';
import { type MapNode, nodeAt, placeAt, setOwn } from './node.ts';
import type { Report } from './problems.ts';
import { readSource } from './read.ts';
import type { WrittenServiceSpec } from './written.ts';

export interface EnvContext {
  readonly node: MapNode;
  readonly report: Report;
  readonly maxSize: number;
  readonly lookup: (name: string) => string | null;
}

/**
 * The variables of a service: those of its envFiles, a later file before an earlier one, and its env
 * before all. null in env takes one away. Undefined where there are none of either.
 */
export function mergeEnv(
  written: {
    readonly envFile: WrittenServiceSpec['envFile'];
    readonly env: WrittenServiceSpec['env'];
  },
  context: EnvContext,
): Readonly<Record<string, EnvValue>> | undefined {
  const { envFile, env } = written;
  if (envFile === undefined && env === undefined) return undefined;
  const merged = new Map<string, EnvValue>();
  if (typeof envFile === 'string') {
    readInto(merged, { file: envFile, path: ['spec', 'envFile'] }, context);
  } else {
    for (const [index, file] of (envFile ?? []).entries()) {
      readInto(merged, { file, path: ['spec', 'envFile', index] }, context);
    }
  }
  for (const [name, value] of Object.entries(env ?? {})) {
    if (value === null) merged.delete(name);
    else merged.set(name, value);
  }
  const result: Record<string, EnvValue> = {};
  for (const [name, value] of merged) setOwn(result, name, value);
  return result;
}

function readInto(
  merged: Map<string, EnvValue>,
  named: { readonly file: string; readonly path: readonly (string | number)[] },
  { node, report, maxSize, lookup }: EnvContext,
): void {
  const folder = nodeAt(node, named.path)?.source.folder ?? node.source.folder;
  const from = placeAt(node, named.path);
  const source = readSource(resolve(folder, named.file), { report, maxSize, from });
  if (source === undefined) return;
  for (const [name, value] of parseEnvFile(source, { report, lookup })) {
    // A bare name takes the variable of where l9 runs; where that has none, neither has the service.
    const taken = value ?? lookup(name);
    if (taken !== null) merged.set(name, taken);
  }
}
