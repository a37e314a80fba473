import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Engine } from '../../../src/engine/api.ts';
import { connectDocker } from '../../../src/engine/docker/connect.ts';
import {
  type Credentials,
  dockerCredentials,
  noCredentials,
} from '../../../src/images/credentials.ts';
import { pullBackoffMs } from '../../../src/images/pull.ts';
import {
  type ImageRequest,
  moved,
  resolveImages,
  type ResolveTools,
} from '../../../src/images/resolve.ts';
import type { Clock } from '../../../src/model/clock.ts';
import type { ImagePin } from '../../../src/model/record.ts';
import type { TraceEvent } from '../../../src/model/trace.ts';
import { call } from '../../setup/engine.ts';
import { failure } from '../../setup/failure.ts';
import { imageNames, layer, removeImages } from '../../setup/images.ts';
import { type Registry, type RegistryLogin, startRegistry } from '../../setup/registry.ts';

let engine: Engine;
let registry: Registry;
let folder: string;
let events: TraceEvent[];
const started: Registry[] = [];

/** Sleeps are cut short: what is tested is how often is tried. */
const clock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  sleep: (_, signal) => sleep(1, undefined, signal === undefined ? {} : { signal }),
};

beforeAll(async () => {
  engine = await connectDocker({ env: process.env, homedir: homedir() });
});
afterAll(() => engine.close());
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'l9-images-'));
  events = [];
  registry = await start();
});
afterEach(async () => {
  for (const each of started.splice(0)) {
    await each.close();
    await removeImages(`${each.host}/`);
  }
  await rm(folder, { recursive: true, force: true });
});

const start = async (login?: RegistryLogin): Promise<Registry> => {
  const made = await startRegistry(login);
  started.push(made);
  return made;
};

/** Puts an image into the registry whose one file holds its name; returns its reference. */
const publish = async (name: string, content = name, on = registry): Promise<string> => {
  const [repository = '', tag = 'latest'] = name.split(':');
  on.publish(repository, tag, {
    layers: [await layer({ 'name.txt': content })],
    config: {
      Cmd: ['/none'],
      User: '1000:1000',
      Volumes: { '/data': {}, '/cache': {} },
      Healthcheck: { Test: ['CMD', '/check'] },
    },
  });
  return `${on.host}/${name}`;
};

const tools = (more: Partial<ResolveTools> = {}): ResolveTools => ({
  engine,
  clock,
  credentials: noCredentials,
  emit: (event) => events.push(event),
  mode: 'command',
  ...more,
});

const request = (reference: string, more: Partial<ImageRequest> = {}): ImageRequest => ({
  service: 'web',
  reference,
  pullPolicy: 'missing',
  ...more,
});

const resolve = async (wish: ImageRequest, more: Partial<ResolveTools> = {}): Promise<ImagePin> => {
  const pin = (await resolveImages([wish], tools(more))).get(wish.service);
  if (pin === undefined) throw new Error('no pin');
  return pin;
};

