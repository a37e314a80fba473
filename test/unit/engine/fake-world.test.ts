import { describe, expect, it } from 'vitest';
import type { Engine, EngineEvent } from '../../../src/engine/api.ts';
import type { Behaviour } from '../../../src/engine/fake/behaviour.ts';
import { swapPairs } from '../../../src/engine/fake/event-hub.ts';
import { FakeWorld } from '../../../src/engine/fake/world.ts';
import type { ContainerSpec } from '../../../src/model/container.ts';
import { VirtualClock } from '../../setup/virtual-clock.ts';

const setting = (behaviour: Behaviour = {}) => {
  const clock = new VirtualClock();
  const world = new FakeWorld({ clock, program: () => behaviour });
  world.addImage('app:1');
  const engine = world.connect();
  const run = async (name: string, wanted: Partial<ContainerSpec> = {}): Promise<string> => {
    const id = await engine.createContainer({
      name,
      image: 'app:1',
      labels: {},
      env: {},
      command: ['app'],
      ports: [],
      mounts: [],
      network: { mode: 'none' },
      restartPolicy: 'no',
      limits: {},
      ...wanted,
    });
    await engine.startContainer(id);
    return id;
  };
  return { clock, world, engine, run };
};

const listen = (engine: Engine) => {
  const events: EngineEvent[] = [];
  const run = async (): Promise<void> => {
    for await (const event of engine.events()) events.push(event);
  };
  const ended = run().then(
    () => 'ended',
    (error: unknown) => error,
  );
  return { events, ended };
};

const check = {
  test: ['CMD', 'x'],
  intervalMs: 1000,
  timeoutMs: 3000,
  retries: 3,
  startPeriodMs: 0,
};

describe('time in the fake', () => {
  it('probes one interval after the start, and again one after the end of each', async () => {
    const { clock, world, run } = setting();
    await run('app-a', { healthcheck: check });
    await clock.advance(999);
    expect(world.container('app-a').health).toBe('starting');
    await clock.advance(1);
    expect(world.container('app-a').health).toBe('healthy');
    world.setProbe('app-a', 'bad');
    await clock.advance(2000);
    expect(world.container('app-a')).toMatchObject({ health: 'healthy', failingStreak: 2 });
    await clock.advance(1000);
    expect(world.container('app-a')).toMatchObject({ health: 'unhealthy', failingStreak: 3 });
  });

  it('takes as long as Docker to see that probes hang', async () => {
    const { clock, world, run } = setting({ health: 'hangs' });
    await run('app-a', { healthcheck: check });
    await clock.advance(11_999);
    expect(world.container('app-a').health).toBe('starting');
    await clock.advance(1);
    expect(world.container('app-a').health).toBe('unhealthy');
  });

  it('restarts what its policy wants back, with the doubling wait of Docker', async () => {
    const { clock, world, run } = setting();
    await run('app-a', { restartPolicy: 'unless-stopped' });
    for (const wait of [100, 200, 400]) {
      world.crash('app-a', 3);
      expect(world.container('app-a')).toMatchObject({ state: 'restarting', exitCode: 3 });
      await clock.advance(wait - 1);
      expect(world.container('app-a').state).toBe('restarting');
      await clock.advance(1);
      expect(world.container('app-a').state).toBe('running');
    }
    expect(world.container('app-a').restartCount).toBe(3);
    await clock.advance(10_000);
    world.crash('app-a', 3);
    await clock.advance(100);
    expect(world.container('app-a').state).toBe('running');
  });

  it('gives a deaf command its whole grace', async () => {
    const { clock, world, engine, run } = setting({ ignoresStop: true });
    const id = await run('app-a');
    const stopped = engine.stopContainer(id, 10_000);
    await clock.advance(9_999);
    expect(world.container('app-a').state).toBe('running');
    await clock.advance(1);
    await stopped;
    expect(world.container('app-a')).toMatchObject({ state: 'exited', exitCode: 137 });
  });

  it('tells events when they happen, without anybody calling', async () => {
    const { clock, engine, run } = setting({ exitsAfterMs: 500, exitCode: 4 });
    const { events } = listen(engine);
    await clock.advance(0);
    await run('app-a');
    await clock.advance(500);
    expect(events.map(({ action }) => action)).toEqual(['create', 'start', 'die']);
    expect(events[2]?.at).toBe(clock.now());
  });
});

