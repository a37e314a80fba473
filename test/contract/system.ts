import { describe, expect, it } from 'vitest';
import { codeOf, type Subject, workbench } from './subject.ts';

export const systemContract = (subject: Subject): void => {
  describe('engine', () => {
    const bench = workbench(subject);

    it('answers a ping and tells what it is', async () => {
      await bench.engine().ping();
      const info = await bench.engine().info();
      expect(info.id).not.toBe('');
      expect(info.version).not.toBe('');
      expect(info.apiVersion).toMatch(/^1\.\d+$/);
      expect(info.os).toBe('linux');
      expect(info.cpus).toBeGreaterThan(0);
      expect(info.memoryBytes).toBeGreaterThan(0);
    });

    it('rejects with the reason of a signal that was aborted before the call', async () => {
      const reason = new Error('not any more');
      const signal = AbortSignal.abort(reason);
      await expect(bench.engine().listContainers({}, { signal })).rejects.toBe(reason);
      await expect(bench.engine().findVolume('x', { signal })).rejects.toBe(reason);
    });

    it('has an empty image to make things of that never start', async () => {
      const image = await bench.engine().ensureEmptyImage();
      expect(await bench.engine().ensureEmptyImage()).toBe(image);
      const id = await bench.create({ image, command: ['l9'], labels: { nonce: 'a' } });
      const container = await bench.engine().findContainer(id);
      expect(container).toMatchObject({ state: 'created', imageId: image, labels: { nonce: 'a' } });
      expect(await codeOf(bench.engine().startContainer(id))).toBe('CommandNotFound');
    });
  });
};
