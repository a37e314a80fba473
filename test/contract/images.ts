import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { BuildOptions, ImageProgress } from '../../src/engine/api.ts';
import { retryClass } from '../../src/engine/errors.ts';
import { layer } from '../setup/images.ts';
import { codeOf, type Registry, type Subject, workbench } from './subject.ts';

export const imageContract = (subject: Subject): void => {
  describe('images', () => {
    const bench = workbench(subject);
    /** A reference of its own, removed with the test. */
    const reference = (): string => {
      const tag = `l9.local/${bench.name()}:1`;
      onTestFinished(() => bench.engine().removeImage(tag));
      return tag;
    };
    const build = async (dockerfile: string, options: Partial<BuildOptions> = {}) => {
      const tag = options.tag ?? reference();
      const context = Readable.from([await layer({ Dockerfile: dockerfile })]);
      const id = await bench
        .engine()
        .buildImage(context, { tag, dockerfile: 'Dockerfile', ...options });
      return { id, tag };
    };

    it('finds an image by reference and by id', async () => {
      const image = await bench.engine().findImage(subject.image);
      expect(image?.references).toContain(subject.image);
      expect(image?.id).toMatch(/^sha256:[0-9a-f]{64}$/);
      expect(image).toMatchObject({ volumes: [], hasHealthcheck: false });
      expect(image?.sizeBytes).toBeGreaterThan(0);
      expect(await bench.engine().findImage(image?.id ?? '')).toEqual(image);
      expect(await bench.engine().findImage('l9.local/no-such-image:1')).toBeUndefined();
    });

    it('tags, lists and removes references', async () => {
      const image = await bench.engine().findImage(subject.image);
      const tag = reference();
      await bench.engine().tagImage(image?.id ?? '', tag);
      expect((await bench.engine().findImage(tag))?.id).toBe(image?.id);
      const listed = await bench.engine().listImages();
      expect(listed.find(({ id }) => id === image?.id)?.references).toContain(tag);
      await bench.engine().removeImage(tag);
      await bench.engine().removeImage(tag);
      expect(await bench.engine().findImage(tag)).toBeUndefined();
      expect(await bench.engine().findImage(subject.image)).toBeDefined();
      expect(await codeOf(bench.engine().tagImage('l9.local/no-such-image:1', tag))).toBe(
        'NoSuchImage',
      );
    });

    it('builds with arguments and labels, and tells what it does', async () => {
      let output = '';
      const { id, tag } = await build(
        `FROM ${subject.image}\nARG WHO=nobody\nLABEL who=$WHO\nVOLUME /data\nEXPOSE 80\nCMD ["sleep", "5"]\n`,
        { args: { WHO: 'me' }, labels: { extra: 'yes' }, onOutput: (text) => (output += text) },
      );
      const image = await bench.engine().findImage(tag);
      expect(image?.id).toBe(id);
      expect(image).toMatchObject({
        volumes: ['/data'],
        command: ['sleep', '5'],
        exposed: ['80/tcp'],
      });
      expect(image?.labels).toMatchObject({ who: 'me', extra: 'yes' });
      expect(output).toContain('FROM');
      expect(
        (await bench.engine().listImages({ labels: ['who=me', 'extra'] })).map((one) => one.id),
      ).toContain(id);
    });

    it('keeps the anonymous volume of a container by its name', async () => {
      const { tag } = await build(`FROM ${subject.image}\nVOLUME /data\n`);
      const id = await bench.create({ image: tag });
      const mount = (await bench.engine().findContainer(id))?.mounts[0];
      expect(mount).toMatchObject({ type: 'volume', path: '/data', readOnly: false });
      const volume = mount?.volume ?? '';
      onTestFinished(() => bench.engine().removeVolume(volume));
      await bench.engine().removeContainer(id, true);
      expect(await bench.engine().findVolume(volume)).toMatchObject({ name: volume });
      // The image cannot go while a container is made of it.
      const other = await bench.create({ image: tag });
      const anonymous = (await bench.engine().findContainer(other))?.mounts[0]?.volume ?? '';
      onTestFinished(() => bench.engine().removeVolume(anonymous));
      expect(await codeOf(bench.engine().removeImage(tag))).toBe('ImageInUse');
      await bench.engine().removeContainer(other, true);
    });

    it('hands labels of an image down to its containers', async () => {
      const { tag } = await build(`FROM ${subject.image}\nLABEL from=image both=image\n`);
      const id = await bench.create({ image: tag, labels: { both: 'container' } });
      expect((await bench.engine().findContainer(id))?.labels).toMatchObject({
        from: 'image',
        both: 'container',
      });
    });

    it('shows how a build failed', async () => {
      const call = build(`FROM ${subject.image}\nRUN echo about to fail; exit 7\n`);
      const error = await call.catch((error: unknown) => error);
      expect(error).toMatchObject({ code: 'BuildFailed' });
      expect(retryClass(error)).toBe('specChange');
      expect(error).toHaveProperty('message', expect.stringContaining('7'));
      expect(error).toHaveProperty('hint', expect.stringContaining('about to fail'));
    });

    it('tells that a registry does not answer', async () => {
      const call = bench.engine().pullImage('127.0.0.1:9/no/such:1');
      expect(await codeOf(call)).toBe('RegistryUnreachable');
      expect(retryClass(await call.catch((error: unknown) => error))).toBe('pull');
      expect(await codeOf(build('FROM 127.0.0.1:9/no/such:1\n'))).toBe('RegistryUnreachable');
    });

    it('refuses what is no reference', async () => {
      expect(await codeOf(bench.engine().pullImage('No/Such'))).toBe('BadRequest');
    });

    describe.skipIf(subject.registry === undefined)('pulled from a registry', () => {
      let registry: Registry | undefined;
      beforeAll(async () => {
        registry = await subject.registry?.();
      });
      afterAll(async () => {
        await registry?.stop();
      });
      const known = (): Registry => {
        if (registry === undefined) throw new Error('the registry is there before the first test');
        return registry;
      };

      it('comes with progress and its digest', async () => {
        const { open } = known();
        onTestFinished(() => bench.engine().removeImage(open));
        const progress: ImageProgress[] = [];
        await bench.engine().pullImage(open, { onProgress: (one) => progress.push(one) });
        const image = await bench.engine().findImage(open);
        expect(image?.labels['from']).toBe('registry');
        expect(image?.digests[0]).toMatch(/@sha256:[0-9a-f]{64}$/);
        expect(progress.length).toBeGreaterThan(0);
        expect(await bench.engine().findImage(image?.digests[0] ?? '')).toEqual(image);
        await bench.engine().removeImage(open);
        await bench.engine().pullImage(image?.digests[0] ?? '');
        expect((await bench.engine().findImage(image?.digests[0] ?? ''))?.id).toBe(image?.id);
        await bench.engine().removeImage(image?.digests[0] ?? '');
      });

      it('comes only to those who may have it', async () => {
        const { reference, username, password } = known().closed;
        onTestFinished(() => bench.engine().removeImage(reference));
        const serverAddress = reference.split('/')[0] ?? '';
        const denied = bench.engine().pullImage(reference);
        expect(await codeOf(denied)).toBe('RegistryDenied');
        expect(retryClass(await denied.catch((error: unknown) => error))).toBe('specChange');
        const wrong = { username, password: `${password}x`, serverAddress };
        expect(await codeOf(bench.engine().pullImage(reference, { auth: wrong }))).toBe(
          'RegistryDenied',
        );
        await bench.engine().pullImage(reference, { auth: { username, password, serverAddress } });
        expect(await bench.engine().findImage(reference)).toBeDefined();
      });

      it('is unknown where the registry does not have it', async () => {
        const call = bench.engine().pullImage(known().unknown);
        expect(await codeOf(call)).toBe('ImageUnknown');
        expect(retryClass(await call.catch((error: unknown) => error))).toBe('specChange');
      });
    });
  });
};
