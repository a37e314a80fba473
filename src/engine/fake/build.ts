import { createHash } from 'node:crypto';
import { text } from 'node:stream/consumers';
import { extract } from 'tar-stream';
import type { BuildOptions, Engine } from '../api.ts';
import { hasCode } from '../errors.ts';
import { L9Error } from '../../model/errors.ts';
import { addImage, findImage } from './image-calls.ts';
import { refusal } from './refuse.ts';
import { emit, type FakeImageConfig, type Store } from './store.ts';

/** What a RUN line does; its output, and 0 when it went well. */
export type RunLine = (command: string) => { readonly output: string; readonly exitCode: number };

interface Building {
  config: FakeImageConfig;
  readonly args: Map<string, string>;
}

const readFiles = async (context: NodeJS.ReadableStream): Promise<Map<string, string>> => {
  const files = new Map<string, string>();
  const reader = context.pipe(extract());
  for await (const entry of reader)
    files.set(entry.header.name.replace(/^\.\//, ''), await text(entry));
  return files;
};

const list = (rest: string): string[] =>
  rest.startsWith('[')
    ? (rest.match(/"[^"]*"/g) ?? []).map((word) => word.slice(1, -1))
    : ['/bin/sh', '-c', rest];

const substitute = (line: string, args: ReadonlyMap<string, string>): string =>
  line.replace(/\$\{?(\w+)\}?/g, (_all, name: string) => args.get(name) ?? '');

/** What a line adds to the image. Lines that only change files change nothing here. */
const apply = (building: Building, word: string, rest: string): FakeImageConfig => {
  const { config } = building;
  switch (word) {
    case 'LABEL': {
      const pairs = [...rest.matchAll(/([\w.-]+)=("[^"]*"|\S*)/g)];
      const labels = pairs.map(([, key = '', value = '']) => [key, value.replace(/^"|"$/g, '')]);
      return { ...config, labels: { ...config.labels, ...Object.fromEntries(labels) } };
    }
    case 'VOLUME':
      return { ...config, volumes: [...(config.volumes ?? []), ...rest.split(/\s+/)] };
    case 'EXPOSE':
      return {
        ...config,
        exposed: [
          ...(config.exposed ?? []),
          ...rest.split(/\s+/).map((port) => (port.includes('/') ? port : `${port}/tcp`)),
        ],
      };
    case 'CMD':
      return { ...config, command: list(rest) };
    case 'ENTRYPOINT':
      return { ...config, entrypoint: list(rest), command: [] };
    case 'USER':
      return { ...config, user: rest };
    default:
      return config;
  }
};

const sorted = (map: ReadonlyMap<string, string>): [string, string][] =>
  [...map].sort(([a], [b]) => (a < b ? -1 : 1));

/** Builds as far as the interface shows: an image with the configuration that its Dockerfile says. */
export const imageBuild = (
  store: Store,
  pull: Engine['pullImage'],
  runLine: () => RunLine,
): Pick<Engine, 'buildImage'> => {
  const base = async (reference: string, options: BuildOptions): Promise<FakeImageConfig> => {
    if (reference === 'scratch') return { empty: true };
    if (findImage(store, reference) === undefined || options.pull === true) {
      await pull(reference).catch((error: unknown) => {
        if (hasCode(error, 'RegistryUnreachable') && error.cause instanceof Error) {
          const { message } = error.cause;
          throw refusal('buildImage', `image ${options.tag}`, { status: 200, message });
        }
        throw error;
      });
    }
    return findImage(store, reference)?.config ?? {};
  };

  const fail = (options: BuildOptions, message: string, output: string): L9Error => {
    const error = refusal('buildImage', `image ${options.tag}`, { status: 200, message });
    const hint = `${error.hint ?? ''}\nThe end of its output:\n${output.trimEnd()}`;
    return new L9Error('BuildFailed', error.message, { hint, cause: error.cause });
  };

  return {
    async buildImage(context, options) {
      const files = await readFiles(context);
      const dockerfile = files.get(options.dockerfile);
      if (dockerfile === undefined) {
        const message = `Cannot locate specified Dockerfile: ${options.dockerfile}`;
        throw refusal('buildImage', `image ${options.tag}`, { status: 400, message });
      }
      let output = '';
      const tell = (words: string): void => {
        output += words;
        options.onOutput?.(words);
      };
      const building: Building = { config: {}, args: new Map(Object.entries(options.args ?? {})) };
      const lines = dockerfile
        .split('\n')
        .filter((line) => line.trim() !== '' && !line.startsWith('#'));
      for (const [index, line] of lines.entries()) {
        const full = substitute(line, building.args);
        const [, word = '', rest = ''] = /^\s*(\w+)\s+(.*)$/.exec(full) ?? [];
        tell(`Step ${index + 1}/${lines.length} : ${full}\n`);
        if (word === 'FROM') building.config = await base(rest.split(/\s+/)[0] ?? '', options);
        if (word === 'ARG') {
          const [key = '', value = ''] = rest.split('=');
          if (!building.args.has(key)) building.args.set(key, value);
        }
        if (word === 'RUN') {
          const ran = runLine()(rest);
          tell(ran.output);
          if (ran.exitCode !== 0) {
            throw fail(
              options,
              `The command '/bin/sh -c ${rest}' returned a non-zero code: ${ran.exitCode}`,
              output,
            );
          }
        }
        building.config = apply(building, word, rest);
      }
      const labels = { ...building.config.labels, ...options.labels };
      const config = { ...building.config, labels };
      const inputs = JSON.stringify([config, sorted(files), sorted(building.args)]);
      const id = `sha256:${createHash('sha256').update(inputs).digest('hex')}`;
      addImage(store, options.tag, { config, id });
      emit(store, { kind: 'image', action: 'tag', id, name: options.tag, attributes: {} });
      tell(`Successfully built ${id.slice(7, 19)}\n`);
      return id;
    },
  };
};
