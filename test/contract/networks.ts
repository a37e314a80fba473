import { describe, expect, it } from 'vitest';
import { retryClass } from '../../src/engine/errors.ts';
import { codeOf, type Subject, workbench } from './subject.ts';

export const networkContract = (subject: Subject): void => {
  describe('networks', () => {
    const bench = workbench(subject);
    const attachments = async (id: string) => (await bench.engine().findContainer(id))?.attachments;
    const on = (network: string, ...aliases: string[]) =>
      ({ mode: 'network', network, aliases }) as const;

    it('creates with subnet and labels, and lists', async () => {
      const subnet = bench.subnet();
      const { id, name } = await bench.network({ subnet, internal: true, labels: { a: 'b' } });
      const listed = (await bench.engine().listNetworks()).find((network) => network.id === id);
      expect(listed).toEqual({
        id,
        name,
        driver: 'bridge',
        labels: { a: 'b' },
        internal: true,
        subnets: [subnet],
      });
      const names = (await bench.engine().listNetworks()).map((network) => network.name);
      expect(names).toEqual([...names].sort());
      expect(names).toContain('bridge');
    });

    it('gives a name once', async () => {
      const { name } = await bench.network();
      expect(await codeOf(bench.network({ name }))).toBe('NameTaken');
    });

    it('refuses a subnet that overlaps', async () => {
      const subnet = bench.subnet();
      await bench.network({ subnet });
      const call = bench.network({ subnet });
      expect(await codeOf(call)).toBe('PoolOverlap');
      expect(retryClass(await call.catch((error: unknown) => error))).toBe('replan');
    });

    it('refuses what is no subnet', async () => {
      expect(await codeOf(bench.network({ subnet: '10.1.2.3' }))).toBe('BadRequest');
    });

    it('removes, and removing what is gone is no error', async () => {
      const { id } = await bench.network();
      await bench.engine().removeNetwork(id);
      await bench.engine().removeNetwork(id);
      expect((await bench.engine().listNetworks()).some((network) => network.id === id)).toBe(
        false,
      );
    });

    it('keeps a network that has running containers', async () => {
      const { id, name } = await bench.network();
      const container = await bench.run({ network: on(name) });
      const call = bench.engine().removeNetwork(id);
      expect(await codeOf(call)).toBe('ActiveEndpoints');
      expect(retryClass(await call.catch((error: unknown) => error))).toBe('waitFor');
      await bench.engine().stopContainer(container, 0);
      await bench.engine().removeNetwork(id);
    });

    it('puts a container on its network with aliases and a fixed address', async () => {
      const { id, name } = await bench.network({ subnet: '10.99.77.0/28' });
      const container = await bench.create({
        network: { ...on(name, 'web', 'web-1'), ipv4: '10.99.77.9' },
      });
      expect(await attachments(container)).toEqual([
        expect.objectContaining({
          network: name,
          aliases: ['web', 'web-1'],
          ip: '',
          ipv4: '10.99.77.9',
        }),
      ]);
      await bench.engine().startContainer(container);
      expect(await bench.engine().findContainer(container)).toMatchObject({
        networkMode: name,
        attachments: [
          {
            network: name,
            networkId: id,
            aliases: ['web', 'web-1'],
            ip: '10.99.77.9',
            ipv4: '10.99.77.9',
          },
        ],
      });
      await bench.engine().stopContainer(container, 0);
      expect(await attachments(container)).toEqual([
        { network: name, networkId: id, aliases: ['web', 'web-1'], ip: '', ipv4: '10.99.77.9' },
      ]);
    });

    it('tells that a fixed address is taken', async () => {
      const { name } = await bench.network({ subnet: '10.99.78.0/28' });
      const network = { ...on(name), ipv4: '10.99.78.9' };
      await bench.run({ network });
      const second = await bench.create({ network });
      expect(await codeOf(bench.engine().startContainer(second))).toBe('AddressTaken');
    });

    it('resolves aliases between containers', async () => {
      if (subject.name === 'fake') return;
      const { name } = await bench.network();
      await bench.run({ network: on(name, 'graph', 'graph-1') });
      const client = await bench.run({ network: on(name, 'client') });
      const run = (host: string) =>
        bench.engine().exec(client, {
          command: ['ping', '-c', '1', '-W', '2', host],
          stdout: process.stderr,
          stderr: process.stderr,
        });
      expect(await run('graph')).toBe(0);
      expect(await run('graph-1')).toBe(0);
      expect(await run('nobody')).not.toBe(0);
    });

    it('connects and disconnects with aliases, running or not, and again without harm', async () => {
      const [first, second] = [await bench.network(), await bench.network()];
      for (const running of [false, true]) {
        const container = running
          ? await bench.run({ network: on(first.name) })
          : await bench.create({ network: on(first.name) });
        const endpoint = { container, aliases: ['api', 'api-1'] };
        await bench.engine().connectNetwork(second.name, endpoint);
        await bench.engine().connectNetwork(second.name, endpoint);
        const connected = (await attachments(container))?.find(
          ({ network }) => network === second.name,
        );
        expect(connected?.aliases).toEqual(['api', 'api-1']);
        expect(connected?.ip === '').toBe(!running);
        const other = { container, aliases: ['other'] };
        expect(await codeOf(bench.engine().connectNetwork(second.name, other))).toBe(
          'AlreadyConnected',
        );
        await bench.engine().disconnectNetwork(second.name, container);
        await bench.engine().disconnectNetwork(second.name, container);
        expect((await attachments(container))?.map(({ network }) => network)).toEqual([first.name]);
        await bench.engine().connectNetwork(second.name, other);
        const reconnected = (await attachments(container))?.find(
          ({ network }) => network === second.name,
        );
        expect(reconnected?.aliases).toEqual(['other']);
        await bench.engine().removeContainer(container, true);
      }
    });

    it('connects nothing to what is not there, and disconnects everything from it', async () => {
      const { name } = await bench.network();
      const running = await bench.run({ network: on(name) });
      const gone = bench.name();
      const nobody = 'f'.repeat(64);
      const connect = (network: string, container: string) =>
        bench.engine().connectNetwork(network, { container, aliases: [] });
      expect(await codeOf(connect(gone, running))).toBe('NoSuchNetwork');
      expect(await codeOf(connect(name, nobody))).toBe('NoSuchContainer');
      await bench.engine().disconnectNetwork(gone, running);
      await bench.engine().disconnectNetwork(name, nobody);
      // Docker below API 1.44 believes everything of a container that does not run, until its start.
      const stopped = await bench.create({ network: on(name) });
      const start = () => bench.engine().startContainer(stopped);
      expect(['NoSuchNetwork', 'NetworkGone']).toContain(
        await codeOf(connect(gone, stopped).then(start)),
      );
    });

    it('never again starts a container whose network was removed, even when the name is back', async () => {
      const { id, name } = await bench.network();
      const container = await bench.run({ network: on(name) });
      await bench.engine().stopContainer(container, 0);
      await bench.engine().removeNetwork(id);
      await bench.network({ name });
      const call = bench.engine().startContainer(container);
      expect(await codeOf(call)).toBe('NetworkGone');
      expect(retryClass(await call.catch((error: unknown) => error))).toBe('replan');
    });

    it('tells at the latest at start that there is no such network', async () => {
      const create = bench.create({ network: on(bench.name()) });
      const code = await codeOf(create.then((id) => bench.engine().startContainer(id)));
      expect(code).toBe('NetworkGone');
    });

    it('starts a container that was disconnected from everything', async () => {
      const { name } = await bench.network();
      const container = await bench.create({ network: on(name) });
      await bench.engine().disconnectNetwork(name, container);
      expect(await attachments(container)).toEqual([]);
      await bench.engine().startContainer(container);
      expect(await attachments(container)).toEqual([]);
    });
  });
};
