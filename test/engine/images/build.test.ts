import { homedir } from 'node:os';
import { chmod, mkdir, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import type { BuildOptions, Engine } from '../../../src/engine/api.ts';
import { connectDocker } from '../../../src/engine/docker/connect.ts';
import type { BuildLock } from '../../../src/images/build-lock.ts';
import {
  buildImage,
  buildImages,
  type BuildRequest,
  type BuildTools,
} from '../../../src/images/build.ts';
import { dockerCredentials, noCredentials } from '../../../src/images/credentials.ts';
import type { Clock } from '../../../src/model/clock.ts';
import type { TraceEvent } from '../../../src/model/trace.ts';
import { acquireLock } from '../../../src/records/lock.ts';
import { call, get, listContainers, post } from '../../setup/engine.ts';
import { failure } from '../../setup/failure.ts';
import { imageNames, layer, removeImages } from '../../setup/images.ts';
import { testProject, type TestProject } from '../../setup/project.ts';
import { startRegistry } from '../../setup/registry.ts';
import { until } from '../../setup/until.ts';

let docker: Engine;
let engine: Engine;
let project: TestProject;
let events: TraceEvent[];
/** What was really built, in order. */
let builds: BuildOptions[];

const connect = () => connectDocker({ env: process.env, homedir: homedir() });

beforeAll(async () => {
  docker = await connect();
});
afterAll(() => docker.close());
beforeEach(() => {
  project = testProject();
  onTestFinished(() => removeImages(`l9.local/${project.name}/`));
  events = [];
  builds = [];
  engine = counting(docker);
});

/** The engine, and a note of every build that it gets. */
const counting = (real: Engine): Engine => ({
  ...real,
  buildImage: (context, options) => {
    builds.push(options);
    return real.buildImage(context, options);
  },
});

const clock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  sleep: (ms, signal) => sleep(ms, undefined, signal === undefined ? {} : { signal }),
};

/** The lock that operations use. */
const engineLock = (on: Engine): BuildLock => ({
  acquire: async (build, signal) =>
    (
      await acquireLock({
        engine: on,
        clock,
        project: project.name,
        build,
        purpose: 'a test',
        waitMs: 60_000,
        ...(signal !== undefined && { signal }),
      })
    ).release,
});

const tools = (more: Partial<BuildTools> = {}): BuildTools => ({
  engine,
  clock,
  mode: 'command',
  credentials: noCredentials,
  lock: engineLock(engine),
  emit: (event) => events.push(event),
  pinned: new Set(),
  ...more,
});

const request = (more: Partial<BuildRequest> = {}): BuildRequest => ({
  project: project.name,
  service: 'web',
  context: project.folder,
  ...more,
});

const build = (more: Partial<BuildRequest> = {}, how: Partial<BuildTools> = {}) =>
  buildImage(request(more), tools(how));

const tags = () => imageNames(`l9.local/${project.name}/web:`);
const output = (): string =>
  events.flatMap((event) => (event.type === 'buildOutput' ? [event.text] : [])).join('');

const dockerfile = 'FROM l9.local/busybox:1\nCOPY . /app\nVOLUME /data\nUSER 7\n';

/** What a file of an image holds. */
const fileIn = async (image: string, file: string): Promise<string> => {
  const { Id } = await post<{ Id: string }>('/containers/create', {
    Image: image,
    Cmd: ['/bin/true'],
    Labels: { 'com.l9.project': project.name },
  });
  const tar = await docker.getArchive(Id, file);
  await call('DELETE', `/containers/${Id}?force=1`, [204]);
  if (tar === undefined) return '';
  const size = Number.parseInt(Buffer.from(tar.subarray(124, 135)).toString(), 8);
  return Buffer.from(tar.subarray(512, 512 + size)).toString();
};

/** A container of an image, never started. */
const use = async (image: string): Promise<string> => {
  const made = await post<{ Id: string }>('/containers/create', {
    Image: image,
    Cmd: ['/bin/true'],
    Labels: { 'com.l9.project': project.name },
  });
  return made.Id;
};

