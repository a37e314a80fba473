import { describe, expect, it } from 'vitest';
import { holderOf } from '../../src/engine/errors.ts';
import { codeOf, type Subject, workbench } from './subject.ts';

export const volumeContract = (subject: Subject): void => {
  describe('volumes', () => {
    const bench = workbench(subject);
    const request = (name: string, labels: Readonly<Record<string, string>>) => ({
      name,
      driver: 'local',
      driverOpts: {},
      labels,
    });

    it('creates with labels, finds and lists', async () => {
      const nonce = bench.name();
      const name = await bench.volume({ nonce, empty: '' });
      const found = await bench.engine().findVolume(name);
      expect(found).toMatchObject({ name, driver: 'local', labels: { nonce, empty: '' } });
      expect(found?.mountpoint).toMatch(/^\//);
      expect(await bench.engine().listVolumes({ labels: [`nonce=${nonce}`] })).toEqual([found]);
      expect((await bench.engine().listVolumes()).map((volume) => volume.name)).toContain(name);
      expect(await bench.engine().listVolumes({ labels: [`nonce=${nonce}x`] })).toEqual([]);
    });

    it('gives back the volume that was there before, with its own labels', async () => {
      const name = await bench.volume({ nonce: 'first' });
      const second = await bench.engine().createVolume(request(name, { nonce: 'second' }));
      expect(second.labels).toEqual({ nonce: 'first' });
    });

    it('lets exactly one of many that create at once find its own labels', async () => {
      const name = await bench.volume();
      await bench.engine().removeVolume(name);
      const all = await Promise.all(
        Array.from({ length: 8 }, (_, n) =>
          bench.engine().createVolume(request(name, { nonce: String(n) })),
        ),
      );
      const nonces = new Set(all.map(({ labels }) => labels['nonce']));
      expect(nonces.size).toBe(1);
    });

    it('carries large labels', async () => {
      const large = 'x'.repeat(100_000);
      const name = await bench.volume({ large });
      expect((await bench.engine().findVolume(name))?.labels['large']).toBe(large);
    });

    it('removes, and removing what is gone is no error', async () => {
      const name = await bench.volume();
      await bench.engine().removeVolume(name);
      await bench.engine().removeVolume(name);
      expect(await bench.engine().findVolume(name)).toBeUndefined();
    });

    it('keeps a volume that a container refers to, even a stopped one, and names that container', async () => {
      const volume = await bench.volume();
      const mounts = [{ type: 'volume', volume, path: '/data', readOnly: false }] as const;
      const id = await bench.create({ mounts });
      const call = bench.engine().removeVolume(volume);
      expect(await codeOf(call)).toBe('VolumeInUse');
      expect(holderOf(await call.catch((error: unknown) => error))).toBe(id);
      await bench.engine().removeContainer(id, true);
      await bench.engine().removeVolume(volume);
    });

    it('mounts volumes, folders and memory, and tells so', async () => {
      const volume = await bench.volume();
      const id = await bench.create({
        mounts: [
          { type: 'volume', volume, path: '/data', readOnly: true },
          { type: 'bind', source: subject.folder, path: '/bound', readOnly: false },
          { type: 'tmpfs', path: '/memory', sizeBytes: 1_048_576 },
        ],
      });
      expect((await bench.engine().findContainer(id))?.mounts).toEqual([
        { type: 'bind', source: subject.folder, path: '/bound', readOnly: false },
        { type: 'volume', volume, source: expect.any(String), path: '/data', readOnly: true },
        { type: 'tmpfs', source: '', path: '/memory', readOnly: false },
      ]);
    });

    it('keeps volumes when their container is removed', async () => {
      const volume = await bench.volume();
      const mounts = [{ type: 'volume', volume, path: '/data', readOnly: false }] as const;
      const id = await bench.run({ mounts });
      await bench.engine().removeContainer(id, true);
      expect(await bench.engine().findVolume(volume)).toBeDefined();
    });

    // Docker looks for a plugin for 15 s before it gives up.
    it('refuses a driver that is not there, for networks too', async () => {
      const driver = 'no-such-driver';
      const volume = { ...request(bench.name(), {}), driver };
      const codes = [
        codeOf(bench.engine().createVolume(volume)),
        codeOf(bench.network({ driver })),
      ];
      expect(await Promise.all(codes)).toEqual(['DriverMissing', 'DriverMissing']);
    });
  });
};