/** How often the engine wanted a manifest; it asks with HEAD and then with GET. */
const attempts = (): number =>
  registry.requests.filter((line) => /^GET .*\/manifests\//.test(line)).length;

const remarks = (): string[] =>
  events.flatMap((event) => (event.type === 'remark' ? [event.message] : []));

describe('an image that is not there', () => {
  it('is pulled, with progress, and pinned with what containers need to know', async () => {
    const reference = await publish('app:1');
    const pin = await resolve(request(reference));
    expect(pin).toEqual({
      reference,
      id: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
      digest: expect.stringMatching(new RegExp(`^${registry.host}/app@sha256:[0-9a-f]{64}$`)),
      volumes: ['/cache', '/data'],
      hasHealthcheck: true,
      user: '1000:1000',
    });
    const progress = events.filter((event) => event.type === 'imageProgress');
    expect(progress.map(({ status }) => status).join('\n')).toMatch(/pulling[^]*Pull complete/);
    expect(
      progress.some(({ layer, status }) => layer !== undefined && status === 'Extracting'),
    ).toBe(true);
    expect(progress.every((event) => event.reference === reference)).toBe(true);
  });

  it('is latest where no tag is said, and exact where a digest is', async () => {
    await publish('app:latest', 'one');
    const first = await resolve(request(`${registry.host}/app`));
    await publish('app:latest', 'two');
    const digest = first.digest?.split('@')[1] ?? '';
    await removeImages(`${registry.host}/`);
    const exact = await resolve(request(`${registry.host}/app:latest@${digest}`));
    expect(exact.id).toBe(first.id);
    expect(exact.digest).toBe(first.digest);
  });

  it('is pulled once for all services that say the same, and whatever they say beside it', async () => {
    const reference = await publish('app:1');
    const pins = await resolveImages(
      [
        request(reference, { service: 'a' }),
        request(reference, { service: 'b' }),
        request(reference, { service: 'c', pullPolicy: 'always' }),
      ],
      tools(),
    );
    expect([...pins.keys()]).toEqual(['a', 'b', 'c']);
    expect(new Set([...pins.values()].map(({ id }) => id)).size).toBe(1);
    expect(
      events.filter((event) => event.type === 'imageProgress' && event.status === 'pulling'),
    ).toHaveLength(1);
  });

  it('is pulled beside two others, not more', async () => {
    const references = await Promise.all(
      Array.from({ length: 7 }, (_, index) => publish(`app${index}:1`)),
    );
    registry.fail({ path: /manifests/, delayMs: 100 });
    let now = 0;
    let most = 0;
    const counting: Engine = {
      ...engine,
      pullImage: async (...args) => {
        now += 1;
        most = Math.max(most, now);
        await engine.pullImage(...args);
        now -= 1;
      },
    };
    const pins = await resolveImages(
      references.map((reference, index) => request(reference, { service: `s${index}` })),
      tools({ engine: counting }),
    );
    expect(pins.size).toBe(7);
    expect(most).toBe(3);
  });

  it('is an error with pullPolicy never, which says what to do', async () => {
    const reference = await publish('app:1');
    const error = await failure(() => resolve(request(reference, { pullPolicy: 'never' })));
    expect(error.code).toBe('ImageMissing');
    expect(error.message).toContain(`the engine does not have ${reference}`);
    expect(error.hint).toContain(`docker pull ${reference}`);
    expect(registry.requests).toEqual([]);
  });

  it('is an error that no registry is asked about when it is of l9.local', async () => {
    const pulls: string[] = [];
    const watched: Engine = {
      ...engine,
      pullImage: (reference, options) => {
        pulls.push(reference);
        return engine.pullImage(reference, options);
      },
    };
    for (const pullPolicy of ['missing', 'always'] as const) {
      const wish = request('l9.local/t-none:1', { pullPolicy });
      const error = await failure(() => resolve(wish, { engine: watched, pull: true }));
      expect(error.code).toBe('ImageMissing');
      expect(error.message).toContain('l9.local is no registry');
    }
    const here = request('l9.local/busybox:1', { pullPolicy: 'always' });
    expect((await resolve(here, { engine: watched })).reference).toBe('l9.local/busybox:1');
    expect(pulls).toEqual([]);
  });

  it('is an error when it is named by an id', async () => {
    const error = await failure(() => resolve(request(`sha256:${'0'.repeat(64)}`)));
    expect(error.code).toBe('ImageMissing');
    expect(error.message).toContain('an id cannot be pulled');
  });
});

describe('an image that is there', () => {
  it('is taken without asking the registry', async () => {
    const reference = await publish('app:1');
    const pulled = await resolve(request(reference));
    registry.requests.length = 0;
    await publish('app:1', 'newer');
    expect(await resolve(request(reference))).toEqual(pulled);
    expect(await resolve(request(reference, { pullPolicy: 'never' }))).toEqual(pulled);
    expect(await resolve(request(pulled.id))).toMatchObject({
      reference: pulled.id,
      id: pulled.id,
    });
    expect(registry.requests).toEqual([]);
  });

  it('is asked for with pullPolicy always', async () => {
    const reference = await publish('app:1');
    const first = await resolve(request(reference));
    await publish('app:1', 'newer');
    const second = await resolve(request(reference, { pullPolicy: 'always', pin: first }));
    expect(second.id).not.toBe(first.id);
  });
});

describe('a pin', () => {
  it('is kept when the tag moves, here and in the registry', async () => {
    const reference = await publish('app:1');
    const pin = await resolve(request(reference));
    await publish('app:1', 'newer');
    await engine.pullImage(reference);
    registry.requests.length = 0;
    expect(await resolve(request(reference, { pin }))).toEqual(pin);
    expect(registry.requests).toEqual([]);
    expect(await moved(pin, { engine })).toMatch(
      /app:1 means another image now \([0-9a-f]{12}, applied was [0-9a-f]{12}\); l9 apply --pull takes it/,
    );
  });

  it('gives way to --pull', async () => {
    const reference = await publish('app:1');
    const pin = await resolve(request(reference));
    expect(await moved(pin, { engine })).toBeUndefined();
    await publish('app:1', 'newer');
    const next = await resolve(request(reference, { pin }), { pull: true });
    expect(next.id).not.toBe(pin.id);
    expect(next.digest).not.toBe(pin.digest);
  });

  it('gives way to a new reference', async () => {
    const pin = await resolve(request(await publish('app:1')));
    const next = await resolve(request(await publish('app:2', 'two'), { pin }));
    expect(next.id).not.toBe(pin.id);
  });

  it('whose image is gone is pulled again by digest, though the tag has moved', async () => {
    const reference = await publish('app:1');
    const pin = await resolve(request(reference));
    await removeImages(`${registry.host}/`);
    await publish('app:1', 'newer');
    registry.requests.length = 0;
    expect(await resolve(request(reference, { pin }))).toEqual(pin);
    expect(registry.requests.some((line) => line.endsWith('/manifests/1'))).toBe(false);
  });

  it('whose image is gone is an error with pullPolicy never', async () => {
    const reference = await publish('app:1');
    const pin = await resolve(request(reference));
    await removeImages(`${registry.host}/`);
    const error = await failure(() => resolve(request(reference, { pin, pullPolicy: 'never' })));
    expect(error.code).toBe('ImageMissing');
    expect(error.hint).toContain(`docker pull ${pin.digest}`);
  });

  it('whose image is gone and came from no registry is an error that says what to do', async () => {
    const [here] = await imageNames('l9.local/busybox:1');
    const pin: ImagePin = {
      reference: 'l9.local/busybox:1',
      id: `sha256:${'0'.repeat(64)}`,
      volumes: [],
      hasHealthcheck: false,
      user: '',
    };
    expect(here).toBe(pin.reference);
    const another = await failure(() => resolve(request(pin.reference, { pin })));
    expect(another.code).toBe('ImageMissing');
    expect(another.message).toContain('the name means another image now');
    expect(another.hint).toContain('l9 apply --pull');
    const gone = { ...pin, reference: 'l9.local/t-none:1' };
    const nothing = await failure(() => resolve(request(gone.reference, { pin: gone })));
    expect(nothing.message).toContain('it came from no registry');
    expect(nothing.hint).toContain('docker build -t l9.local/t-none:1');
  });
});

describe('--pull', () => {
  it('leaves an image that no registry gave as it is, and says so', async () => {
    const reference = `${registry.host}/own:1`;
    await call('POST', `/images/l9.local%2Fbusybox:1/tag?repo=${registry.host}/own&tag=1`, [201]);
    const pin = await resolve(request(reference), { pull: true });
    expect(pin.digest).toBeUndefined();
    expect(remarks()).toEqual([
      `${reference} is on this engine only; no registry gives a newer one`,
    ]);
    const error = await failure(() => resolve(request(reference, { pullPolicy: 'always' })));
    expect(error.code).toBe('ImageUnknown');
  });
});

describe('a registry in trouble', () => {
  it('is asked three times by a command', async () => {
    const reference = await publish('app:1');
    registry.fail({ path: /manifests/, status: 503, times: 2 });
    expect((await resolve(request(reference))).reference).toBe(reference);
    expect(events).toContainEqual({
      type: 'imageProgress',
      reference,
      status: expect.stringContaining('trying again'),
    });
  });

  it('is given up by a command after that', async () => {
    const reference = await publish('app:1');
    registry.fail({ path: /manifests/, status: 503 });
    const error = await failure(() => resolve(request(reference)));
    expect(error.code).toBe('RegistryUnreachable');
    expect(error.message).toContain('web: ');
    expect(attempts()).toBe(3);
  });

  it('is asked once by the service, which comes back by itself', async () => {
    const reference = await publish('app:1');
    registry.fail({ path: /manifests/, status: 503 });
    const error = await failure(() => resolve(request(reference), { mode: 'service' }));
    expect(error.code).toBe('RegistryUnreachable');
    expect(attempts()).toBe(1);
    expect([1, 2, 3, 5, 6, 100].map(pullBackoffMs)).toEqual([
      10_000, 20_000, 40_000, 160_000, 300_000, 300_000,
    ]);
  });

  it('that does not know the image is not asked again', async () => {
    const error = await failure(() => resolve(request(`${registry.host}/none:1`)));
    expect(error.code).toBe('ImageUnknown');
    expect(attempts()).toBe(1);
  });

  it('and others are told in one error, after all have been tried', async () => {
    const good = await publish('good:1');
    const error = await failure(() =>
      resolveImages(
        [
          request(`${registry.host}/none:1`, { service: 'a' }),
          request('BAD', { service: 'b' }),
          request(`${registry.host}/none:1`, { service: 'c' }),
          request(good, { service: 'd' }),
        ],
        tools(),
      ),
    );
    expect(error.message).toContain('2 images are missing');
    expect(error.message).toContain('a, c: ');
    expect(error.message).toContain('b: image "BAD"');
    expect(await imageNames(good)).toEqual([good]);
  });

  it('that is slow is left when the signal says so', async () => {
    const reference = await publish('app:1');
    registry.fail({ path: /manifests/, delayMs: 30_000 });
    const abort = new AbortController();
    const reason = new Error('interrupted');
    const pulling = resolve(request(reference), { signal: abort.signal });
    setTimeout(() => abort.abort(reason), 300);
    const begun = performance.now();
    await expect(pulling).rejects.toBe(reason);
    expect(performance.now() - begun).toBeLessThan(5000);
  });
});

describe('a registry with a login', () => {
  const login = { username: 'ann', password: 'pa:ss', identityToken: 'idt' };

  const withConfig = async (config: unknown): Promise<Credentials> => {
    const file = path.join(folder, 'config.json');
    await writeFile(file, JSON.stringify(config));
    return dockerCredentials({ file, env: { PATH: `${folder}:/usr/bin:/bin` } });
  };
  const auth = (password: string): string => Buffer.from(`ann:${password}`).toString('base64');

  it.each(['basic', 'bearer'] as const)('lets us in by %s', async (scheme) => {
    const closed = await start({ scheme, ...login });
    const reference = await publish('app:1', 'app', closed);
    const credentials = await withConfig({ auths: { [closed.host]: { auth: auth('pa:ss') } } });
    expect((await resolve(request(reference), { credentials })).reference).toBe(reference);
  });

  it('lets us in by an identity token', async () => {
    const closed = await start({ scheme: 'bearer', ...login });
    const reference = await publish('app:1', 'app', closed);
    const credentials = await withConfig({
      auths: { [closed.host]: { auth: auth(''), identitytoken: 'idt' } },
    });
    expect((await resolve(request(reference), { credentials })).reference).toBe(reference);
  });

  it('lets us in by a helper', async () => {
    const closed = await start({ scheme: 'bearer', ...login });
    const reference = await publish('app:1', 'app', closed);
    await writeFile(
      path.join(folder, 'docker-credential-test'),
      '#!/bin/sh\necho \'{"Username":"ann","Secret":"pa:ss"}\'\n',
      { mode: 0o755 },
    );
    const credentials = await withConfig({ credHelpers: { [closed.host]: 'test' } });
    expect((await resolve(request(reference), { credentials })).reference).toBe(reference);
  });

  it('refuses once, and the error says how to log in', async () => {
    const closed = await start({ scheme: 'basic', ...login });
    const reference = await publish('app:1', 'app', closed);
    const anonymous = await failure(() => resolve(request(reference)));
    expect(anonymous.code).toBe('RegistryDenied');
    expect(anonymous.hint).toContain(`docker login ${closed.host}`);
    const credentials = await withConfig({ auths: { [closed.host]: { auth: auth('s3cret') } } });
    const wrong = await failure(() => resolve(request(reference), { credentials }));
    expect(wrong.code).toBe('RegistryDenied');
    expect(wrong.hint).toContain('was refused');
    expect(JSON.stringify([wrong.message, wrong.hint, String(wrong.cause), events])).not.toContain(
      's3cret',
    );
  });

  it('is refused with the helper that is missing, which does not hold up public images', async () => {
    const closed = await start({ scheme: 'basic', ...login });
    const credentials = await withConfig({ credsStore: 'gone' });
    const open = await resolve(request(await publish('app:1')), { credentials });
    expect(open.reference).toContain(registry.host);
    expect(remarks().join()).toContain('docker-credential-gone is not on the PATH');
    const reference = await publish('app:1', 'app', closed);
    const error = await failure(() => resolve(request(reference), { credentials }));
    expect(error.code).toBe('CredentialHelperMissing');
    expect(error.message).toContain('The registry does not let us have');
    expect(error.hint).toContain('install docker-credential-gone');
  });
});
