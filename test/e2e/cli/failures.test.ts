import { rmSync } from 'node:fs';
import { expect, test } from 'vitest';
import { get, listContainers } from '../../setup/engine.ts';
import { l9, startL9 } from '../../setup/cli.ts';
import { until } from '../../setup/until.ts';
import { shop, shopManifest } from './shop.ts';

const replace = (from: string | RegExp, to: string) => (name: string) =>
  shopManifest(name).replace(from, to);

/** Its web is ready only once somebody says so. */
const slow = replace(
  'tcp: { port: http }, interval: 1s',
  'exec: [test, -f, /tmp/ready], interval: 1s, startPeriod: 10m',
);

test('2: what cannot be understood touches nothing', async () => {
  for (const args of [
    ['aply'],
    ['apply', '--frobnicate'],
    ['get', '-o', 'xml'],
    ['scale', 'web=x'],
    ['exec', 'web'],
  ]) {
    const result = await l9(args, { env: { DOCKER_HOST: 'unix:///nonexistent/docker.sock' } });
    expect(result, args.join(' ')).toMatchObject({ code: 2, stdout: '' });
    expect(result.stderr).toMatch(/^error: .* \[Usage\]\n  → /);
  }
});

test('5: no engine', async () => {
  const { run } = shop();
  for (const args of [['get'], ['apply'], ['--host', 'unix:///nonexistent.sock', 'top']]) {
    const result = await run(args, { env: { DOCKER_HOST: 'unix:///nonexistent.sock' } });
    expect(result).toMatchObject({ code: 5, stdout: '' });
    expect(result.stderr).toMatch(/\[EngineUnreachable\]\n  → /);
  }
  // L9_HOST is l9's own and goes before Docker's.
  expect((await run(['get', '-A'], { env: { L9_HOST: 'unix:///nonexistent.sock' } })).code).toBe(5);
  // What needs no engine does not ask for one.
  const env = { DOCKER_HOST: 'unix:///nonexistent.sock' };
  for (const args of [
    ['validate'],
    ['explain', 'service'],
    ['version'],
    ['--help'],
    ['completion', 'bash'],
  ])
    expect(await run(args, { env }), args.join(' ')).toMatchObject({ code: 0 });
});

test('4: a service failed, with what, why, and what to do', async () => {
  const { run, name } = shop(replace('[httpd,', '[no-such-program,'));
  const result = await run(['apply', '--timeout', '60s']);
  expect(result.code, result.stderr).toBe(4);
  expect(result.stdout).toMatch(/^web +Failed +0\/1/m);
  expect(result.stderr).toMatch(/✖ web: .*no-such-program.*\n  → /);
  expect(result.stderr).toMatch(new RegExp(`✖ ${name}: 0 of 2 services ready, failed`));
  expect((await run(['rollout', 'status', 'web', '--timeout', '20s'])).code).toBe(4);
});

test('3: not ready in time, and the same command goes on later', async () => {
  const { run } = shop(slow);
  const result = await run(['apply', '--timeout', '4s']);
  expect(result.code, result.stderr).toBe(3);
  expect(result.stderr).toMatch(/✖ web: not ready: .*\n  → .*l9 describe web/);
  expect((await run(['wait', 'web', '--timeout', '1s'])).code).toBe(3);
  const unwaited = await run(['apply', '--no-wait', 'web']);
  expect(unwaited.code).toBe(0);
  expect((await run(['exec', 'web', '--', 'touch', '/tmp/ready'])).code).toBe(0);
  const again = await run(['apply']);
  expect(again.code, again.stderr).toBe(0);
});

test('130: an interrupted apply says so, and the same command finishes it', async () => {
  const { run, folder, name } = shop(slow);
  const program = startL9(['apply'], { cwd: folder });
  await until(() => listContainers({ name: [`${name}_web_1`] }), {
    what: 'the first container to run',
    is: ([web]) => web?.State === 'running',
  });
  program.kill('SIGINT');
  const result = await program.finished;
  expect(result.code, result.stderr).toBe(130);
  expect(result.stderr).toContain(
    'interrupted: run the same command again to continue; nothing is lost\n',
  );
  expect((await run(['exec', 'web', '--', 'touch', '/tmp/ready'])).code).toBe(0);
  const { Id } = await get<{ Id: string }>(`/containers/${name}_web_1/json`);
  const again = await run(['apply']);
  expect(again.code, again.stderr).toBe(0);
  expect((await get<{ Id: string }>(`/containers/${name}_web_1/json`)).Id).toBe(Id);
});

test('verbose is a log in JSON, quiet is silent', async () => {
  const { run } = shop();
  const verbose = await run(['apply', '-v']);
  expect(verbose.code, verbose.stderr).toBe(0);
  const records = verbose.stderr
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line): { level: number; msg: string; does?: string } => JSON.parse(line));
  expect(records.map(({ msg }) => msg)).toContain('generationWritten');
  expect(records.filter(({ msg }) => msg === 'actionFinished').map(({ does }) => does)).toContain(
    'startContainer',
  );
  const quiet = await run(['apply', '-q']);
  expect(quiet).toMatchObject({ code: 0, stderr: '' });
  expect(quiet.stdout).toMatch(/^NAME/);
});

test('manifests from standard input, and other encodings are told', async () => {
  const { run, name, folder } = shop();
  rmSync(`${folder}/l9.yaml`);
  const manifest = shopManifest(name);
  const applied = await run(['apply', '-f', '-', '-o', 'name'], { stdin: manifest });
  expect(applied.code, applied.stderr).toBe(0);
  expect(applied.stdout).toBe('service/clock\nservice/web\n');
  const large = await run(['validate', '-f', '-', '--max-size', '1Ki'], {
    stdin: '#'.repeat(1_000_000),
  });
  expect(large).toMatchObject({ code: 2, stdout: '' });
  expect(await run(['delete', '-f', '-', '--yes', '-q'], { stdin: manifest })).toMatchObject({
    code: 0,
  });
});