describe('a build', () => {
  it('makes an image of the context, pins it, and shows what it does', async () => {
    project.write('Dockerfile', dockerfile);
    project.write('src/a.txt', 'one');
    const image = await build();
    expect(image).toEqual({
      reference: expect.stringMatching(new RegExp(`^l9\\.local/${project.name}/web:[0-9a-f]{12}$`)),
      id: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
      volumes: ['/data'],
      hasHealthcheck: false,
      user: '7',
      built: true,
    });
    expect(await fileIn(image.reference, '/app/src/a.txt')).toBe('one');
    expect(output()).toContain('Step 2/');
    expect((await docker.findImage(image.reference))?.labels['com.l9.build']).toBe(
      `${project.name}/web`,
    );
  });

  it('costs nothing when nothing changed, and another time when something did', async () => {
    project.write('Dockerfile', dockerfile);
    project.write('.dockerignore', '*.log\n');
    project.write('a.txt', 'one');
    const first = await build();
    project.write('noise.log', 'x');
    expect(await build()).toEqual({ ...first, built: false });
    expect(builds).toHaveLength(1);
    expect(events).toContainEqual({
      type: 'imageProgress',
      reference: first.reference,
      status: 'unchanged',
    });
    project.write('a.txt', 'two');
    const second = await build();
    expect(second.reference).not.toBe(first.reference);
    expect(second.id).not.toBe(first.id);
    expect(builds).toHaveLength(2);
    expect(await fileIn(second.reference, '/app/a.txt')).toBe('two');
    project.write('a.txt', 'one');
    expect((await build()).id).toBe(first.id);
    expect(builds).toHaveLength(2);
  });

  it('takes target, arguments and another Dockerfile', async () => {
    project.write(
      'docker/x.Dockerfile',
      'FROM l9.local/busybox:1 AS dev\nARG WHO=nobody\nRUN echo "$WHO" > /who\nFROM dev\nRUN echo no > /who\n',
    );
    const image = await build({
      dockerfile: 'docker/x.Dockerfile',
      target: 'dev',
      args: { WHO: 'ann' },
    });
    expect(await fileIn(image.reference, '/who')).toBe('ann\n');
  });

  it('takes a Dockerfile from outside, which COPY does not see', async () => {
    project.write('x.Dockerfile', 'FROM l9.local/busybox:1\nCOPY . /app\nRUN ls -A /app > /list\n');
    project.write('app/a.txt', 'one');
    const image = await build({
      context: path.join(project.folder, 'app'),
      dockerfile: path.join(project.folder, 'x.Dockerfile'),
    });
    expect(await fileIn(image.reference, '/list')).toBe('a.txt\n');
  });

  it('does not show COPY what .dockerignore names, the Dockerfile among it', async () => {
    project.write('Dockerfile', 'FROM l9.local/busybox:1\nCOPY . /app\nRUN ls -A /app > /list\n');
    project.write('.dockerignore', 'Dockerfile\n.dockerignore\nsecret\n');
    project.write('secret', 'x');
    project.write('a.txt', 'one');
    expect(await fileIn((await build()).reference, '/list')).toBe('a.txt\n');
  });

  it('keeps modes and links', async () => {
    project.write('Dockerfile', 'FROM l9.local/busybox:1\nCOPY . /app\nRUN /app/link > /out\n');
    project.write('run.sh', '#!/bin/sh\nstat -c %a:%u /app/run.sh\n');
    await chmod(path.join(project.folder, 'run.sh'), 0o750);
    await symlink('run.sh', path.join(project.folder, 'link'));
    expect(await fileIn((await build()).reference, '/out')).toBe('750:0\n');
  });

  it('is made again with noCache and with pull; the image that it replaces keeps a name', async () => {
    project.write('Dockerfile', 'FROM l9.local/busybox:1\nRUN head -c 8 /dev/urandom > /r\n');
    const first = await build();
    const second = await build({}, { noCache: true });
    expect(second.reference).toBe(first.reference);
    expect(second.id).not.toBe(first.id);
    expect(await tags()).toEqual([
      first.reference,
      `${first.reference}-${first.id.slice('sha256:'.length, 'sha256:'.length + 8)}`,
    ]);
    const third = await build({}, { pull: true });
    expect(third.reference).toBe(first.reference);
    expect(builds).toHaveLength(3);
  });

  it('stands on what its base means now with pull, and on what it meant without', async () => {
    const registry = await startRegistry();
    onTestFinished(async () => {
      await registry.close();
      await removeImages(`${registry.host}/`);
    });
    const publish = async (content: string): Promise<void> => {
      registry.publish('base', '1', { layers: [await layer({ 'base.txt': content })] });
    };
    await publish('old');
    project.write(
      'Dockerfile',
      `FROM ${registry.host}/base:1\nCOPY --from=l9.local/busybox:1 /bin/busybox /busybox\n`,
    );
    const first = await build();
    await publish('new');
    expect((await build()).built).toBe(false);
    expect(await fileIn((await build({}, { noCache: true })).reference, '/base.txt')).toBe('old');
    const fresh = await build({}, { pull: true });
    expect(fresh.reference).toBe(first.reference);
    expect(await fileIn(fresh.reference, '/base.txt')).toBe('new');
  });

  it('logs in to the registry of its base image', async () => {
    const login = { scheme: 'bearer', username: 'ann', password: 'pass' } as const;
    const registry = await startRegistry(login);
    onTestFinished(async () => {
      await registry.close();
      await removeImages(`${registry.host}/`);
    });
    registry.publish('base', '1', { layers: [await layer({ 'base.txt': 'base' })] });
    project.write('Dockerfile', `ARG FROM=${registry.host}/base:1\nFROM $FROM\nCOPY a /a\n`);
    project.write('a', 'a');
    const file = path.join(project.folder, '..', `${project.name}.json`);
    const auth = Buffer.from('ann:pass').toString('base64');
    await writeFile(file, JSON.stringify({ auths: { [registry.host]: { auth } } }));
    onTestFinished(() => rm(file));
    const refused = await failure(() => build());
    expect(refused.code).toBe('RegistryDenied');
    expect(refused.message).toContain('web: ');
    const credentials = dockerCredentials({ file, env: {} });
    expect((await build({}, { credentials })).built).toBe(true);
  });
});

