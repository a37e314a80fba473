import type { ObservedImage } from '../model/observed.ts';
import type { ImagePin } from '../model/record.ts';
import { familiarName, isImageId, parseReference } from './reference.ts';

/** The `repository@sha256:…` under which the engine got an image from the reference's registry, if it did. */
const registryDigest = (reference: string, image: ObservedImage): string | undefined => {
  if (isImageId(reference)) return undefined;
  const parsed = parseReference(reference);
  const known = image.digests.filter((digest) => digest.startsWith(`${familiarName(parsed)}@`));
  const wanted = known.find((digest) => digest.endsWith(`@${parsed.digest ?? ''}`));
  return wanted ?? known[0];
};

/** Notes what a reference means on the engine now. */
export const pinOf = (reference: string, image: ObservedImage): ImagePin => {
  const digest = registryDigest(reference, image);
  return {
    reference,
    id: image.id,
    ...(digest !== undefined && { digest }),
    volumes: image.volumes,
    hasHealthcheck: image.hasHealthcheck,
    user: image.user,
  };
};
