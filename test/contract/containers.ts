import { describe, expect, it } from 'vitest';
import { until } from '../setup/until.ts';
import { commands, codeOf, type Subject, workbench } from './subject.ts';

const MiB = 1024 * 1024;

export const containerContract = (subject: Subject): void => {
  describe('containers', () => {
    const bench = workbench(subject);
    const find = async (id: string) => {
      const container = await bench.engine().findContainer(id);
      if (container === undefined) throw new Error(`${id} is not there`);
      return container;
    };
    const stateOf = async (id: string) => (await find(id)).state;
    const exited = (id: string) =>
      until(() => find(id), { what: 'exit', is: ({ state }) => state === 'exited' });

    it('creates what was asked for, and finds it by id, by name and in the list', async () => {
      const name = bench.name();
      const id = await bench.create({ name, labels: { 'test.nonce': name, b: '' } });
      const container = await find(name);
      expect(container).toMatchObject({
        id,
        name,
        state: 'created',
        health: 'none',
        exitCode: 0,
        oomKilled: false,
        error: '',
        startedAt: null,
        finishedAt: null,
        restartCount: 0,
        restartPolicy: 'no',
        limits: {},
        bindings: [],
        mounts: [],
        networkMode: 'none',
        attachments: [],
        ports: [],
        pid: 0,
      });
      expect(container.labels).toMatchObject({ 'test.nonce': name, b: '' });
      expect(container.image).toBe(subject.image);
      expect(container.imageId).toMatch(/^sha256:[0-9a-f]{64}$/);
      expect(await find(id)).toEqual(container);
      expect(await find(id.slice(0, 12))).toEqual(container);
      const listed = (await bench.engine().listContainers()).find((one) => one.id === id);
      expect(listed).toMatchObject({
        id,
        name,
        state: 'created',
        image: subject.image,
        imageId: container.imageId,
      });
      expect(listed?.labels).toEqual(container.labels);
      expect(Math.floor(container.createdAt / 1000) * 1000).toBe(listed?.createdAt);
    });

    it('finds nothing where there is nothing', async () => {
      expect(await bench.engine().findContainer(bench.name())).toBeUndefined();
      expect(await bench.engine().findContainer('0123456789ab'.padEnd(64, '0'))).toBeUndefined();
    });

    it('lists by labels, all of which must hold, sorted by name', async () => {
      const mark = bench.name();
      const [a, b] = [bench.name(), bench.name()].sort();
      await bench.create({ name: b!, labels: { mark, kind: 'x' } });
      await bench.create({ name: a!, labels: { mark, kind: 'y' } });
      const names = async (...labels: string[]) =>
        (await bench.engine().listContainers({ labels })).map(({ name }) => name);
      expect(await names(`mark=${mark}`)).toEqual([a, b]);
      expect(await names(`mark=${mark}`, 'kind')).toEqual([a, b]);
      expect(await names(`mark=${mark}`, 'kind=x')).toEqual([b]);
      expect(await names(`mark=${mark}`, 'kind=z')).toEqual([]);
    });

    it('gives a name to exactly one of many that create it at once, and names the holder to the others', async () => {
      const name = bench.name();
      const all = await Promise.allSettled(Array.from({ length: 8 }, () => bench.create({ name })));
      const won = all.filter(({ status }) => status === 'fulfilled');
      expect(won).toHaveLength(1);
      const codes = all.flatMap((one) => (one.status === 'rejected' ? [one.reason.code] : []));
      expect(codes).toEqual(Array.from({ length: 7 }, () => 'NameTaken'));
    });

    it('starts, stops and starts again; what is so already is no error', async () => {
      const id = await bench.create();
      await bench.engine().startContainer(id);
      await bench.engine().startContainer(id);
      const running = await find(id);
      expect(running.state).toBe('running');
      expect(running.pid).toBeGreaterThan(0);
      expect(running.startedAt).toBeGreaterThan(0);
      await bench.engine().stopContainer(id, 0);
      await bench.engine().stopContainer(id, 0);
      const stopped = await find(id);
      expect(stopped).toMatchObject({ state: 'exited', exitCode: 137, oomKilled: false, pid: 0 });
      expect(stopped.finishedAt).toBeGreaterThanOrEqual(stopped.startedAt ?? Infinity);
      const listed = (await bench.engine().listContainers()).find((one) => one.id === id);
      expect(listed).toMatchObject({ state: 'exited', exitCode: 137, health: 'none' });
      await bench.engine().startContainer(id);
      expect(await find(id)).toMatchObject({ state: 'running', exitCode: 0 });
    });

    it('lets a command that hears the stop signal end by itself', async () => {
      const id = await bench.run({ command: commands.polite });
      const lines = () => bench.engine().logs(id)[Symbol.asyncIterator]().next();
      await until(lines, { what: 'the command to listen', is: ({ done }) => done !== true });
      await bench.engine().stopContainer(id, 10_000);
      expect(await find(id)).toMatchObject({ state: 'exited', exitCode: 0 });
    });

    it('restarts what runs and what does not, without counting it as a restart of its own', async () => {
      const id = await bench.run();
      const before = await find(id);
      await bench.engine().restartContainer(id, 0);
      const after = await find(id);
      expect(after).toMatchObject({ state: 'running', restartCount: 0 });
      expect(after.startedAt).toBeGreaterThan(before.startedAt ?? Infinity);
      await bench.engine().stopContainer(id, 0);
      await bench.engine().restartContainer(id, 0);
      expect(await stateOf(id)).toBe('running');
    });

    it('tells how a command ended', async () => {
      const failed = await bench.run({ command: commands.fails });
      expect(await exited(failed)).toMatchObject({ exitCode: 3, oomKilled: false });
      const done = await bench.run({ command: commands.succeeds });
      expect(await exited(done)).toMatchObject({ exitCode: 0 });
    });

    it('kills, and finds that what does not run is dead enough', async () => {
      const id = await bench.run();
      await bench.engine().killContainer(id, 'SIGKILL');
      expect(await exited(id)).toMatchObject({ exitCode: 137, oomKilled: false });
      await bench.engine().killContainer(id, 'SIGKILL');
      expect(await codeOf(bench.engine().killContainer(id, 'SIGHUP'))).toBe('ContainerNotRunning');
    });

    it('tells when the kernel took the memory away', async () => {
      const id = await bench.run({ command: commands.eats, limits: { memoryBytes: 8 * MiB } });
      expect(await exited(id)).toMatchObject({ exitCode: 137, oomKilled: true });
    });

    it('pauses and continues; doing it twice is no error', async () => {
      const id = await bench.run();
      await bench.engine().pauseContainer(id);
      await bench.engine().pauseContainer(id);
      expect(await stateOf(id)).toBe('paused');
      expect(await codeOf(bench.engine().startContainer(id))).toBe('ContainerPaused');
      await bench.engine().unpauseContainer(id);
      await bench.engine().unpauseContainer(id);
      expect(await stateOf(id)).toBe('running');
    });

    it('renames, also while running, and frees the old name', async () => {
      const [old, fresh] = [bench.name(), bench.name()];
      const id = await bench.run({ name: old });
      await bench.engine().renameContainer(id, fresh);
      await bench.engine().renameContainer(id, fresh);
      expect((await find(id)).name).toBe(fresh);
      expect(await bench.engine().findContainer(old)).toBeUndefined();
      const other = await bench.create({ name: old });
      expect(await codeOf(bench.engine().renameContainer(other, fresh))).toBe('NameTaken');
    });

    it('has the limits that were asked for, and changes them without a restart', async () => {
      const limits = {
        memoryBytes: 64 * MiB,
        memoryReservationBytes: 32 * MiB,
        nanoCpus: 5e8,
        pids: 50,
      };
      const id = await bench.run({ limits });
      const before = await find(id);
      expect(before.limits).toEqual(limits);
      // Raising memory alone is refused by Docker where the swap does not go with it.
      await bench
        .engine()
        .updateContainer(id, { limits: { memoryBytes: 128 * MiB, nanoCpus: 1e9 } });
      const after = await find(id);
      expect(after.limits).toEqual({ ...limits, memoryBytes: 128 * MiB, nanoCpus: 1e9 });
      expect(after.startedAt).toBe(before.startedAt);
      const impossible = { limits: { memoryBytes: 16 * MiB, memoryReservationBytes: 32 * MiB } };
      expect(await codeOf(bench.engine().updateContainer(id, impossible))).toBe('BadRequest');
    });

    it('changes the restart policy without a restart', async () => {
      const id = await bench.run({ restartPolicy: 'no' });
      const before = await find(id);
      await bench.engine().updateContainer(id, { restartPolicy: 'unless-stopped' });
      const after = await find(id);
      expect(after).toMatchObject({ restartPolicy: 'unless-stopped', startedAt: before.startedAt });
      await bench.engine().updateContainer(id, { restartPolicy: 'no' });
      expect((await find(id)).restartPolicy).toBe('no');
    });

    it('brings back what has a restart policy, and counts', async () => {
      const id = await bench.run({ command: commands.fails, restartPolicy: 'on-failure' });
      const again = await until(() => find(id), {
        what: 'two restarts',
        is: ({ restartCount }) => restartCount >= 2,
      });
      expect(again.exitCode === 3 || again.state === 'running').toBe(true);
      await bench.engine().stopContainer(id, 0);
      expect(await stateOf(id)).toBe('exited');
    });

    it('removes, and the name is free at once', async () => {
      const name = bench.name();
      const id = await bench.create({ name });
      await bench.engine().removeContainer(id, false);
      expect(await bench.engine().findContainer(id)).toBeUndefined();
      await bench.create({ name });
      await bench.engine().removeContainer(id, false);
      await bench.engine().removeContainer(id, true);
      expect(await bench.engine().findContainer(name)).toBeDefined();
    });

    it('removes what runs only when forced to, and several removers are no trouble', async () => {
      const id = await bench.run();
      expect(await codeOf(bench.engine().removeContainer(id, false))).toBe('ContainerRunning');
      expect(await stateOf(id)).toBe('running');
      await Promise.all(Array.from({ length: 3 }, () => bench.engine().removeContainer(id, true)));
      expect(await bench.engine().findContainer(id)).toBeUndefined();
    });

    it('tells the ports that were asked for while stopped, and those that are open while running', async () => {
      const binding = {
        container: 80,
        protocol: 'tcp',
        hostIP: '127.0.0.1',
        host: await subject.freePort(),
      } as const;
      const id = await bench.create({
        ports: [binding],
        network: { mode: 'network', network: 'bridge', aliases: [] },
      });
      expect(await find(id)).toMatchObject({ bindings: [binding], ports: [] });
      await bench.engine().startContainer(id);
      expect(await find(id)).toMatchObject({ bindings: [binding], ports: [binding] });
      const listed = (await bench.engine().listContainers()).find((one) => one.id === id);
      expect(listed?.ports).toEqual([binding]);
      await bench.engine().stopContainer(id, 0);
      expect(await find(id)).toMatchObject({ bindings: [binding], ports: [] });
    });

    it('refuses a secret that was not put in place', async () => {
      const call = bench.create({ env: { PASSWORD: { secret: 'db' } } });
      expect(await codeOf(call)).toBe('BadRequest');
    });
  });
};
