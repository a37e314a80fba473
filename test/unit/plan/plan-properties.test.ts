import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Action, Plan } from '../../../src/model/action.ts';
import type { ServiceSpec } from '../../../src/model/documents.ts';
import { label } from '../../../src/model/labels.ts';
import type { Observed } from '../../../src/model/observed.ts';
import { formatPlan } from '../../../src/plan/format.ts';
import { plan } from '../../../src/plan/plan.ts';
import { service } from '../render/applied.ts';
import type { Applied } from '../render/applied.ts';
import { Stage } from './stage.ts';

type Services = Readonly<Record<string, ServiceSpec>>;

const NAMES = ['a', 'b', 'c', 'd'] as const;

interface Sketch {
  readonly version: number;
  readonly replicas: number;
  readonly needs: readonly (readonly [number, 'started' | 'healthy'])[];
  readonly restartWith: boolean;
  readonly shares: boolean;
  readonly port: number | 'auto' | null;
  readonly networks: readonly string[];
  readonly memory: number | null;
  readonly startFirst: boolean;
  readonly rolling: boolean;
  readonly checked: boolean;
  readonly volume: boolean;
  readonly oneShot: boolean;
  readonly stopped: boolean;
}

const sketch: fc.Arbitrary<Sketch> = fc.record({
  version: fc.integer({ min: 1, max: 2 }),
  replicas: fc.integer({ min: 0, max: 3 }),
  needs: fc.array(fc.tuple(fc.nat(3), fc.constantFrom('started' as const, 'healthy' as const)), {
    maxLength: 2,
  }),
  restartWith: fc.boolean(),
  shares: fc.boolean(),
  port: fc.constantFrom(null, 'auto' as const, 1, 2),
  networks: fc.subarray(['x', 'y']),
  memory: fc.constantFrom(null, 64, 128),
  startFirst: fc.boolean(),
  rolling: fc.boolean(),
  checked: fc.boolean(),
  volume: fc.boolean(),
  oneShot: fc.boolean(),
  stopped: fc.boolean(),
});

/** Services that a person could apply: dependencies go to earlier names. */
const toServices = (sketches: readonly Sketch[]): Services => {
  const services: Record<string, ServiceSpec> = {};
  for (const [index, one] of sketches.entries()) {
    const name = NAMES[index] ?? '';
    const earlier = NAMES.slice(0, index);
    const owner = one.shares ? earlier.find((other) => services[other]?.replicas === 1) : undefined;
    const fixed = typeof one.port === 'number' && owner === undefined;
    // Ports that go from one service to another have scenarios of their own.
    const port = typeof one.port === 'number' ? 8_000 + 10 * index + one.port : one.port;
    const dependsOn = Object.fromEntries(
      one.needs
        .map(([to, condition]) => [earlier[to], { condition, restart: one.restartWith }] as const)
        .filter(([to]) => to !== undefined && services[to]?.restart !== 'never'),
    );
    services[name] = {
      image: `${name}:${one.version}`,
      replicas: fixed ? 1 : one.replicas,
      dependsOn,
      update: {
        order: one.startFirst && !fixed ? 'start-first' : 'stop-first',
        strategy: one.rolling ? 'rolling' : 'recreate',
      },
      ...(one.checked ? { healthcheck: { exec: 'ok' } } : {}),
      ...(one.volume ? { volumes: [{ volume: 'data', path: '/data' }] } : {}),
      ...(one.memory === null ? {} : { resources: { memory: `${one.memory}m` } }),
      ...(one.oneShot && index === sketches.length - 1 ? { restart: 'never' } : {}),
      ...(owner === undefined
        ? {
            networks: ['default', ...one.networks],
            ...(port === null ? {} : { ports: [{ name: 'p', container: 80, host: port }] }),
          }
        : { networkMode: `service:${owner}` }),
    };
  }
  return services;
};

const stacks = fc.array(sketch, { minLength: 1, maxLength: NAMES.length }).map((sketches) => ({
  services: toServices(sketches),
  overrides: Object.fromEntries(
    sketches.map((one, index) => [NAMES[index] ?? '', { stopped: one.stopped && one.oneShot }]),
  ),
}));

/** What may happen between two looks. */
const mishap = fc.record({
  kind: fc.constantFrom('none', 'exit', 'remove', 'rename', 'unhealthy', 'interrupt', 'interrupt'),
  at: fc.nat(20),
});
type Mishap = typeof mishap extends fc.Arbitrary<infer T> ? T : never;

/** Somebody else's things, some of them in the way. */
const surround = (stage: Stage): void => {
  stage.world.stranger({ name: 'memory_d_2', labels: { [label.project]: 'memory' } });
  stage.world.stranger({
    name: 'committed',
    labels: { [label.managed]: 'true', [label.project]: 'memory', [label.service]: 'a' },
  });
  stage.world.stranger({
    name: 'other_web_1',
    ports: [30_000],
    labels: { [label.managed]: 'true', [label.project]: 'other', [label.specHash]: 'v1:x' },
  });
  stage.world.network('other_default', { subnets: ['10.212.0.0/24'] });
  stage.world.volume('other_data');
};

const STRANGERS = ['committed running', 'memory_d_2 running', 'other_web_1 running'];

