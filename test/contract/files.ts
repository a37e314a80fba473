import { describe, expect, it } from 'vitest';
import { layer } from '../setup/images.ts';
import { untar } from '../setup/tar.ts';
import { codeOf, type Subject, workbench } from './subject.ts';

export const fileContract = (subject: Subject): void => {
  describe('files', () => {
    const bench = workbench(subject);
    const put = async (id: string, path: string, files: Parameters<typeof layer>[0]) =>
      bench.engine().putArchive(id, path, await layer(files));
    const get = async (id: string, path: string) => {
      const tar = await bench.engine().getArchive(id, path);
      return tar === undefined ? undefined : await untar(tar);
    };

    it('writes and reads the files of a container that was never started', async () => {
      const id = await bench.create();
      await put(id, '/tmp', { 'a.txt': 'alpha', 'b.txt': 'beta' });
      expect(await get(id, '/tmp/a.txt')).toEqual({ 'a.txt': 'alpha' });
      await put(id, '/tmp', { 'a.txt': 'new' });
      expect(await get(id, '/tmp/a.txt')).toEqual({ 'a.txt': 'new' });
      expect(await get(id, '/tmp')).toMatchObject({ 'tmp/a.txt': 'new', 'tmp/b.txt': 'beta' });
    });

    it('reads nothing where there is nothing, and writes nothing to where there is no folder', async () => {
      const id = await bench.create();
      expect(await get(id, '/tmp/nothing')).toBeUndefined();
      expect(await codeOf(put(id, '/no/such/folder', { a: 'x' }))).toBe('PathNotFound');
    });

    it('carries files in volumes: what one empty container wrote, another reads', async () => {
      const image = await bench.engine().ensureEmptyImage();
      const volume = await bench.volume();
      const courier = () =>
        bench.create({
          image,
          command: ['l9'],
          mounts: [{ type: 'volume', volume, path: '/l9', readOnly: false }],
        });
      const first = await courier();
      await put(first, '/l9', { secret: 'hunter2' });
      await bench.engine().removeContainer(first, true);
      const second = await courier();
      expect(await get(second, '/l9/secret')).toEqual({ secret: 'hunter2' });
      expect(await get(second, '/l9')).toEqual({ 'l9/secret': 'hunter2' });
    });

    it('mounts one file out of a volume, read-only', async () => {
      const volume = await bench.volume();
      const mounts = [{ type: 'volume', volume, path: '/v', readOnly: false }] as const;
      await put(await bench.create({ mounts }), '/v', { wanted: 'yes', other: 'no' });
      const id = await bench.create({
        mounts: [{ type: 'file', volume, file: 'wanted', path: '/run/secrets/wanted' }],
      });
      expect((await bench.engine().findContainer(id))?.mounts).toEqual([
        expect.objectContaining({ type: 'bind', path: '/run/secrets/wanted', readOnly: true }),
      ]);
      expect(await get(id, '/run/secrets/wanted')).toEqual({ wanted: 'yes' });
    });

    it('does not create where the file, or its volume, is not there', async () => {
      const volume = await bench.volume();
      const mount = { type: 'file', file: 'missing', path: '/f' } as const;
      expect(await codeOf(bench.create({ mounts: [{ ...mount, volume }] }))).toBe(
        'BindSourceMissing',
      );
      const gone = bench.name();
      expect(await codeOf(bench.create({ mounts: [{ ...mount, volume: gone }] }))).toBe(
        'NoSuchVolume',
      );
    });
  });
};
