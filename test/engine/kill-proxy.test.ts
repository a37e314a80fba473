import { once } from 'node:events';
import { Agent, request } from 'node:http';
import type { ClientRequest, IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { expect, test } from 'vitest';
import { startL9 } from '../setup/cli.ts';
import { get, listContainers, post } from '../setup/engine.ts';
import type { Outcome } from '../setup/call-log.ts';
import { startKillProxy } from '../setup/kill-proxy.ts';
import type { KillProxy } from '../setup/kill-proxy.ts';
import { testProject } from '../setup/project.ts';
import { until } from '../setup/until.ts';

const image = 'l9.local/busybox:1';

interface Answer {
  readonly status: number;
  readonly text: string;
}

/** One call through the proxy, by a client that knows nothing of it. */
const send = (
  proxy: KillProxy,
  call: { method?: string; path: string; json?: unknown; body?: Buffer; agent?: Agent },
): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const { method = 'GET', path, json, body, agent } = call;
    const headers = json === undefined ? {} : { 'Content-Type': 'application/json' };
    const outgoing = request(
      { socketPath: proxy.socketPath, method, path, headers, agent: agent ?? false },
      (response) => {
        const pieces: Buffer[] = [];
        response.on('data', (piece: Buffer) => pieces.push(piece)).on('error', reject);
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            text: Buffer.concat(pieces).toString('latin1'),
          }),
        );
      },
    );
    outgoing.on('error', reject);
    if (body)
      for (let at = 0; at < body.length; at += 50_000)
        outgoing.write(body.subarray(at, at + 50_000));
    outgoing.end(json === undefined ? undefined : JSON.stringify(json));
  });

const create = (proxy: KillProxy, name: string, more: object = {}): Promise<Answer> =>
  send(proxy, {
    method: 'POST',
    path: `/v1.41/containers/create?name=${name}`,
    json: { Image: image, Cmd: ['sleep', '1000'], HostConfig: { NetworkMode: 'none' }, ...more },
  });

const idOf = ({ text }: Answer): string => String(JSON.parse(text).Id);

const exists = async (name: string): Promise<boolean> =>
  (await listContainers({ name: [`^/${name}$`] })).length > 0;

test('passes calls on one kept connection through, and labels them the same in two runs', async () => {
  const runs: string[][] = [];
  for (let run = 0; run < 2; run += 1) {
    const project = testProject();
    const proxy = await startKillProxy([[project.name, 'P']]);
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const { text } = await send(proxy, {
      method: 'POST',
      path: `/v1.41/containers/create?name=${project.name}_web_1`,
      json: { Image: image },
      agent,
    });
    const id = String(JSON.parse(text).Id);
    for (let twice = 0; twice < 2; twice += 1) {
      expect((await send(proxy, { path: `/containers/${id}/json`, agent })).status).toBe(200);
    }
    expect((await send(proxy, { method: 'DELETE', path: `/containers/${id}`, agent })).status).toBe(
      204,
    );
    expect((await send(proxy, { path: `/containers/${id}/json`, agent })).status).toBe(404);
    runs.push(proxy.calls().map(({ key, status }) => `${key} ${status}`));
    agent.destroy();
  }
  expect(runs[0]).toEqual([
    'POST /containers/create?name=P_web_1 #1 201',
    'GET /containers/{P_web_1}/json #1 200',
    'GET /containers/{P_web_1}/json #2 200',
    'DELETE /containers/{P_web_1} #1 204',
    'GET /containers/{P_web_1}/json #3 404',
  ]);
  expect(runs[1]).toEqual(runs[0]);
});

test('loses no call of many on connections of their own', async () => {
  const proxy = await startKillProxy();
  const answers = [];
  for (let batch = 0; batch < 30; batch += 1) {
    const pings = Array.from({ length: 5 }, () => send(proxy, { path: '/_ping' }));
    answers.push(...(await Promise.all(pings)));
  }
  expect(answers.filter(({ status, text }) => status !== 200 || text !== 'OK')).toEqual([]);
  expect(proxy.calls()).toHaveLength(150);
});