describe('what happens to containers of the fake', () => {
  it('crashes, runs out of memory, turns unhealthy at once', async () => {
    const { world, run } = setting();
    await run('app-a', { healthcheck: check });
    world.setHealth('app-a', 'unhealthy');
    expect(world.container('app-a').health).toBe('unhealthy');
    world.crash('app-a', 9);
    expect(world.container('app-a')).toMatchObject({
      state: 'exited',
      exitCode: 9,
      oomKilled: false,
    });
    await run('app-b');
    world.outOfMemory('app-b');
    expect(world.container('app-b')).toMatchObject({
      state: 'exited',
      exitCode: 137,
      oomKilled: true,
    });
  });

  it('can never again start what is half removed, but removes it', async () => {
    const { world, engine, run } = setting();
    const id = await run('app-a');
    world.halfRemove('app-a', 'dead');
    await expect(engine.startContainer(id)).rejects.toMatchObject({ code: 'MarkedForRemoval' });
    await engine.removeContainer(id, true);
    expect(await engine.findContainer(id)).toBeUndefined();
  });

  it('has several networks of one name where somebody made them at once', async () => {
    const { world, engine } = setting();
    const request = { name: 'n', driver: 'bridge', internal: false, labels: {} };
    world.addNetwork(request);
    world.addNetwork(request);
    await expect(engine.removeNetwork('n')).rejects.toMatchObject({ code: 'NetworkAmbiguous' });
  });

  it('runs out of address pools at about thirty networks, not for explicit subnets', async () => {
    const { engine } = setting();
    const request = (n: number) => ({
      name: `n${n}`,
      driver: 'bridge',
      internal: false,
      labels: {},
    });
    for (let n = 0; n < 30; n += 1) await engine.createNetwork(request(n));
    await expect(engine.createNetwork(request(30))).rejects.toMatchObject({
      code: 'PoolExhausted',
    });
    await engine.createNetwork({ ...request(31), subnet: '10.1.0.0/24' });
  });
});

describe('what goes wrong in the fake', () => {
  it('records calls, and tells writes from reads', async () => {
    const { world, engine, run } = setting();
    await run('app-a');
    await engine.listContainers();
    expect(world.calls.map(({ operation }) => operation)).toEqual([
      'createContainer',
      'startContainer',
      'listContainers',
    ]);
    expect(world.writes()).toHaveLength(2);
    world.forgetCalls();
    await world.outside.listContainers();
    expect(world.calls).toEqual([]);
  });

  it('fails before or after the engine did it', async () => {
    const { world, run } = setting();
    world.fail({ operation: 'createContainer', error: 'EngineBroken' });
    await expect(run('app-a')).rejects.toMatchObject({ code: 'EngineBroken' });
    expect(await world.outside.findContainer('app-a')).toBeUndefined();
    world.fail({ operation: 'createContainer', when: 'after', error: 'EngineBroken', times: 1 });
    await expect(run('app-a')).rejects.toMatchObject({ code: 'EngineBroken' });
    expect(await world.outside.findContainer('app-a')).toMatchObject({ state: 'created' });
    await run('app-b');
  });

  it('hangs until the deadline of the call', async () => {
    const { clock, world, engine } = setting();
    world.fail({ error: 'hangs' });
    const call = expect(engine.ping({ deadlineMs: 500 })).rejects.toMatchObject({
      code: 'EngineTimeout',
    });
    await clock.advance(500);
    await call;
    await engine.ping();
  });

  it('serves an older list while writes go to what is', async () => {
    const { world, engine, run } = setting();
    const id = await run('app-a');
    world.freezeLists();
    await engine.removeContainer(id, true);
    await run('app-b');
    expect((await engine.listContainers()).map(({ name, state }) => [name, state])).toEqual([
      ['app-a', 'running'],
    ]);
    expect(await engine.findContainer(id)).toBeUndefined();
    expect((await world.outside.listContainers()).map(({ name }) => name)).toEqual(['app-b']);
    world.thawLists();
    expect((await engine.listContainers()).map(({ name }) => name)).toEqual(['app-b']);
  });

  it('goes away with all streams, and comes back with everything dead', async () => {
    const { clock, world, engine, run } = setting();
    await run('app-a', { restartPolicy: 'no' });
    const { ended } = listen(engine);
    await clock.advance(0);
    world.goAway({ killed: true });
    expect(await ended).toMatchObject({ code: 'EngineBroken' });
    await expect(engine.ping()).rejects.toMatchObject({ code: 'EngineUnreachable' });
    world.comeBack();
    expect(await engine.findContainer('app-a')).toMatchObject({ state: 'exited', exitCode: 137 });
  });

  it('drops, repeats and reorders events', async () => {
    const { clock, world, engine, run } = setting();
    const { events } = listen(engine);
    await clock.advance(0);
    world.setDelivery(() => []);
    await run('dropped');
    world.setDelivery((event) => [event, event]);
    await run('repeated');
    world.setDelivery(swapPairs());
    await run('swapped');
    await clock.advance(0);
    expect(events.map(({ name, action }) => `${name} ${action}`)).toEqual([
      'repeated create',
      'repeated create',
      'repeated start',
      'repeated start',
      'swapped start',
      'swapped create',
    ]);
  });
});
