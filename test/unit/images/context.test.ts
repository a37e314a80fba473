import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { execFileSync } from 'node:child_process';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { buffer } from 'node:stream/consumers';
import { extract } from 'tar-stream';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import {
  type BuildInputs,
  buildRepository,
  buildTag,
  inputsHash,
} from '../../../src/images/build-tag.ts';
import { packContext } from '../../../src/images/context-tar.ts';
import { readContext } from '../../../src/images/context.ts';
import { failure } from '../../setup/failure.ts';

let outer: string;
let root: string;
beforeEach(() => {
  outer = mkdtempSync(path.join(tmpdir(), 'l9-ctx-'));
  root = path.join(outer, 'app');
  mkdirSync(root);
});
afterEach(() => {
  rmSync(outer, { recursive: true, force: true });
});

const put = (name: string, text: string | Uint8Array, mode = 0o644): void => {
  const file = path.join(root, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text);
  chmodSync(file, mode);
};

const read = (dockerfile?: string) =>
  readContext({ context: root, ...(dockerfile !== undefined && { dockerfile }) });
const paths = async (dockerfile?: string) =>
  (await read(dockerfile)).entries.map((each) => each.path);
const hash = async (more: Omit<BuildInputs, 'context'> = {}) =>
  inputsHash({ context: await read(), ...more });

interface Packed {
  readonly name: string;
  readonly type: string;
  readonly mode: number;
  readonly mtime: number;
  readonly link: string;
  readonly text: string;
}

const unpack = async (tar: NodeJS.ReadableStream): Promise<Packed[]> => {
  const out: Packed[] = [];
  const entries = extract();
  tar.on('error', (error) => entries.destroy(error));
  for await (const entry of tar.pipe(entries)) {
    const { name, type, mode, mtime, linkname, uid, gid } = entry.header;
    expect({ uid, gid }).toEqual({ uid: 0, gid: 0 });
    out.push({
      name,
      type: type ?? '',
      mode: mode ?? 0,
      mtime: (mtime?.getTime() ?? 0) / 1000,
      link: linkname ?? '',
      text: (await buffer(entry)).toString(),
    });
  }
  return out;
};