test('streams megabytes in both directions', async () => {
  const project = testProject();
  const proxy = await startKillProxy();
  const id = idOf(await create(proxy, `${project.name}_web_1`));
  const content = Buffer.alloc(3 * 1024 * 1024, 'l9 ');
  const archive = Buffer.concat([tarHeader('big', content.length), content, Buffer.alloc(1024)]);
  const path = `/containers/${id}/archive?path=/tmp`;
  expect((await send(proxy, { method: 'PUT', path, body: archive })).status).toBe(200);
  const back = await send(proxy, { path: `${path}/big` });
  expect(back.status).toBe(200);
  expect(back.text.includes(content.toString('latin1'))).toBe(true);
});

test('carries a hijacked exec in both directions until the program ends', async () => {
  const project = testProject();
  const proxy = await startKillProxy([[project.name, 'P']]);
  const container = idOf(await create(proxy, `${project.name}_web_1`));
  await send(proxy, { method: 'POST', path: `/containers/${container}/start` });
  const exec = idOf(
    await send(proxy, {
      method: 'POST',
      path: `/containers/${container}/exec`,
      json: { Cmd: ['cat'], AttachStdin: true, AttachStdout: true, Tty: false },
    }),
  );
  const stream = await hijack(proxy, `/exec/${exec}/start`);
  const echoed: Buffer[] = [];
  stream.on('data', (piece: Buffer) => echoed.push(piece));
  for (const line of ['one\n', 'two\n']) {
    stream.write(line);
    await until(() => Buffer.concat(echoed).toString(), {
      what: `an echo of ${line.trim()}`,
      is: (text) => text.includes(line),
    });
  }
  // Closing stdin ends cat, which ends the stream: half-closing passed through.
  stream.end();
  await once(stream, 'end');
  await until(() => get<{ Running: boolean }>(`/exec/${exec}/json`), {
    what: 'cat to end',
    is: ({ Running }) => !Running,
  });
  expect(proxy.calls().at(-1)?.key).toBe('POST /exec/{exec of P_web_1}/start #1');
});

test('carries an events stream live, and ends it in the engine when its reader leaves', async () => {
  const project = testProject();
  const proxy = await startKillProxy();
  const listeners = async () => (await get<{ NEventsListener: number }>('/info')).NEventsListener;
  const before = await listeners();
  const filters = encodeURIComponent(JSON.stringify({ label: [`com.l9.project=${project.name}`] }));
  const events = request({ socketPath: proxy.socketPath, path: `/events?filters=${filters}` });
  events.end();
  const response = await answerTo(events);
  let text = '';
  response.setEncoding('utf8').on('data', (piece: string) => (text += piece));
  await create(proxy, `${project.name}_web_1`, { Labels: { 'com.l9.project': project.name } });
  await until(() => text, { what: 'the create event', is: (seen) => seen.includes('"create"') });
  response.on('error', () => undefined);
  events.destroy();
  await until(listeners, {
    what: 'the engine to lose a listener',
    is: (count) => count <= before,
  });
});

/** A program that makes one container and says what it was answered. */
const creator = [
  process.execPath,
  '-e',
  `require('node:http').request(
    { socketPath: process.env.DOCKER_HOST.slice(7), method: 'POST', path: '/containers/create?name=' + process.argv[1],
      headers: { 'Content-Type': 'application/json' } },
    (response) => console.log(response.statusCode),
  ).end(JSON.stringify({ Image: '${image}' }));`,
] as const;

test.each([
  { when: 'before', made: false },
  { when: 'after', made: true },
] as const)('kills a program $when its call is done', async ({ when, made }) => {
  const project = testProject();
  const name = `${project.name}_web_1`;
  const proxy = await startKillProxy([[project.name, 'P']]);
  const program = startL9([name], { program: creator, env: { DOCKER_HOST: proxy.host } });
  proxy.inject({
    at: 'POST /containers/create?name=P_web_1 #1',
    when,
    act: async (): Promise<Outcome> => {
      program.kill('SIGKILL');
      await program.finished;
      return 'reset';
    },
  });
  expect(await program.finished).toMatchObject({ signal: 'SIGKILL', stdout: '' });
  expect(await exists(name)).toBe(made);
  expect(proxy.calls()).toHaveLength(1);
});

