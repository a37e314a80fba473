import { L9Error } from '../../model/errors.ts';
import type { BuildOptions, Engine } from '../api.ts';
import { hasCode } from '../errors.ts';
import { type DockerodeSource, withDockerode } from './dockerode.ts';
import { encodeAuth } from './image-pull.ts';
import { readProgress } from './progress.ts';
import type { Transport } from './transport.ts';

/** A step may be silent for long: a compiler, a download. */
const SILENCE_MS = 30 * 60_000;
/** Until the engine begins to answer; it takes the whole context first. */
const ANSWER_MS = 10 * 60_000;
/** Lines of output that stand in the hint of a failed build. */
const TAIL_LINES = 20;

/** The engine decodes this header as URL-safe base64, and only so. */
const encodeRegistries = (
  auths: NonNullable<BuildOptions['registryAuths']>,
): { base64: string } => {
  const config = Object.fromEntries(
    Object.entries(auths).map(([registry, auth]) => [registry, encodeAuth(auth)]),
  );
  const base64 = Buffer.from(JSON.stringify(config)).toString('base64');
  return { base64: base64.replaceAll('+', '-').replaceAll('/', '_') };
};

const buildParameters = (options: BuildOptions): Record<string, unknown> => ({
  t: options.tag,
  dockerfile: options.dockerfile,
  // Containers of failed steps would stay behind.
  rm: true,
  forcerm: true,
  ...(options.target === undefined ? {} : { target: options.target }),
  ...(options.args === undefined ? {} : { buildargs: JSON.stringify(options.args) }),
  ...(options.labels === undefined ? {} : { labels: JSON.stringify(options.labels) }),
  ...(options.noCache === true ? { nocache: true } : {}),
  ...(options.pull === true ? { pull: 'true' } : {}),
  ...(options.platform === undefined ? {} : { platform: options.platform }),
  ...(options.registryAuths === undefined
    ? {}
    : { registryconfig: encodeRegistries(options.registryAuths) }),
});

export const imageBuild = (
  transport: Transport,
  dockerode: DockerodeSource,
): Pick<Engine, 'buildImage'> => ({
  async buildImage(context, options) {
    const call = { operation: 'buildImage', subject: `image ${options.tag}`, options } as const;
    const client = await dockerode();
    const stream = await withDockerode(
      transport,
      { ...call, deadlineMs: ANSWER_MS },
      (abortSignal) => client.buildImage(context, { ...buildParameters(options), abortSignal }),
    );
    let output = '';
    let id = '';
    const idleMs = options.deadlineMs ?? SILENCE_MS;
    try {
      for await (const wire of readProgress(transport, stream, { ...call, idleMs })) {
        if (wire.aux?.ID !== undefined) id = wire.aux.ID;
        const text =
          wire.stream ?? (wire.status === undefined ? '' : `${wire.id ?? ''} ${wire.status}\n`);
        if (text === '') continue;
        options.onOutput?.(text);
        output = (output + text).slice(-16_384);
      }
    } catch (error) {
      if (!hasCode(error, 'BuildFailed')) throw error;
      const tail = output.trimEnd().split('\n').slice(-TAIL_LINES).join('\n');
      throw new L9Error('BuildFailed', error.message, {
        hint: `${error.hint ?? ''}\nThe end of its output:\n${tail}`,
        cause: error.cause,
      });
    }
    return id;
  },
});
