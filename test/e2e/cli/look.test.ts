import { describe, expect, test } from 'vitest';
import { get } from '../../setup/engine.ts';
import { builtCli, l9, startL9 } from '../../setup/cli.ts';
import { until } from '../../setup/until.ts';
import { shop, shopManifest } from './shop.ts';

interface Inspected {
  readonly Id: string;
  readonly State: { readonly StartedAt: string };
  readonly NetworkSettings: {
    readonly Ports: Readonly<Record<string, readonly { readonly HostPort: string }[] | null>>;
  };
}

const inspect = (name: string): Promise<Inspected> => get<Inspected>(`/containers/${name}/json`);

test('what runs can be looked at in every way', async () => {
  const project = shop();
  const { ok, name, run } = project;

  // apply: the services are the result, everything else stands beside it.
  const applied = await run(['apply']);
  expect(applied.code, applied.stderr).toBe(0);
  expect(applied.stdout).toMatch(
    /^NAME +PHASE +READY .*\nclock +Ready +1\/1 .*\nweb +Ready +1\/1 +healthy /,
  );
  expect(applied.stdout.trim().split('\n')).toHaveLength(3);
  expect(applied.stderr).toMatch(/^web-1 started \([\d.]+m?s\)  — /m);
  expect(applied.stderr).toContain(`✔ ${name}: 2 of 2 services ready`);

  const web = await inspect(`${name}_web_1`);
  const hostPort = web.NetworkSettings.Ports['8080/tcp']?.[0]?.HostPort;

  // get
  expect(await ok('get', '-o', 'name')).toBe('service/clock\nservice/web\n');
  expect(await ok('get', 'svc', '-l', 'tier=front', '-o', 'name')).toBe('service/web\n');
  expect(await ok('get', 'volume/data', '-o', 'jsonpath={.status.engineName}')).toBe(
    `${name}_data`,
  );
  expect(await ok('get', 'projects', '-o', 'name')).toContain(`project/${name}\n`);
  expect(await ok('get', '-A', '--no-headers')).toMatch(new RegExp(`^${name} +web +Ready`, 'm'));
  const list: { kind: string; items: { kind: string }[] } = JSON.parse(
    await ok('get', 'all', '-o', 'json'),
  );
  expect(list.kind).toBe('List');
  expect(list.items.map(({ kind }) => kind)).toEqual([
    'Project',
    'Service',
    'Service',
    'Network',
    'Volume',
  ]);
  const one = JSON.parse(await ok('get', 'web', '-o', 'json'));
  expect(one).toMatchObject({
    apiVersion: 'l9.dev/v1',
    kind: 'Service',
    metadata: { name: 'web', project: name, labels: { tier: 'front' } },
    spec: { image: 'l9.local/busybox:1' },
    status: {
      phase: 'Ready',
      instances: [{ name: `${name}_web_1`, containerId: web.Id, health: 'healthy' }],
    },
  });
  expect(await ok('get', 'web', '-o', 'yaml')).toContain('\nkind: Service\n');
  const missing = await run(['get', 'wbe']);
  expect(missing).toMatchObject({ code: 1, stdout: '' });
  expect(missing.stderr).toContain('Did you mean service/web?');

  // port, outputs
  expect(await ok('port', 'web')).toBe(`http\t127.0.0.1:${hostPort}->8080/tcp\n`);
  expect(await ok('port', 'web', 'http')).toBe(`127.0.0.1:${hostPort}\n`);
  expect(await ok('port', 'web-1', '8080')).toBe(`127.0.0.1:${hostPort}\n`);
  expect(await run(['port', 'clock'])).toMatchObject({ code: 1, stdout: '' });
  expect(await ok('outputs', 'WEB_URL')).toBe(`http://127.0.0.1:${hostPort}/\n`);
  expect(await ok('outputs', '-o', 'shell')).toContain(`export MOTTO='it'\\''s $5'`);
  expect(JSON.parse(await ok('outputs', '-o', 'json'))).toHaveProperty('MOTTO', "it's $5");

  // describe
  const described = await ok('describe', 'web');
  expect(described).toContain('healthcheck   tcp: { port: http }, interval: 1s');
  expect(described).toContain('clock needs it');
  expect(described).toContain(`${name}_web_1 started`);
  expect(await ok('describe')).toContain(`Path         ${project.folder}`);
  expect(await ok('describe', 'volume/data')).toContain(`engineName      ${name}_data`);

  // logs: into a pipe as they came, in order, with a name where there are several
  const tail = (await ok('logs', 'clock', '--tail', '3')).trimEnd().split('\n');
  expect(tail).toHaveLength(3);
  for (const line of tail)
    expect(line.split(' ')).toEqual(['tick', expect.anything(), '\u001b[31mred']);
  const numbers = tail.map((line) => Number(line.split(' ')[1]));
  expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
  expect(await ok('logs', '--tail', '1', '-t')).toMatch(
    /^clock-1 \| \d{4}-\d\d-\d\dT[\d:.]+Z tick /m,
  );

  // exec: streams and exit code are the command's own
  const executed = await run(['exec', 'web', '--', 'sh', '-c', 'echo out; echo err >&2; exit 7']);
  expect(executed).toMatchObject({ code: 7, stdout: 'out\n', stderr: 'err\n' });
  const piped = await run(['exec', '-i', 'web-1', 'cat'], { stdin: 'through\n' });
  expect(piped).toMatchObject({ code: 0, stdout: 'through\n' });
  expect(
    await ok('exec', '-e', 'A=b', '--workdir', '/etc', 'web', '--', 'sh', '-c', 'echo $A $PWD'),
  ).toBe('b /etc\n');

  // top, wait, rollout
  const usage: { items: Record<string, unknown>[] } = JSON.parse(await ok('top', '-o', 'json'));
  expect(usage.items).toMatchObject([
    { instance: 'clock-1', cpuLimitCores: null, memoryLimitBytes: null },
    { instance: 'web-1', cpuLimitCores: 0.5, memoryLimitBytes: 32 * 1024 ** 2 },
  ]);
  expect(await ok('wait')).toBe(`project/${name}: condition Ready=True\n`);
  expect(await ok('wait', 'web', 'clock', '--for', 'phase=ready')).toContain(
    'service/web: phase Ready',
  );
  expect(await ok('rollout', 'status', 'web', '-o', 'name')).toBe('service/web\n');
  expect(await ok('rollout', 'history')).toMatch(/^1 +\d+s +apply +2 services$/m);

  // From another folder it is found by its name.
  const named = await run(['get', '-o', 'name'], { cwd: '/', env: { L9_PROJECT: name } });
  expect(named).toMatchObject({ code: 0, stdout: 'service/clock\nservice/web\n' });
});

