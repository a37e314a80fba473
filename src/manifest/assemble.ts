import { homedir } from 'node:os';
import { resolve as resolvePath } from 'node:path';
import type { ManifestDocument, MountSpec, Origin, ServiceSpec } from '../model/documents.ts';
import { stdinName } from './discover.ts';
import type { Draft } from './draft.ts';
import { mergeEnv } from './env-files.ts';
import { type MapNode, nodeAt, type Path, placeAt } from './node.ts';
import type { Report } from './problems.ts';
import type { ProjectIdentity } from './projects.ts';
import { decodeSource, readBytes } from './read.ts';
import { isWithin } from './scope.ts';
import type { WrittenContent, WrittenManifest, WrittenServiceSpec } from './written.ts';

/** The value of a Secret. It is never part of a document, which is recorded in clear. */
export interface SecretValue {
  readonly project: string;
  readonly name: string;
  readonly value: string;
}

export interface Assembly {
  readonly draft: Draft;
  readonly project: ProjectIdentity;
  readonly node: MapNode;
  readonly report: Report;
  readonly cwd: string;
  /** Bytes, of the files that are read into a document. */
  readonly maxSize: number;
  readonly lookup: (name: string) => string | null;
  readonly keepSecret: (secret: SecretValue) => void;
}

/**
 * The document that leaves `manifest/`: paths absolute, files read. Reports files and variables that
 * are missing; undefined where the content of a Config or Secret could not be had.
 */
export function assemble(
  manifest: WrittenManifest,
  assembly: Assembly,
): ManifestDocument | undefined {
  const { project } = assembly;
  const head = {
    name: manifest.metadata.name,
    project: project.name,
    labels: manifest.metadata.labels ?? {},
    origin: originOf(assembly),
  };
  switch (manifest.kind) {
    case 'Project':
      return { kind: manifest.kind, ...head, name: project.name, spec: manifest.spec ?? {} };
    case 'Service':
      return { kind: manifest.kind, ...head, spec: serviceSpec(manifest.spec ?? {}, assembly) };
    case 'Network':
      return { kind: manifest.kind, ...head, spec: manifest.spec ?? {} };
    case 'Volume':
      return { kind: manifest.kind, ...head, spec: manifest.spec ?? {} };
    case 'Environment':
      return { kind: manifest.kind, ...head, spec: manifest.spec ?? {} };
    case 'Config': {
      const content = contentOf(manifest.spec ?? {}, assembly);
      if (content === undefined) return undefined;
      return {
        kind: manifest.kind,
        ...head,
        spec: { ...sourceOf(manifest.spec, assembly), content },
      };
    }
    case 'Secret': {
      const value = contentOf(manifest.spec ?? {}, assembly);
      if (value === undefined) return undefined;
      assembly.keepSecret({ project: project.name, name: head.name, value });
      return { kind: manifest.kind, ...head, spec: sourceOf(manifest.spec, assembly) };
    }
  }
}

function originOf({ draft, node, project, cwd }: Assembly): Origin {
  const file = draft.input.file === stdinName ? cwd : draft.input.file;
  const known = project.draft ?? project.nearby;
  const inside = known !== undefined && isWithin(file, project.path);
  return {
    file: node.source.file,
    line: node.source.position(node.start).line,
    root: inside ? project.path : draft.input.root,
  };
}

function serviceSpec(spec: WrittenServiceSpec, assembly: Assembly): ServiceSpec {
  const { envFile, variants: _, env: written, build, volumes, ...rest } = spec;
  const env = mergeEnv({ envFile, env: written }, assembly);
  const mount = (one: MountSpec, index: number): MountSpec =>
    one.bind === undefined
      ? one
      : { ...one, bind: absolute(assembly, ['spec', 'volumes', index, 'bind'], one.bind) };
  const context = (): string =>
    absolute(assembly, ['spec', 'build', 'context'], build?.context ?? '');
  return {
    ...rest,
    ...(env === undefined ? {} : { env }),
    ...(build === undefined ? {} : { build: { ...build, context: context() } }),
    ...(volumes === undefined ? {} : { volumes: volumes.map(mount) }),
  };
}

/** A path is relative to the folder of the file in which it is written; `~/` is the home folder. */
function absolute(assembly: Assembly, path: Path, text: string): string {
  const folder = nodeAt(assembly.node, path)?.source.folder ?? assembly.node.source.folder;
  if (text === '~' || text.startsWith('~/')) {
    return resolvePath(assembly.lookup('HOME') ?? homedir(), text.slice(2));
  }
  return resolvePath(folder, text);
}

/** Where the content came from, without the content. */
function sourceOf(
  spec: WrittenContent | undefined,
  assembly: Assembly,
): { readonly file?: string; readonly env?: string } {
  const { file, env } = spec ?? {};
  if (file !== undefined) return { file: absolute(assembly, ['spec', 'file'], file) };
  return env === undefined ? {} : { env };
}

/** The content of a Config or Secret, from where its spec says. */
function contentOf(spec: WrittenContent, assembly: Assembly): string | undefined {
  if (spec.content !== undefined) return spec.content;
  if (spec.file !== undefined) return fileContent(spec.file, assembly);
  const value = assembly.lookup(spec.env ?? '');
  if (value !== null) return value;
  assembly.report.error('VariableUnset', placeAt(assembly.node, ['spec', 'env']), {
    message: `the variable ${spec.env} is not set`,
    hint: 'set it in the environment or in .env',
  });
  return undefined;
}

function fileContent(written: string, assembly: Assembly): string | undefined {
  const { report, maxSize, node } = assembly;
  const from = placeAt(node, ['spec', 'file']);
  const file = absolute(assembly, ['spec', 'file'], written);
  const bytes = readBytes(file, { report, maxSize, from });
  if (bytes === undefined) return undefined;
  return decodeSource(file, bytes, { report, maxSize, from })?.text;
}