test('holds back all of a build, which works while it answers', async () => {
  const proxy = await startKillProxy();
  const dockerfile = Buffer.from(`FROM ${image}\n`);
  const padding = Buffer.alloc(512 - (dockerfile.length % 512));
  const context = [
    tarHeader('Dockerfile', dockerfile.length),
    dockerfile,
    padding,
    Buffer.alloc(1024),
  ];
  const inspected: (Answer | undefined)[] = [];
  proxy.inject({
    at: ({ label }) => label.startsWith('POST /build'),
    when: 'after',
    act: async (): Promise<Outcome> => {
      // The engine has built it by now, though the client has not heard a word.
      inspected.push(await send(proxy, { path: `/images/${image}/json` }));
      return 'continue';
    },
  });
  const answer = await send(proxy, {
    method: 'POST',
    path: '/build?q=1',
    body: Buffer.concat(context),
  });
  expect(inspected[0]?.status).toBe(200);
  expect(JSON.parse(answer.text).stream).toMatch(/^sha256:/);
});

test('breaks, delays, replaces and withholds answers', async () => {
  const proxy = await startKillProxy();
  proxy.inject({ at: 1, when: 'before', act: () => 'reset' });
  await expect(send(proxy, { path: '/_ping' })).rejects.toThrow(/hang up|ECONNRESET/);

  let release: (outcome: 'continue') => void = () => undefined;
  proxy.inject({ at: 2, when: 'after', act: () => new Promise((resolve) => (release = resolve)) });
  let answered = false;
  const delayed = send(proxy, { path: '/_ping' }).finally(() => (answered = true));
  await until(() => proxy.calls()[1]?.status, {
    what: 'the engine to have answered',
    is: (status) => status === 200,
  });
  expect(answered).toBe(false);
  release('continue');
  expect(await delayed).toMatchObject({ status: 200, text: 'OK' });

  const remove = proxy.inject({
    at: 'GET /_ping',
    when: 'before',
    act: () => ({ status: 500, message: 'no' }),
    times: 2,
  });
  expect(await send(proxy, { path: '/_ping' })).toEqual({ status: 500, text: '{"message":"no"}' });
  remove();
  expect((await send(proxy, { path: '/_ping' })).status).toBe(200);

  proxy.forget();
  proxy.inject({ at: 1, when: 'before', act: () => 'hang' });
  const hanging = request({ socketPath: proxy.socketPath, path: '/_ping' });
  hanging.on('error', () => undefined).end();
  await until(() => proxy.calls().length, { what: 'the call to arrive' });
  hanging.destroy();
});

test('the engine goes away and comes back at the same address', async () => {
  const proxy = await startKillProxy();
  const events = request({ socketPath: proxy.socketPath, path: '/events' });
  events.end();
  const response = await answerTo(events);
  const broken = once(response, 'error');
  response.resume();
  await proxy.away();
  expect(String((await broken)[0])).toMatch(/aborted|ECONNRESET/);
  await expect(send(proxy, { path: '/_ping' })).rejects.toThrow('ENOENT');
  await proxy.back();
  expect((await send(proxy, { path: '/_ping' })).status).toBe(200);
});

test('the engine below is the real one', async () => {
  const proxy = await startKillProxy();
  const direct = await get<{ ID: string }>('/info');
  expect(JSON.parse((await send(proxy, { path: '/info' })).text).ID).toBe(direct.ID);
  await expect(post('/containers/none/start')).rejects.toThrow('404');
});

const answerTo = (outgoing: ClientRequest): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    outgoing.on('error', reject).on('response', resolve);
  });

const hijack = async (proxy: KillProxy, path: string): Promise<Duplex> => {
  const outgoing = request({
    socketPath: proxy.socketPath,
    method: 'POST',
    path,
    headers: { Connection: 'Upgrade', Upgrade: 'tcp', 'Content-Type': 'application/json' },
  });
  outgoing.end(JSON.stringify({ Detach: false, Tty: false }));
  return new Promise((resolve, reject) => {
    outgoing.on('error', reject).on('upgrade', (_response, socket) => resolve(socket));
  });
};

/** The header of one file in a tar archive. */
const tarHeader = (name: string, size: number): Buffer => {
  const header = Buffer.alloc(512);
  header.write(name, 0);
  header.write('0000644\0', 100);
  header.write(`${size.toString(8).padStart(11, '0')}\0`, 124);
  header.write('00000000000\0', 136);
  header.write('        0', 148);
  header.write('ustar\u000000', 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return header;
};
