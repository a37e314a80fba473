import { expect, test } from 'vitest';
import type { Outcome } from '../setup/call-log.ts';
import { call, get, listNetworks, post } from '../setup/engine.ts';
import { startKillProxy } from '../setup/kill-proxy.ts';
import { expectCode, instancesOf, manifest, sleeper, stage, told } from '../setup/stage.ts';
import { until } from '../setup/until.ts';

const PROJECTS = 6;
const NETWORKS = ['a', 'b', 'c', 'd', 'e', 'f'];

/** A subnet's first and last address, as numbers. */
const span = (cidr: string): readonly [number, number] => {
  const [address = '', bits = '32'] = cidr.split('/');
  const first = address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  return [first, first + 2 ** (32 - Number(bits)) - 1];
};

test('more networks than Docker has pools for, made by applies side by side, do not clash', async () => {
  const at = stage();
  const names = Array.from({ length: PROJECTS }, (_, index) => `${at.name}-${index}`);
  for (const name of names) {
    at.write(
      `${name}/l9.yaml`,
      manifest(
        { kind: 'Project', metadata: { name } },
        ...NETWORKS.map((network) => ({ kind: 'Network', metadata: { name: network } })),
        sleeper('web', { networks: NETWORKS }),
      ),
    );
  }
  await Promise.all(
    names.map((name) =>
      at.done(['apply', '-q'], { cwd: `${at.folder}/${name}`, timeoutMs: 90_000 }),
    ),
  );
  const made = await Promise.all(
    (await listNetworks())
      .filter(({ Name }) => Name.startsWith(at.name))
      .map(({ Id }) => get<{ IPAM: { Config: readonly { Subnet: string }[] } }>(`/networks/${Id}`)),
  );
  const spans = made
    .flatMap(({ IPAM }) => IPAM.Config.map(({ Subnet }) => span(Subnet)))
    .toSorted(([a], [b]) => a - b);
  // Docker has 31 of its own; one more is the control.
  expect(spans).toHaveLength(PROJECTS * NETWORKS.length);
  spans.slice(1).forEach(([first], index) => expect(first).toBeGreaterThan(spans[index]?.[1] ?? 0));
  const [from, to] = span('10.212.0.0/14');
  for (const [first, last] of spans) {
    expect(first).toBeGreaterThanOrEqual(from);
    expect(last).toBeLessThanOrEqual(to);
  }
  // Docker's own pools were left to others.
  const { Id } = await post<{ Id: string }>('/networks/create', { Name: `${at.name}-control` });
  await call('DELETE', `/networks/${Id}`, [204]);
});

test('two applies of one project: one waits for the other, and both are content', async () => {
  const at = stage();
  at.manifests(sleeper('a', { replicas: 2 }), sleeper('b', { dependsOn: { a: 'started' } }));
  const proxy = await startKillProxy([[at.name, 'P']]);
  const first = at.start(['apply'], { env: { DOCKER_HOST: proxy.host } });
  let second: ReturnType<typeof at.start> | undefined;
  proxy.inject({
    at: 'POST /containers/{P_a_1}/start',
    when: 'before',
    // The first one is in the middle until the second one says that it waits.
    act: async (): Promise<Outcome> => {
      second = at.start(['apply']);
      const waiting = second;
      await until(() => waiting.output().stderr, {
        what: 'the second apply to wait',
        is: (text) => text.includes('another l9 is at work'),
      });
      return 'continue';
    },
  });
  expectCode(await first.finished, 0);
  const other = expectCode(
    (await second?.finished) ?? { code: -1, signal: null, stdout: '', stderr: 'never ran' },
    0,
  );
  expect(told(other)).toContain('nothing to do');
  // instancesOf fails where there are two of one.
  expect([...(await instancesOf(at.name)).keys()].toSorted()).toEqual(['a-1', 'a-2', 'b-1']);
  expect((await listNetworks()).filter(({ Name }) => Name === `${at.name}_default`)).toHaveLength(
    1,
  );
});

test('applies of two projects do not wait for each other', async () => {
  const [slow, quick] = [stage(), stage()];
  for (const at of [slow, quick]) at.manifests(sleeper('web'));
  const proxy = await startKillProxy([[slow.name, 'P']]);
  let finishedInside = false;
  proxy.inject({
    at: 'POST /containers/{P_web_1}/start',
    when: 'before',
    act: async (): Promise<Outcome> => {
      await quick.done(['apply', '-q']);
      finishedInside = true;
      return 'continue';
    },
  });
  await slow.done(['apply', '-q'], { env: { DOCKER_HOST: proxy.host } });
  expect(finishedInside).toBe(true);
  for (const at of [slow, quick])
    expect([...(await instancesOf(at.name)).keys()]).toEqual(['web-1']);
});