const happen = (stage: Stage, { kind, at }: Mishap): void => {
  const own = stage.world
    .observe('memory')
    .containers.filter((one) => one.labels[label.specHash] !== undefined);
  const victim = own[at % Math.max(own.length, 1)];
  if (victim === undefined) return;
  switch (kind) {
    case 'exit':
      if (victim.state === 'running') stage.world.exit(victim.name, 137);
      return;
    case 'remove':
      stage.world.remove(victim.name);
      return;
    case 'rename':
      stage.world.rename(victim.name, `mine${at}`);
      return;
    case 'unhealthy':
      if (victim.health === 'healthy') stage.world.health(victim.name, 'unhealthy');
      return;
    case 'interrupt':
    case 'none':
  }
};

const targetOf = (action: Action): string | undefined =>
  'container' in action ? action.container.id : undefined;

/** Every action stands after those it waits for, and every wait is for an action of the plan. */
const expectSorted = ({ actions }: Plan): void => {
  const before = new Set<string>();
  for (const action of actions) {
    expect(action.after.filter((id) => !before.has(id))).toEqual([]);
    expect(before.has(action.id)).toBe(false);
    before.add(action.id);
  }
};

/** Nothing that is not ours is named by an action that changes it. */
const expectOwn = ({ actions }: Plan, observed: Observed): void => {
  const own = new Set(
    observed.containers
      .filter((one) => one.labels[label.specHash] !== undefined)
      .map((one) => one.id),
  );
  for (const { action } of actions) {
    const id = targetOf(action);
    if (id !== undefined) expect(own).toContain(id);
    if (action.type === 'removeNetwork') expect(action.name).toMatch(/^memory_/);
    expect(action.type).not.toBe('removeVolume');
  }
};

const checked = (stage: Stage): Plan => {
  const observed = stage.world.observe('memory');
  const result = stage.plan();
  expectSorted(result);
  expectOwn(result, observed);
  return result;
};

/** Carries out a plan; what the world refuses is told with the plan. */
const carryOut = (stage: Stage, next: Plan, limit?: number): void => {
  const had = stage.world.containers;
  try {
    stage.world.run(next, limit);
  } catch (error) {
    throw new Error(`${String(error)}\n${had.join(', ')}\n${formatPlan(next)}`, { cause: error });
  }
};

/** Carries plans out until there is nothing left to do; how often that took. */
const converge = (stage: Stage): number => {
  for (let round = 0; round < 40; round += 1) {
    const next = checked(stage);
    if (next.actions.length === 0) return round;
    carryOut(stage, next);
    stage.world.settle();
  }
  throw new Error(`does not converge: ${stage.text}`);
};

const history = fc.array(fc.tuple(stacks, mishap), { minLength: 1, maxLength: 4 });

/** Applies one stack after the other, each carried out, interrupted or disturbed; all services that were there. */
const play = (
  stage: Stage,
  steps: readonly (readonly [{ services: Services; overrides: object }, Mishap])[],
): Services => {
  let before: Services = {};
  for (const [{ services, overrides }, event] of steps) {
    const gone = Object.entries(before).filter(([name]) => services[name] === undefined);
    const parts: Applied = {
      overrides: { ...overrides },
      tombstones: gone.map(([name, spec]) => ({ document: service(name, spec), withData: false })),
    };
    stage.apply(services, parts);
    const next = checked(stage);
    if (event.kind === 'interrupt') {
      carryOut(stage, next, event.at);
    } else {
      carryOut(stage, next);
      stage.world.settle();
      happen(stage, event);
    }
    before = { ...services, ...Object.fromEntries(gone) };
  }
  return before;
};

describe('whatever was applied, interrupted and broken before', () => {
  test('plans are sorted, touch only what is ours, and lead to rest', () => {
    fc.assert(
      fc.property(history, (steps) => {
        const stage = new Stage();
        surround(stage);
        play(stage, steps);
        converge(stage);
        // Ten healthy minutes later the recoveries are forgotten, and nothing else happens.
        stage.world.settle(11 * 60_000);
        converge(stage);
        const { containers } = stage.world;
        expect(containers).toEqual(expect.arrayContaining(STRANGERS));
        expect(stage.plan().actions).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  test('the same situation gives the same plan, in whatever order it was listed', () => {
    fc.assert(
      fc.property(history, fc.boolean(), (steps, last) => {
        const stage = new Stage();
        surround(stage);
        play(stage, last ? steps : steps.slice(1));
        const input = {
          desired: stage.desired,
          observed: stage.world.observe('memory'),
          guardian: 'service',
          ladder: 'continuous',
          requestedAt: null,
          recovery: stage.world.recovery,
        } as const;
        const { observed } = input;
        const turned: Observed = {
          ...observed,
          all: observed.all.toReversed(),
          containers: observed.containers.toReversed(),
          networks: observed.networks.toReversed(),
          volumes: observed.volumes.toReversed(),
        };
        expect(plan({ ...input, observed: turned })).toEqual(plan(input));
        expect(plan(input)).toEqual(plan(input));
      }),
      { numRuns: 60 },
    );
  });

  test('data stays, whatever happens to the services', () => {
    fc.assert(
      fc.property(history, (steps) => {
        const stage = new Stage();
        const known = play(stage, steps);
        const had = stage.world.volumes;
        const tombstones = Object.entries(known).map(([name, spec]) => ({
          document: service(name, spec),
          withData: false,
        }));
        stage.apply({}, { deleting: true, tombstones });
        converge(stage);
        expect(stage.world.volumes).toEqual(had);
      }),
      { numRuns: 60 },
    );
  });
});