describe('two builds of one tag', () => {
  it('wait for each other, also from two processes, and build once', async () => {
    project.write('Dockerfile', `FROM l9.local/busybox:1\nCOPY . /app\nRUN sleep 0.5\n`);
    const other = await connect();
    onTestFinished(() => other.close());
    const second = counting(other);
    const [a, b, c] = await Promise.all([
      build(),
      build(),
      build({}, { engine: second, lock: engineLock(second) }),
    ]);
    expect(builds).toHaveLength(1);
    expect([a, b, c].filter(({ built }) => built)).toHaveLength(1);
    expect(new Set([a.id, b.id, c.id]).size).toBe(1);
    expect(await listContainers({ label: [`com.l9.project=${project.name}`] })).toEqual([]);
  });

  it('do not hinder builds of others', async () => {
    project.write('a/Dockerfile', `${dockerfile}# ${project.name}\n`);
    project.write('b/Dockerfile', `${dockerfile}RUN true\n`);
    const images = await buildImages(
      ['a', 'b'].map((service) =>
        request({ service, context: path.join(project.folder, service) }),
      ),
      tools(),
    );
    expect([...images.keys()]).toEqual(['a', 'b']);
    expect(images.get('a')?.reference).toContain(`/${project.name}/a:`);
  });
});

describe('old builds', () => {
  const make = async (
    version: number,
    more: Partial<BuildRequest> = {},
    how: Partial<BuildTools> = {},
  ) => {
    project.write('Dockerfile', `FROM l9.local/busybox:1\nLABEL version=${version}\n`);
    return build(more, how);
  };

  it('are removed beyond three, oldest first; other services and projects stay', async () => {
    project.write('other/Dockerfile', dockerfile);
    const other = await build({ service: 'other', context: path.join(project.folder, 'other') });
    const made = [];
    for (const version of [1, 2, 3, 4, 5]) made.push((await make(version)).reference);
    expect(await tags()).toEqual(made.slice(2).toSorted());
    expect(await imageNames(other.reference)).toEqual([other.reference]);
  });

  it('stay as long as a container is made from them or a record pins them', async () => {
    const used = await make(1);
    const container = await use(used.id);
    const pinned = await make(2, { keep: 1 });
    const pins = { pinned: new Set([pinned.id]) };
    const third = await make(3, { keep: 1 }, pins);
    expect(await tags()).toEqual([used.reference, pinned.reference, third.reference].toSorted());
    await call('DELETE', `/containers/${container}?force=1`, [204]);
    const fourth = await make(4, { keep: 1 }, pins);
    expect(await tags()).toEqual([pinned.reference, fourth.reference].toSorted());
  });

  it('that are only another name of an image in use go, and the image stays', async () => {
    const context = { keep: 1 };
    project.write('.dockerignore', '**\n');
    project.write('Dockerfile', 'FROM l9.local/busybox:1\nLABEL a=b\n');
    const first = await build(context);
    await use(first.id);
    project.write('Dockerfile', 'FROM l9.local/busybox:1\n# a comment\nLABEL a=b\n');
    const second = await build(context);
    expect(second.id).toBe(first.id);
    expect(await tags()).toEqual([second.reference]);
  });

  it('are not what somebody built on them', async () => {
    const base = await make(1, { keep: 1 });
    const theirs = `l9.local/${project.name}/theirs:1`;
    const context = await layer({
      Dockerfile: `FROM ${base.reference}
LABEL theirs=1
`,
    });
    await docker.buildImage(Readable.from([context]), { tag: theirs, dockerfile: 'Dockerfile' });
    expect((await docker.findImage(theirs))?.labels['com.l9.build']).toBe(`${project.name}/web`);
    await make(2, { keep: 1 });
    await make(3, { keep: 1 });
    expect(await imageNames(theirs)).toEqual([theirs]);
  });
});