describe('what is sent', () => {
  it('is everything, with folders, links and modes, sorted, owned by root', async () => {
    put('Dockerfile', 'FROM scratch\n');
    put('b/run.sh', '#!/bin/sh\n', 0o755);
    put('a.txt', 'a');
    mkdirSync(path.join(root, 'empty'), { mode: 0o700 });
    symlinkSync('a.txt', path.join(root, 'link'));
    symlinkSync('nowhere/at/all', path.join(root, 'dangling'));
    utimesSync(path.join(root, 'a.txt'), 1_000_000_000.5, 1_000_000_000.5);
    chmodSync(path.join(root, 'b'), 0o755);
    const packed = await unpack(packContext(await read()));
    expect(
      packed.map(({ name, type, mode, link }) => [name, type, mode.toString(8), link]),
    ).toEqual([
      ['Dockerfile', 'file', '644', ''],
      ['a.txt', 'file', '644', ''],
      ['b/', 'directory', '755', ''],
      ['b/run.sh', 'file', '755', ''],
      ['dangling', 'symlink', '777', 'nowhere/at/all'],
      ['empty/', 'directory', '700', ''],
      ['link', 'symlink', '777', 'a.txt'],
    ]);
    expect(packed.find(({ name }) => name === 'a.txt')).toMatchObject({
      text: 'a',
      mtime: 1_000_000_000,
    });
  });

  it('leaves out what .dockerignore names, but never the Dockerfile and .dockerignore', async () => {
    put('Dockerfile', 'FROM scratch\n');
    put('.dockerignore', '**\n!src/**/*.js\n');
    put('src/deep/a.js', '');
    put('src/deep/a.ts', '');
    put('node_modules/x/index.ts', '');
    expect(await paths()).toEqual([
      '.dockerignore',
      'Dockerfile',
      'src',
      'src/deep',
      'src/deep/a.js',
    ]);
  });

  it('obeys the .dockerignore of a Dockerfile instead of the general one', async () => {
    put('docker/dev.Dockerfile', 'FROM scratch\n');
    put('docker/dev.Dockerfile.dockerignore', 'b\ndocker\n');
    put('.dockerignore', 'a\n');
    put('a', '');
    put('b', '');
    expect(await paths('docker/dev.Dockerfile')).toEqual([
      '.dockerignore',
      'a',
      'docker',
      'docker/dev.Dockerfile',
    ]);
  });

  it('takes a Dockerfile from outside along, hidden from COPY', async () => {
    writeFileSync(path.join(outer, 'other.Dockerfile'), 'FROM other\n');
    put('a', '');
    put('.dockerignore', 'x');
    const context = await read('../other.Dockerfile');
    expect(context.dockerfile).toBe('.l9.Dockerfile');
    const packed = await unpack(packContext(context));
    expect(packed.map(({ name, text }) => [name, text])).toEqual([
      ['.dockerignore', 'x\n.l9.Dockerfile\n'],
      ['.l9.Dockerfile', 'FROM other\n'],
      ['a', ''],
    ]);
  });

  it('follows links to the context and to a Dockerfile inside', async () => {
    put('real/Dockerfile', 'FROM scratch\n');
    symlinkSync('real/Dockerfile', path.join(root, 'Dockerfile'));
    symlinkSync(root, path.join(outer, 'link'));
    const context = await readContext({ context: path.join(outer, 'link') });
    expect(context.dockerfile).toBe('real/Dockerfile');
    expect(context.root).toBe(root);
  });

  it('takes a lower-case dockerfile where nobody named one', async () => {
    put('dockerfile', 'FROM scratch\n');
    expect((await read()).dockerfile).toBe('dockerfile');
  });

  it('leaves out sockets, pipes and devices, and says which', async () => {
    put('Dockerfile', 'FROM scratch\n');
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(path.join(root, 'socket'), resolve));
    onTestFinished(() => void server.close());
    const context = await read();
    expect(context.skipped).toEqual(['socket']);
    expect(context.entries.map((each) => each.path)).toEqual(['Dockerfile']);
  });

  it('carries large files, long names and other scripts', async () => {
    const large = Buffer.alloc(3_000_001, 'xyz');
    const long = `${'d'.repeat(120)}/${'é'.repeat(60)}/Datei`;
    put('Dockerfile', 'FROM scratch\n');
    put('large', large);
    put(long, 'long');
    const context = await read();
    expect(context.bytes).toBe(3_000_001 + 4 + 13);
    const packed = await unpack(packContext(context));
    expect(packed.find(({ name }) => name === 'large')?.text).toBe(large.toString());
    expect(packed.find(({ name }) => name === long)?.text).toBe('long');
  });
});

