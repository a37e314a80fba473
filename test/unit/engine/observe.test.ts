import { describe, expect, it } from 'vitest';
import { FakeWorld } from '../../../src/engine/fake/world.ts';
import { observe } from '../../../src/engine/observe.ts';
import type { Labels } from '../../../src/model/labels.ts';
import { VirtualClock } from '../../setup/virtual-clock.ts';

const setting = () => {
  const clock = new VirtualClock();
  const world = new FakeWorld({ clock });
  const id = world.addImage('app:1', { volumes: ['/data'] });
  const engine = world.connect();
  const create = (name: string, labels: Labels) =>
    engine.createContainer({
      name,
      image: 'app:1',
      labels,
      env: {},
      command: ['app'],
      ports: [],
      mounts: [],
      network: { mode: 'none' },
      restartPolicy: 'no',
      limits: {},
    });
  return { clock, world, engine, create, imageId: id };
};

const own = (project: string) => ({ 'com.l9.project': project, 'com.l9.service': 'web' });

describe('observing', () => {
  it("lists everything, inspects the project's own, and finds the images that are asked for", async () => {
    const { clock, engine, create, imageId } = setting();
    await create('shop_web_2', own('shop'));
    await create('shop_web_1', own('shop'));
    await create('other_web_1', own('other'));
    await create('foreign', {});
    // A lock is no instance.
    await create('l9-lock.shop', { 'com.l9.project': 'shop' });
    const observed = await observe(engine, {
      project: 'shop',
      imageReferences: ['app:1', 'nobody:1'],
      clock,
    });
    expect(observed.at).toBe(clock.now());
    expect(observed.all).toHaveLength(5);
    expect(observed.containers.map(({ name }) => name)).toEqual(['shop_web_1', 'shop_web_2']);
    expect(observed.networks.map(({ name }) => name)).toEqual(['bridge', 'host', 'none']);
    expect(observed.volumes).toHaveLength(5);
    expect(observed.images['app:1']).toMatchObject({ id: imageId, volumes: ['/data'] });
    expect(observed.images).not.toHaveProperty('nobody:1');
  });

  it('leaves out what was removed between the list and the look', async () => {
    const { clock, world, engine, create } = setting();
    await create('shop_web_1', own('shop'));
    const gone = await create('shop_web_2', own('shop'));
    world.freezeLists();
    await engine.removeContainer(gone, true);
    const observed = await observe(engine, { project: 'shop', imageReferences: [], clock });
    expect(observed.all).toHaveLength(2);
    expect(observed.containers.map(({ name }) => name)).toEqual(['shop_web_1']);
  });

  it('writes nothing', async () => {
    const { clock, world, engine, create } = setting();
    await create('shop_web_1', own('shop'));
    world.forgetCalls();
    await observe(engine, { project: 'shop', imageReferences: ['app:1'], clock });
    expect(world.writes()).toEqual([]);
  });

  it('ends with the reason of the signal', async () => {
    const { clock, engine } = setting();
    const reason = new Error('enough');
    const signal = AbortSignal.abort(reason);
    await expect(
      observe(engine, { project: 'x', imageReferences: [], clock, signal }),
    ).rejects.toBe(reason);
  });
});
