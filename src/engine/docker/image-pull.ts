import type { Engine, ImageProgress, RegistryAuth } from '../api.ts';
import { type DockerodeSource, withDockerode } from './dockerode.ts';
import { readProgress } from './progress.ts';
import type { Transport } from './transport.ts';
import type { WireProgress } from './wire.ts';

/** Registries that stall are given up after this long without a byte. */
const SILENCE_MS = 5 * 60_000;
/** Until the engine begins to answer; it asks the registry first. */
const ANSWER_MS = 90_000;

/**
 * Docker's two parameters of an image's name. Without a tag the engine would pull every tag there is.
 */
export const splitReference = (
  reference: string,
): { readonly fromImage: string; readonly tag: string } => {
  const at = reference.indexOf('@');
  if (at >= 0) return { fromImage: reference.slice(0, at), tag: reference.slice(at + 1) };
  const colon = reference.lastIndexOf(':');
  return colon > reference.lastIndexOf('/')
    ? { fromImage: reference.slice(0, colon), tag: reference.slice(colon + 1) }
    : { fromImage: reference, tag: 'latest' };
};

/** Credentials under the keys that the engine reads. */
export const encodeAuth = (auth: RegistryAuth): Record<string, string> => ({
  serveraddress: auth.serverAddress,
  ...(auth.username === undefined ? {} : { username: auth.username }),
  ...(auth.password === undefined ? {} : { password: auth.password }),
  ...(auth.identityToken === undefined ? {} : { identitytoken: auth.identityToken }),
});

const decodeProgress = (wire: WireProgress): ImageProgress => ({
  layer: wire.id ?? '',
  status: wire.status ?? '',
  ...(wire.progressDetail?.current === undefined
    ? {}
    : { currentBytes: wire.progressDetail.current }),
  ...(wire.progressDetail?.total === undefined ? {} : { totalBytes: wire.progressDetail.total }),
});

export const imagePull = (
  transport: Transport,
  dockerode: DockerodeSource,
): Pick<Engine, 'pullImage'> => ({
  async pullImage(reference, options = {}) {
    const call = { operation: 'pullImage', subject: `image ${reference}`, options } as const;
    const client = await dockerode();
    const stream = await withDockerode(
      transport,
      { ...call, deadlineMs: ANSWER_MS },
      (abortSignal) =>
        client.createImage(options.auth === undefined ? undefined : encodeAuth(options.auth), {
          ...splitReference(reference),
          ...(options.platform === undefined ? {} : { platform: options.platform }),
          abortSignal,
        }),
    );
    const idleMs = options.deadlineMs ?? SILENCE_MS;
    for await (const wire of readProgress(transport, stream, { ...call, idleMs })) {
      if (wire.status !== undefined) options.onProgress?.(decodeProgress(wire));
    }
  },
});
