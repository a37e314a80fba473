import type { Context, Operations } from './contract.ts';
import { buildServiceImages } from './images.ts';
import { checkServiceNames, load } from './load.ts';

/** Builds the images of the manifests' services and starts nothing; resolves to their tags, by service. */
export const build =
  (context: Context): Operations['build'] =>
  async (request) => {
    const loaded = await load(context, request);
    checkServiceNames(loaded, request.services);
    const documents = loaded.documents.filter(
      (document) => request.services.length === 0 || request.services.includes(document.name),
    );
    const pins = await buildServiceImages(context, {
      documents,
      noCache: request.noCache,
      pull: request.pull,
    });
    return Object.fromEntries([...pins].map(([service, pin]) => [service, pin.reference]));
  };
