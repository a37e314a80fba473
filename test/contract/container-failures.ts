import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { holderOf, retryClass } from '../../src/engine/errors.ts';
import { until } from '../setup/until.ts';
import { commands, codeOf, type Subject, workbench } from './subject.ts';

const onBridge = { mode: 'network', network: 'bridge', aliases: [] } as const;

/** Every class of failure that engine-facts documents for containers. */
export const containerFailureContract = (subject: Subject): void => {
  describe('container failures', () => {
    const bench = workbench(subject);
    const failure = async (call: Promise<unknown>): Promise<Error> => {
      try {
        await call;
      } catch (error) {
        if (error instanceof Error) return error;
      }
      throw new Error('it did not fail');
    };

    const exec = (id: string): Promise<number> => {
      const output = new PassThrough().resume();
      return bench.engine().exec(id, { command: ['true'], stdout: output, stderr: output });
    };

    it('names the holder of a taken name', async () => {
      const name = bench.name();
      const holder = await bench.create({ name });
      const error = await failure(bench.create({ name }));
      expect(error).toMatchObject({ code: 'NameTaken' });
      expect(holderOf(error)).toBe(holder);
      expect(retryClass(error)).toBe('replan');
      expect(error.message).toContain(name);
      expect(error.cause).toBeInstanceOf(Error);
    });

    it('says that there is no such container, for every call that needs one', async () => {
      const id = 'f'.repeat(64);
      const engine = bench.engine();
      const calls = [
        engine.startContainer(id),
        engine.stopContainer(id, 0),
        engine.restartContainer(id, 0),
        engine.killContainer(id, 'SIGKILL'),
        engine.pauseContainer(id),
        engine.unpauseContainer(id),
        engine.renameContainer(id, bench.name()),
        engine.updateContainer(id, { restartPolicy: 'no' }),
        engine.stats(id),
        engine.getArchive(id, '/'),
        engine.putArchive(id, '/', new Uint8Array(1024)),
        exec(id),
        engine.logs(id)[Symbol.asyncIterator]().next(),
      ];
      expect(await Promise.all(calls.map(codeOf))).toEqual(calls.map(() => 'NoSuchContainer'));
    });

    it('does not create without its image', async () => {
      const error = await failure(bench.create({ image: 'l9.local/no-such-image:1' }));
      expect(error).toMatchObject({ code: 'NoSuchImage' });
      expect(error.message).toContain('l9.local/no-such-image:1');
    });

    it('does not create with a bind whose source is missing, instead of making a folder', async () => {
      const mounts = [
        { type: 'bind', source: subject.missing, path: '/x', readOnly: true },
      ] as const;
      const error = await failure(bench.create({ mounts }));
      expect(error).toMatchObject({ code: 'BindSourceMissing' });
      expect(error.message).toContain(subject.missing);
      expect(retryClass(error)).toBe('specChange');
    });

    it('does not create what Docker does not understand', async () => {
      expect(await codeOf(bench.create({ limits: { memoryBytes: 1000 } }))).toBe('BadRequest');
      expect(await codeOf(bench.create({ name: '-x' }))).toBe('BadRequest');
    });

    it('tells that a port is taken by another container', async () => {
      const ports = [
        { container: 80, protocol: 'tcp', hostIP: '127.0.0.1', host: await subject.freePort() },
      ] as const;
      const holder = await bench.run({ ports, network: onBridge });
      // Ports are taken at start only.
      const id = await bench.create({ ports, network: onBridge });
      const error = await failure(bench.engine().startContainer(id));
      expect(error).toMatchObject({ code: 'PortTaken' });
      expect(error.message).toContain(String(ports[0].host));
      expect(retryClass(error)).toBe('replan');
      expect(await bench.engine().findContainer(id)).toMatchObject({
        state: 'created',
        exitCode: 128,
      });
      await bench.engine().stopContainer(holder, 0);
      await bench.engine().startContainer(id);
    });

    it('tells that a port is taken by a process of the host', async () => {
      const occupied = await subject.occupiedPort();
      try {
        const ports = [
          { container: 80, protocol: 'tcp', hostIP: '127.0.0.1', host: occupied.port },
        ] as const;
        const id = await bench.create({ ports, network: onBridge });
        expect(await codeOf(bench.engine().startContainer(id))).toBe('PortTaken');
      } finally {
        await occupied.release();
      }
    });

    it('tells that the command is not in the image, and keeps the container', async () => {
      const id = await bench.create({ command: commands.missing });
      const error = await failure(bench.engine().startContainer(id));
      expect(error).toMatchObject({ code: 'CommandNotFound' });
      expect(error.message).toContain('/no/such/program');
      expect(retryClass(error)).toBe('specChange');
      const container = await bench.engine().findContainer(id);
      expect(container).toMatchObject({ state: 'created', exitCode: 127 });
      expect(container?.error).not.toBe('');
    });

    it('does not stop, kill or pause what was never started', async () => {
      const id = await bench.create();
      await bench.engine().stopContainer(id, 0);
      expect(await codeOf(bench.engine().pauseContainer(id))).toBe('ContainerNotRunning');
      expect(await codeOf(exec(id))).toBe('ContainerNotRunning');
    });

    it('does little with what the engine restarts over and over, but stops it', async () => {
      const id = await bench.run({ command: commands.fails, restartPolicy: 'always' });
      // Each wait is twice as long as the last: after a few there is time to look.
      await until(() => bench.engine().findContainer(id), {
        what: 'a long wait for the next restart',
        is: (one) => one?.state === 'restarting' && one.restartCount >= 4,
      });
      expect(await codeOf(exec(id))).toBe('ContainerRestarting');
      expect(await codeOf(bench.engine().pauseContainer(id))).toBe('ContainerRestarting');
      expect(await codeOf(bench.engine().removeContainer(id, false))).toBe('ContainerRunning');
      await bench.engine().startContainer(id);
      await bench.engine().stopContainer(id, 0);
      expect((await bench.engine().findContainer(id))?.state).toBe('exited');
    });

    it('does not remove what is paused without force', async () => {
      const id = await bench.run();
      await bench.engine().pauseContainer(id);
      expect(await codeOf(bench.engine().removeContainer(id, false))).toBe('ContainerPaused');
      await bench.engine().removeContainer(id, true);
    });

    it('shares the network of another container only while that one runs', async () => {
      const [name, target] = [bench.name(), bench.name()];
      const host = await bench.create({ name: target });
      const id = await bench.create({ name, network: { mode: 'container', container: target } });
      expect((await bench.engine().findContainer(id))?.networkMode).toBe(`container:${host}`);
      expect(await codeOf(bench.engine().startContainer(id))).toBe('DependencyNotRunning');
      await bench.engine().startContainer(host);
      await bench.engine().startContainer(id);
      expect((await bench.engine().findContainer(id))?.state).toBe('running');
    });
  });
};