describe('a build that fails', () => {
  it('says which service, which step, and what it printed', async () => {
    project.write(
      'Dockerfile',
      'FROM l9.local/busybox:1\nRUN echo "denied: the disk is upside down" >&2; exit 7\n',
    );
    const error = await failure(() => build());
    expect(error.code).toBe('BuildFailed');
    expect(error.message).toContain('web: ');
    expect(error.message).toContain('returned a non-zero code: 7');
    expect(error.message).toContain('\n  | denied: the disk is upside down');
    expect(error.hint).toContain('correct the step that failed');
    expect(await tags()).toEqual([]);
    // Neither a lock nor the step's container is left.
    expect(await listContainers({ label: [`com.l9.project=${project.name}`] })).toEqual([]);
  });

  it('names the line of a Dockerfile that cannot be read', async () => {
    project.write('Dockerfile', 'FROM l9.local/busybox:1\nRUNN true\n');
    const error = await failure(() => build());
    expect(error.code).toBe('BuildFailed');
    expect(error.message).toMatch(/unknown instruction: RUNN/i);
  });

  it('shows the way where BuildKit is needed', async () => {
    project.write('Dockerfile', 'FROM l9.local/busybox:1\nRUN --mount=type=cache,target=/c true\n');
    const error = await failure(() => build());
    expect(error.code).toBe('BuildFailed');
    expect(error.hint).toContain('docker buildx build');
  });

  it('is refused before anything else when it wants secrets', async () => {
    const error = await failure(() => build({ secrets: ['npm-token'], context: '/nowhere' }));
    expect(error.code).toBe('BuildSecretsUnsupported');
    expect(error.message).toContain('npm-token');
    expect(error.hint).toContain('docker buildx build --secret id=npm-token,src=FILE');
    expect(error.exitCode).toBe(2);
  });

  it('has no context or no Dockerfile', async () => {
    expect((await failure(() => build({ context: '/nowhere' }))).code).toBe('BuildContextMissing');
    expect((await failure(() => build())).code).toBe('DockerfileMissing');
    expect(builds).toEqual([]);
  });
});

describe('a context that changes while it is sent', () => {
  /** An engine before whose builds something happens. */
  const disturbed = (before: (attempt: number) => void): Engine => ({
    ...engine,
    buildImage: (context, options) => {
      before(builds.length + 1);
      return engine.buildImage(context, options);
    },
  });

  it('is read again, and the tag says what was built', async () => {
    project.write('Dockerfile', dockerfile);
    project.write('a.txt', 'one');
    const changing = disturbed((attempt) => {
      if (attempt === 1) project.write('a.txt', 'two');
    });
    const image = await build({}, { engine: changing });
    expect(builds).toHaveLength(2);
    expect(await fileIn(image.reference, '/app/a.txt')).toBe('two');
    expect(await build()).toEqual({ ...image, built: false });
    expect(await tags()).toEqual([image.reference]);
  });

  it('is an error when it does not come to rest', async () => {
    project.write('Dockerfile', dockerfile);
    project.write('a.txt', 'zero');
    const changing = disturbed((attempt) => void project.write('a.txt', `${attempt}`));
    const error = await failure(() => build({}, { engine: changing }));
    expect(error.code).toBe('BuildContextChanged');
    expect(error.message).toContain('a.txt changed');
    expect(await tags()).toEqual([]);
  });
});

describe('the rest', () => {
  it('is stopped by the signal, and gives its lock back', async () => {
    project.write('Dockerfile', 'FROM l9.local/busybox:1\nRUN echo begun && sleep 30\n');
    const abort = new AbortController();
    const building = build({}, { signal: abort.signal });
    const settled = building.catch((error: unknown) => error);
    await until(() => output().includes('begun'), { what: 'the build to run' });
    const reason = new Error('interrupted');
    abort.abort(reason);
    expect(await settled).toBe(reason);
    expect(
      await listContainers({ label: ['com.l9.kind=lock', `com.l9.project=${project.name}`] }),
    ).toEqual([]);
    expect(await tags()).toEqual([]);
    // The engine stops the step, too.
    await until(
      async () =>
        (await get<readonly { Command: string }[]>('/containers/json?all=1')).filter(
          ({ Command }) => Command.includes('begun'),
        ),
      { what: 'the step to end', is: (steps) => steps.length === 0 },
    );
  });

  it('says what makes a large context large', async () => {
    project.write('Dockerfile', 'FROM l9.local/busybox:1\n');
    await mkdir(path.join(project.folder, 'models'));
    await writeFile(path.join(project.folder, 'models/big.bin'), '');
    await truncate(path.join(project.folder, 'models/big.bin'), 101_000_000);
    await build();
    expect(events).toContainEqual({
      type: 'remark',
      level: 'warning',
      message: expect.stringMatching(
        /^web: the build context is 101 MB, most of it in models \(101 MB\), .*\.dockerignore/,
      ),
    });
  });
});
