import type { CallOptions, Engine } from '../api.ts';
import { alreadyTrue, orUndefined } from './absent.ts';
import { decodeImage } from './decode-objects.ts';
import { bounded } from '../bounded.ts';
import { splitReference } from './image-pull.ts';
import { labelFilter, query } from './paths.ts';
import type { Transport } from './transport.ts';
import type { WireImage, WireImageSummary } from './wire.ts';

type ImageCalls = Pick<Engine, 'findImage' | 'listImages' | 'tagImage' | 'removeImage'>;

const INSPECTS_AT_ONCE = 10;

const imagePath = (reference: string, rest = ''): string =>
  `/images/${encodeURIComponent(reference)}${rest}`;

export const imageCalls = (transport: Transport): ImageCalls => {
  const findImage = async (reference: string, options?: CallOptions) => {
    const wire = await orUndefined(
      transport.json<WireImage>({
        operation: 'findImage',
        subject: `image ${reference}`,
        method: 'GET',
        path: imagePath(reference, '/json'),
        idempotent: true,
        options,
      }),
      'NoSuchImage',
    );
    return wire && decodeImage(wire);
  };

  return {
    findImage,

    async listImages(filter, options) {
      const summaries = await transport.json<WireImageSummary[]>({
        operation: 'listImages',
        subject: 'images',
        method: 'GET',
        path: `/images/json${query({ filters: labelFilter(filter) })}`,
        idempotent: true,
        options,
      });
      const images = await bounded(summaries, INSPECTS_AT_ONCE, ({ Id }) => findImage(Id, options));
      return images
        .filter((image) => image !== undefined)
        .sort((a, b) => b.createdAt - a.createdAt || (a.id < b.id ? -1 : 1));
    },

    async tagImage(id, reference, options) {
      const { fromImage: repo, tag } = splitReference(reference);
      await transport.call({
        operation: 'tagImage',
        subject: `image ${id}`,
        method: 'POST',
        path: imagePath(id, `/tag${query({ repo, tag })}`),
        idempotent: true,
        options,
      });
    },

    async removeImage(reference, options) {
      const removed = transport.call({
        operation: 'removeImage',
        subject: `image ${reference}`,
        method: 'DELETE',
        path: imagePath(reference),
        idempotent: true,
        options,
      });
      await alreadyTrue(removed, 'NoSuchImage');
    },
  };
};
