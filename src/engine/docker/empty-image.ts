import { createHash } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { L9Error } from '../../model/errors.ts';
import type { CallOptions, Engine } from '../api.ts';
import type { ImageGone } from './container-creation.ts';
import { readProgress } from './progress.ts';
import { query } from './paths.ts';
import type { Transport } from './transport.ts';

/** The image without any file; locks and couriers are containers of it that never start. */
export const EMPTY_IMAGE = 'l9.local/empty:1';

const sha256 = (data: string | Uint8Array): string =>
  createHash('sha256').update(data).digest('hex');

/**
 * What `docker save` would write of the image. All of it is fixed, so that processes which make it at
 * the same time make the same one; an import would give each of them its own, and leave all but one
 * without a name.
 */
const archive = async (architecture: string): Promise<Uint8Array> => {
  const { pack } = await import('tar-stream');
  const emptyTar = Buffer.alloc(1024);
  const config = JSON.stringify({
    architecture,
    os: 'linux',
    created: '2024-01-01T00:00:00Z',
    config: {},
    rootfs: { type: 'layers', diff_ids: [`sha256:${sha256(emptyTar)}`] },
    history: [{ created: '2024-01-01T00:00:00Z', created_by: 'l9' }],
  });
  const manifest = JSON.stringify([
    { Config: `${sha256(config)}.json`, RepoTags: [EMPTY_IMAGE], Layers: ['layer.tar'] },
  ]);
  const tar = pack();
  const add = (name: string, content: string | Buffer): void =>
    void tar.entry({ name, mtime: new Date(0), mode: 0o444 }, content);
  add(`${sha256(config)}.json`, config);
  add('layer.tar', emptyTar);
  add('manifest.json', manifest);
  tar.finalize();
  return await buffer(tar);
};

type EmptyImage = Pick<Engine, 'ensureEmptyImage'> & { readonly imageGone: ImageGone };

export const emptyImage = (transport: Transport, findImage: Engine['findImage']): EmptyImage => {
  let known: Promise<string> | undefined;

  const load = async (options: CallOptions | undefined): Promise<void> => {
    const call = {
      operation: 'ensureEmptyImage',
      subject: `image ${EMPTY_IMAGE}`,
      options,
    } as const;
    const { Arch } = await transport.json<{ readonly Arch: string }>({
      ...call,
      method: 'GET',
      path: '/version',
      idempotent: true,
    });
    const stream = await transport.stream({
      ...call,
      method: 'POST',
      path: `/images/load${query({ quiet: 1 })}`,
      body: await archive(Arch),
      idempotent: true,
    });
    for await (const object of readProgress(transport, stream, { ...call, idleMs: 30_000 })) {
      // Only an error matters, and that is thrown.
      void object;
    }
  };

  const ensure = async (options: CallOptions | undefined): Promise<string> => {
    const there = await findImage(EMPTY_IMAGE, options);
    if (there !== undefined) return there.id;
    await load(options);
    const made = await findImage(EMPTY_IMAGE, options);
    if (made !== undefined) return made.id;
    throw new L9Error(
      'EngineFailed',
      `The engine took the image ${EMPTY_IMAGE} and does not have it`,
      {
        hint: 'Somebody may be pruning images at this moment: run the command again.',
      },
    );
  };

  return {
    /** Looked up once; a prune that took it is noticed by the create that fails. */
    ensureEmptyImage(options) {
      known ??= ensure(options).catch((error: unknown) => {
        known = undefined;
        throw error;
      });
      return known;
    },
    imageGone() {
      known = undefined;
    },
  };
};
