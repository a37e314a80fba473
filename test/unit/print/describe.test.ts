import { expect, it } from 'vitest';
import type { ObservedContainer } from '../../../src/model/observed.ts';
import { describeProject } from '../../../src/print/describe/other.ts';
import { describeService } from '../../../src/print/describe/service.ts';
import { createPalette } from '../../../src/print/terminal.ts';
import { instance, service, view } from './view.ts';

const now = Date.parse('2025-01-01T01:00:00Z');
const at = (time: string): number => Date.parse(`2025-01-01T${time}Z`);
const style = { palette: createPalette(false), width: 100, now };

const container: ObservedContainer = {
  id: 'id-of-shop_graph_1',
  name: 'shop_graph_1',
  image: 'neo4j:5',
  imageId: 'sha256:1',
  labels: {},
  state: 'running',
  status: 'Up 10 minutes (unhealthy)',
  health: 'unhealthy',
  exitCode: 0,
  ports: [],
  createdAt: at('00:40:00'),
  oomKilled: false,
  error: '',
  startedAt: at('00:50:00'),
  finishedAt: at('00:49:59'),
  failingStreak: 4,
  probes: [
    { startedAt: at('00:59:00'), endedAt: at('00:59:01'), exitCode: 0, output: 'ok' },
    {
      startedAt: at('00:59:50'),
      endedAt: at('00:59:55'),
      exitCode: 1,
      output: '\u001b[31mconnection\u001b[0m refused\u0007\nsecond line\n',
    },
  ],
  restartCount: 2,
  restartPolicy: 'unless-stopped',
  limits: {},
  bindings: [],
  mounts: [],
  networkMode: 'shop_default',
  attachments: [{ network: 'shop_default', networkId: 'n', aliases: [], ip: '10.0.0.2' }],
  pid: 7,
};

const graph = service('graph', {
  labels: { tier: 'data' },
  spec: {
    image: 'neo4j:5',
    env: { NEO4J_AUTH: { secret: 'graph-password' }, MODE: 'a b' },
    dependsOn: { cache: 'healthy' },
    ports: [{ name: 'bolt', container: 7687, host: 'auto' }],
  },
  status: {
    phase: 'Degraded',
    ready: 0,
    instances: [
      instance('shop_graph_1', {
        state: 'unhealthy',
        health: 'unhealthy',
        reason: 'ChecksFail',
        message: '4 checks failed',
        restarts: 2,
        startedAt: '2025-01-01T00:50:00.000Z',
        ports: [
          { name: 'bolt', container: 7687, protocol: 'tcp', hostIP: '127.0.0.1', host: 30001 },
        ],
      }),
    ],
    conditions: [
      {
        type: 'Ready',
        status: 'False',
        reason: 'ChecksFail',
        message: 'shop_graph_1: 4 checks failed',
        lastTransitionTime: '2025-01-01T00:58:00.000Z',
      },
    ],
  },
});
const indexer = service('indexer', {
  spec: { image: 'x', dependsOn: { graph: { condition: 'healthy' } } },
});
const shop = view([service('cache'), graph, indexer], {
  outputs: { GRAPH_URL: 'bolt://user:hidden@127.0.0.1:30001' },
});

it('a service: one screen from what was asked for to what happened', () => {
  const containers = new Map([[container.id, container]]);
  expect(describeService(graph, shop, { ...style, containers }).join('\n')).toBe(`Service      graph
Project      shop
Phase        Degraded, 0 of 1 ready
Generation   1 of 1
Labels       tier=data

Specification:
  image       neo4j:5
  env         NEO4J_AUTH: { secret: graph-password }, MODE: "a b"
  dependsOn   cache: healthy
  ports       { name: bolt, container: 7687, host: auto }

Conditions:
  TYPE    STATUS   FOR   REASON       MESSAGE
  Ready   False    2m    ChecksFail   shop_graph_1: 4 checks failed

Instance shop_graph_1:
  State       unhealthy (ChecksFail: 4 checks failed)
  Health      unhealthy
  Restarts    2 by Docker, 0 recoveries by l9
  Up          10m
  Container   id-of-shop_g
  Image       redis:7
  Ports       bolt 127.0.0.1:30001->7687/tcp
  Addresses   10.0.0.2 on shop_default
  Last health check: exit 1, 5s ago, 4 failures in a row
    | connection refused^G
    | second line

Dependencies:
  needs cache healthy (Ready)
  indexer needs it

Events:
  20m ago      shop_graph_1 created from neo4j:5
  10m ago      shop_graph_1 started, restarted 2 times by Docker
  5s ago       shop_graph_1 failed its health check (1)`);
});

it('a container that ended says how', () => {
  const ended: ObservedContainer = {
    ...container,
    state: 'exited',
    exitCode: 137,
    oomKilled: true,
    finishedAt: at('00:59:00'),
    restartCount: 0,
    probes: [],
  };
  const text = describeService(graph, shop, {
    ...style,
    containers: new Map([[ended.id, ended]]),
  }).join('\n');
  expect(text).toContain('1m ago       shop_graph_1 exited with 137, out of memory');
  expect(text).not.toContain('Last health check');
  expect(text).toMatch(/^ {2}Up +-$/m);
});

it('a project names its outputs and does not show them', () => {
  const text = describeProject(shop, style).join('\n');
  expect(text).toContain('Outputs      GRAPH_URL');
  expect(text).not.toContain('hidden');
  expect(text).toMatch(/^graph +Degraded +0\/1/m);
});