describe('the tag', () => {
  beforeEach(() => {
    put('Dockerfile', 'FROM scratch\nCOPY . /\n');
    put('.dockerignore', '*.log\n');
    put('src/a.js', 'one');
  });

  it('does not change with times, ignored files or the folder that the context lies in', async () => {
    const before = await hash();
    utimesSync(path.join(root, 'src/a.js'), 1, 1);
    put('debug.log', 'noise');
    expect(await hash()).toBe(before);
    const elsewhere = path.join(outer, 'elsewhere');
    execFileSync('cp', ['-rp', root, elsewhere]);
    root = elsewhere;
    expect(await hash()).toBe(before);
  });

  it.each<[string, () => void]>([
    ['content', () => put('src/a.js', 'two')],
    ['a new file', () => put('src/b.js', '')],
    ['a name', () => execFileSync('mv', [`${root}/src/a.js`, `${root}/src/b.js`])],
    ['a mode', () => chmodSync(path.join(root, 'src/a.js'), 0o755)],
    ["a folder's mode", () => chmodSync(path.join(root, 'src'), 0o700)],
    ['an empty folder', () => mkdirSync(path.join(root, 'data'))],
    ['the Dockerfile', () => put('Dockerfile', 'FROM scratch\nCOPY . /x\n')],
    [
      'the kind of a file',
      () => {
        rmSync(path.join(root, 'src/a.js'));
        symlinkSync('one', path.join(root, 'src/a.js'));
      },
    ],
  ])('changes with %s', async (_, change) => {
    const before = await hash();
    change();
    expect(await hash()).not.toBe(before);
  });

  it('changes with where a link points', async () => {
    symlinkSync('src', path.join(root, 'link'));
    const before = await hash();
    rmSync(path.join(root, 'link'));
    symlinkSync('lib', path.join(root, 'link'));
    expect(await hash()).not.toBe(before);
  });

  it('changes with target, platform, arguments and their values, not with their order', async () => {
    const args = { A: '1', B: '2' };
    const tags = [
      await hash(),
      await hash({ target: 'dev' }),
      await hash({ platform: 'linux/arm64' }),
      await hash({ args }),
      await hash({ args: { A: '1', B: '3' } }),
      await hash({ args: { A: '1' } }),
      await hash({ args: { A: '1","B","2' } }),
    ];
    expect(new Set(tags).size).toBe(tags.length);
    expect(await hash({ args: { B: '2', A: '1' } })).toBe(await hash({ args }));
    expect(await hash({ args: {} })).toBe(await hash());
  });

  it('is a reference of its service alone', async () => {
    const context = await read();
    expect(buildTag(buildRepository('memory', 'indexer'), { context })).toMatch(
      /^l9\.local\/memory\/indexer:[0-9a-f]{12}$/,
    );
    expect(buildRepository('a-b', 'c')).not.toBe(buildRepository('a', 'b-c'));
    expect(buildRepository('My_App', 'web..x')).toMatch(
      /^l9\.local\/my-app-[0-9a-f]{8}\/web-x-[0-9a-f]{8}$/,
    );
  });
});

describe('a context that changes while it is sent', () => {
  it.each<[string, string | Uint8Array, () => void]>([
    ['by another content of the same size', 'one', () => put('f', 'two')],
    ['by vanishing', 'one', () => rmSync(path.join(root, 'f'))],
    ['by a large file that grows', Buffer.alloc(900_000), () => put('f', Buffer.alloc(900_001))],
    ['by a large file that shrinks', Buffer.alloc(900_000), () => put('f', Buffer.alloc(800_000))],
    [
      'by a large file of the same size',
      Buffer.alloc(900_000),
      () => put('f', Buffer.alloc(900_000, 1)),
    ],
  ])('fails %s', async (_, content, change) => {
    put('Dockerfile', 'FROM scratch\n');
    put('f', content);
    const context = await read();
    change();
    const error = await failure(() => unpack(packContext(context)));
    expect(error.code).toBe('BuildContextChanged');
    expect(error.message).toContain('f changed while the context was being sent');
  });
});

describe('what is missing', () => {
  it('is said with the whole path', async () => {
    const missing = await failure(() => readContext({ context: `${root}/none` }));
    expect(missing.code).toBe('BuildContextMissing');
    expect(missing.message).toContain(`${root}/none is not there`);
    put('Dockerfile', '');
    const noFolder = await failure(() => readContext({ context: `${root}/Dockerfile` }));
    expect(noFolder.message).toContain('is not a folder');
    const noDockerfile = await failure(() => read('docker/Dockerfile'));
    expect(noDockerfile.code).toBe('DockerfileMissing');
    expect(noDockerfile.message).toContain(`${root}/docker/Dockerfile is not there`);
    expect(noDockerfile.hint).toContain('build.dockerfile');
  });

  it('names the line of a bad .dockerignore', async () => {
    put('Dockerfile', '');
    put('.dockerignore', 'ok\n[a\n');
    const error = await failure(() => read());
    expect(error.code).toBe('DockerignoreInvalid');
    expect(error.message).toContain(`${root}/.dockerignore:2`);
  });

  it('stops with the signal', async () => {
    put('Dockerfile', '');
    const reason = new Error('interrupted');
    await expect(readContext({ context: root, signal: AbortSignal.abort(reason) })).rejects.toBe(
      reason,
    );
  });
});