test('diff, plan and validate touch nothing, and diff says it in its exit code', async () => {
  const project = shop();
  const { ok, run, name } = project;
  expect((await run(['diff', '-q'])).code).toBe(1);
  expect(await ok('plan')).toContain(`create ${name}_web_1 from l9.local/busybox:1`);
  expect(await run(['get', '-p', name])).toMatchObject({ code: 1, stdout: '' });
  await ok('apply', '-q');
  expect(await run(['diff'])).toMatchObject({ code: 0, stdout: `${name}: nothing differs\n` });
  const before = await inspect(`${name}_clock_1`);

  const manifest = shopManifest(name);
  project.write('l9.yaml', manifest.replace('sleep 0.2', 'sleep 0.3'));
  const diff = await run(['diff']);
  expect(diff.code).toBe(1);
  expect(diff.stdout).toMatch(/generation 1 → 2/);
  expect(diff.stdout).toMatch(/^± recreates clock/m);
  expect(diff.stdout).not.toContain('web:');
  const dry = await ok('apply', '--dry-run');
  expect(dry).toBe(await ok('plan'));
  expect(JSON.parse(await ok('plan', '-o', 'json'))).toMatchObject({ items: [{ project: name }] });
  expect((await inspect(`${name}_clock_1`)).Id).toBe(before.Id);

  project.write('l9.yaml', manifest.replace('healthcheck:', 'heathcheck:'));
  for (const command of ['validate', 'diff', 'plan', 'apply']) {
    const result = await run([command]);
    expect(result).toMatchObject({ code: 2, stdout: '' });
    expect(result.stderr).toMatch(/l9\.yaml:\d+:\d+: error: unknown field "heathcheck"/);
  }
  expect((await inspect(`${name}_clock_1`)).Id).toBe(before.Id);
});

describe('what goes on', () => {
  test('get --watch and logs --follow tell what happens, over a restart', async () => {
    const { ok, name, folder } = shop();
    await ok('apply', '-q');
    const { Id } = await inspect(`${name}_clock_1`);
    const options = { cwd: folder, timeoutMs: 90_000 };
    const watch = startL9(['get', 'clock', '-w', '-o', 'jsonpath={.status.phase} '], options);
    const follow = startL9(['logs', '-f', 'clock', '--tail', '1'], options);
    await until(() => follow.output().stdout, {
      what: 'a first line',
      is: (text) => text.includes('tick'),
    });
    await until(() => watch.output().stdout, {
      what: 'a first look',
      is: (text) => text === 'Ready ',
    });

    await ok('restart', 'clock', '-q');
    expect((await inspect(`${name}_clock_1`)).Id).toBe(Id);
    // The count begins again at 1: these lines are of the second run.
    await until(() => follow.output().stdout, {
      what: 'lines from before and after the restart',
      is: (text) => /tick 1 [^]*tick 3 /.test(text),
    });
    await until(() => watch.output().stdout, {
      what: 'the phases to be told',
      is: (text) => text.split(' ').length > 2,
    });
    watch.kill('SIGINT');
    follow.kill('SIGINT');
    for (const program of [watch, follow]) {
      // Nothing was half done, so there is nothing to say.
      expect(await program.finished).toMatchObject({ code: 130, stderr: '' });
    }
  });

  test('a reader that stops reading is no error', async () => {
    const { ok, folder } = shop();
    await ok('apply', '-q');
    const script = `"${process.execPath}" "${builtCli}" logs -f clock | head -n 2; echo "\${PIPESTATUS[0]}"`;
    const result = await l9(['-c', script], { program: ['bash'], cwd: folder, timeoutMs: 30_000 });
    expect(result.stdout.trim().split('\n')).toHaveLength(3);
    expect(result).toMatchObject({ code: 0, stderr: '' });
    expect(result.stdout.endsWith('\n0\n')).toBe(true);
  });
});
