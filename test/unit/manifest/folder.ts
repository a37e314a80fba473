import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { LoadedManifests, LoadRequest } from '../../../src/manifest/load.ts';
import { loadManifests } from '../../../src/manifest/load.ts';
import { L9Error, type Problem } from '../../../src/model/errors.ts';

/** A folder of its own for one test, with these files in it. */
export function folderWith(files: Readonly<Record<string, string | Uint8Array>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'l9-manifest-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  }
  return folder;
}

export type Options = Partial<Omit<LoadRequest, 'cwd'>>;

/** Loads from a folder, with nothing in the environment unless said. */
export const loadFrom = (folder: string, options: Options = {}): Promise<LoadedManifests> =>
  loadManifests({ paths: [], env: {}, ...options, cwd: folder });

/** Loads one l9.yaml. */
export const load = (text: string, options: Options = {}): Promise<LoadedManifests> =>
  loadFrom(folderWith({ 'l9.yaml': text }), options);

/** What a load that must fail reports; every problem as `file:line:col code message`, the folder left out. */
export async function failuresOf(
  folder: string,
  options: Options = {},
): Promise<readonly Problem[]> {
  try {
    await loadFrom(folder, options);
  } catch (error) {
    if (error instanceof L9Error && error.code === 'InvalidManifests') {
      return error.problems.filter((problem) => problem.severity === 'error');
    }
    throw error;
  }
  throw new Error('these manifests were expected to have mistakes');
}

/** The problems as text, one line each, without the folder's name. */
export const asLines = (problems: readonly Problem[], folder: string): readonly string[] =>
  problems.map(({ position, code, message, hint }) => {
    const place =
      position === undefined ? '-' : `${position.file}:${position.line}:${position.column}`;
    const text = `${place} ${code} ${message}${hint === undefined ? '' : ` → ${hint}`}`;
    return text.replaceAll(`${folder}/`, '').replaceAll(folder, '.');
  });

/** The mistakes of one l9.yaml, one line each: `line:col code message → hint`. */
export async function mistakesIn(text: string, options: Options = {}): Promise<readonly string[]> {
  const folder = folderWith({ 'l9.yaml': text });
  const lines = asLines(await failuresOf(folder, options), folder);
  return lines.map((line) => line.replace(/^l9\.yaml:/, ''));
}

/** The warnings of one l9.yaml in the same form. */
export async function warningsIn(text: string, options: Options = {}): Promise<readonly string[]> {
  const folder = folderWith({ 'l9.yaml': text });
  const { warnings } = await loadFrom(folder, options);
  return asLines(warnings, folder).map((line) => line.replace(/^l9\.yaml:/, ''));
}

/** A project with one service whose spec is these lines. */
export const serviceWith = (spec: string): string => `apiVersion: l9.dev/v1
kind: Service
metadata: { name: web, project: demo }
spec:
${spec
  .trim()
  .split('\n')
  .map((line) => `  ${line}`)
  .join('\n')}
`;
