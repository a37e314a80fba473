import { expect, test } from 'vitest';
import type { Outcome } from '../setup/call-log.ts';
import { listContainers } from '../setup/engine.ts';
import { startKillProxy } from '../setup/kill-proxy.ts';
import { expectCode, instancesOf, sleeper, stage, told } from '../setup/stage.ts';
import type { Stage } from '../setup/stage.ts';
import { until } from '../setup/until.ts';

/** Three services, one after the other. */
const chain = (): Stage => {
  const at = stage();
  at.manifests(
    sleeper('a'),
    sleeper('b', { dependsOn: { a: 'started' } }),
    sleeper('c', { dependsOn: { b: 'started' } }),
  );
  return at;
};

const running = async (project: string): Promise<string[]> =>
  [...(await instancesOf(project))]
    .filter(([, { State }]) => State.Status === 'running')
    .map(([key]) => key)
    .toSorted();

test.each(['SIGINT', 'SIGTERM'] as const)(
  '%s in the middle ends with 130, says so, and the next apply goes on',
  async (signal) => {
    const at = chain();
    const proxy = await startKillProxy([[at.name, 'P']]);
    const program = at.start(['apply'], { env: { DOCKER_HOST: proxy.host } });
    proxy.inject({
      at: 'POST /containers/{P_b_1}/start',
      when: 'before',
      act: () => {
        program.kill(signal);
        return 'continue';
      },
    });
    const result = expectCode(await program.finished, 130);
    expect(result.stderr).toContain('interrupted: run the same command again to continue');
    expect(await running(at.name)).not.toContain('c-1');
    const locks = (await listContainers({ label: [`com.l9.project=${at.name}`] })).filter(
      ({ Labels }) => ['lock', 'beat', 'courier'].includes(Labels['com.l9.kind'] ?? ''),
    );
    expect(locks, 'nobody has to wait for it').toEqual([]);
    const before = await instancesOf(at.name);
    await at.done(['apply', '-q']);
    expect(await running(at.name)).toEqual(['a-1', 'b-1', 'c-1']);
    expect((await instancesOf(at.name)).get('a-1')?.Id).toBe(before.get('a-1')?.Id);
    expectCode(await at.l9(['diff']), 0);
  },
);

test('what is not ready in time ends with 3 and says what it waited for', async () => {
  const at = stage();
  at.manifests(
    sleeper('web', {
      healthcheck: {
        exec: ['sh', '-c', 'echo not yet; exit 1'],
        interval: '300ms',
        startPeriod: '1m',
      },
    }),
  );
  const result = expectCode(await at.l9(['apply', '--timeout', '3s']), 3);
  expect(result.stderr).toMatch(/web: not ready: .*not yet/);
  expect(result.stderr).toContain('not ready in time');
  expect(await running(at.name)).toEqual(['web-1']);
  // With --no-wait nobody waits.
  await at.done(['apply', '-q', '--no-wait']);
});

test('without an engine: 5, and how to name one', async () => {
  const at = chain();
  const env = { DOCKER_HOST: `unix://${at.folder}/nobody.sock` };
  const result = expectCode(await at.l9(['apply'], { env }), 5);
  expect(result.stderr).toContain(`${at.folder}/nobody.sock`);
  expect(result.stderr).toMatch(/→ .*(DOCKER_HOST|--host)/);
  await at.done(['validate'], { env });
});

test('a service that cannot run: 4, with its reason and what to look at; the others run', async () => {
  const at = stage();
  at.manifests(
    sleeper('bad', {
      command: ['sh', '-c', 'echo no such database >&2; exit 3'],
      // Without a check it may be seen running, which counts, before it exits.
      healthcheck: { exec: ['true'], interval: '1s' },
      recovery: { verifyAfter: '300ms', backoff: { initial: '100ms', max: '200ms' } },
    }),
    sleeper('good'),
  );
  const result = expectCode(await at.l9(['apply', '--timeout', '60s']), 4);
  expect(result.stderr).toMatch(/bad: .*exited with code 3/);
  expect(result.stderr).toMatch(/→ See l9 logs bad/);
  expect(await running(at.name)).toContain('good-1');
});

test('bad input: 2, every mistake with its place, and the engine is not touched', async () => {
  const at = stage();
  at.write(
    'l9.yaml',
    `apiVersion: l9.dev/v1
kind: Project
metadata: { name: ${at.name} }
---
apiVersion: l9.dev/v1
kind: Service
metadata: { name: web }
spec:
  image: l9.local/busybox:1
  heathcheck: { exec: ["true"] }
  dependsOn: { nobody: healthy }
  replicas: many
`,
  );
  const proxy = await startKillProxy([[at.name, 'P']]);
  const env = { DOCKER_HOST: proxy.host };
  for (const command of ['apply', 'diff', 'plan']) {
    const { stderr } = expectCode(await at.l9([command], { env }), 2);
    expect(stderr).toMatch(/l9.yaml:10:3: .*heathcheck.*did you mean "healthcheck"/);
    expect(stderr).toMatch(/l9.yaml:11:\d+: .*nobody/);
    expect(stderr).toMatch(/l9.yaml:12:\d+: .*replicas/);
  }
  const asked = new Set(proxy.calls().map(({ label }) => label));
  expect([...asked]).toEqual([]);
  expectCode(await at.l9(['apply', '--no-such-option'], { env }), 2);
  expectCode(await at.l9(['aply'], { env }), 2);
});

test('an engine that goes away in the middle is waited for, and the work goes on', async () => {
  const at = chain();
  const proxy = await startKillProxy([[at.name, 'P']]);
  const program = at.start(['apply'], { env: { DOCKER_HOST: proxy.host } });
  proxy.inject({
    at: 'POST /containers/{P_b_1}/start',
    when: 'before',
    act: async (): Promise<Outcome> => {
      await proxy.away();
      return 'reset';
    },
  });
  await until(() => program.output().stderr, {
    what: 'the program to say that it waits',
    is: (text) => text.includes('the engine is away'),
  });
  await proxy.back();
  const result = expectCode(await program.finished, 0);
  expect(told(result)).toContain('the engine is back');
  expect(await running(at.name)).toEqual(['a-1', 'b-1', 'c-1']);
  expectCode(await at.l9(['diff']), 0);
});
