import type { RegistryAuth } from '../engine/api.ts';
import { L9Error } from '../model/errors.ts';
import { label } from '../model/labels.ts';
import type { ImagePin } from '../model/record.ts';
import type { Emit } from '../model/trace.ts';
import type { BuildLock } from './build-lock.ts';
import { outputTail } from './build-output.ts';
import { buildRepository, buildTag } from './build-tag.ts';
import { packContext } from './context-tar.ts';
import { type BuildContext, readContext } from './context.ts';
import { registryKey } from './credentials.ts';
import { baseImages } from './dockerfile.ts';
import { buildLabel, removeOldBuilds } from './keep.ts';
import { inParallel } from './parallel.ts';
import { pinOf } from './pin.ts';
import { logIn } from './pull.ts';
import { isImageId, localDomain, parseReference } from './reference.ts';
import { type ImageRequest, resolveImages, type ResolveTools } from './resolve.ts';

/** One service's wish for an image that is built. */
export interface BuildRequest {
  readonly project: string;
  readonly service: string;
  /** Absolute path of a folder. */
  readonly context: string;
  /** Relative to the context, or absolute. */
  readonly dockerfile?: string;
  readonly target?: string;
  readonly args?: Readonly<Record<string, string>>;
  /** Refused: see `BuildSecretsUnsupported`. */
  readonly secrets?: readonly string[];
  readonly platform?: string;
  /** Tags of the service that stay on the engine; 3 when absent. */
  readonly keep?: number;
}

export interface BuildTools extends ResolveTools {
  readonly lock: BuildLock;
  /** Ids of images that records pin (history, too): they are not cleaned up. */
  readonly pinned: ReadonlySet<string>;
  /** Build even if the tag is there, without what earlier builds left. */
  readonly noCache?: boolean;
  /** Build even if the tag is there, on what the base images' tags mean now. */
  readonly pull?: boolean;
}

export interface BuiltImage extends ImagePin {
  /** False when the engine had the image already. */
  readonly built: boolean;
}

const defaultKeep = 3;
/** Builds at once. The engine is CPU-bound soon. */
const parallelBuilds = 2;
/** Times that a changing context is read again before giving up. */
const contextTries = 3;
/** Beyond this, sending the context is what a build spends its time on. */
const remarkableBytes = 100 * 1000 * 1000;

const needsBuildKit =
  /requires BuildKit|unknown flag: (?:mount|chmod|link)|unknown instruction: \S*EOF/i;

const refuseSecrets = ({ service, secrets = [], context }: BuildRequest): void => {
  if (secrets.length === 0) return;
  const flags = secrets.map((name) => `--secret id=${name},src=FILE`).join(' ');
  throw new L9Error(
    'BuildSecretsUnsupported',
    `${service}: build.secrets (${secrets.join(', ')}) needs a BuildKit session, which l9 does not open`,
    {
      hint: `docker buildx build ${flags} -t NAME:TAG ${context}, then write image: NAME:TAG and pullPolicy: never`,
    },
  );
};

const megabytes = (bytes: number): string => `${Math.round(bytes / 1_000_000)} MB`;

/** Says what makes a context large, since it is sent at every build. */
const remarkOnSize = (service: string, context: BuildContext, emit: Emit): void => {
  if (context.bytes <= remarkableBytes) return;
  const sizes = new Map<string, number>();
  for (const entry of context.entries) {
    if (entry.type !== 'file') continue;
    const top = entry.path.split('/')[0] ?? '';
    sizes.set(top, (sizes.get(top) ?? 0) + entry.size);
  }
  const largest = [...sizes].toSorted((a, b) => b[1] - a[1]).slice(0, 3);
  const parts = largest.map(([name, size]) => `${name} (${megabytes(size)})`).join(', ');
  emit({
    type: 'remark',
    level: 'warning',
    message: `${service}: the build context is ${megabytes(context.bytes)}, most of it in ${parts}; a .dockerignore in ${context.root} can leave out what the build does not need`,
  });
};

/** The base images whose references can be understood; of the others the engine says what is wrong, with the line. */
const bases = (request: BuildRequest, context: BuildContext): string[] =>
  baseImages(context.dockerfileText, request.args).filter((image) => {
    if (isImageId(image)) return false;
    try {
      return parseReference(image).path !== '';
    } catch (error) {
      if (error instanceof L9Error && error.code === 'ImageReferenceInvalid') return false;
      throw error;
    }
  });

/**
 * Pulls the base images ourselves, not by the builder's own `pull`: with tries and logins, and without
 * failing for those that exist on this engine only.
 */
const pullBases = async (
  request: BuildRequest,
  context: BuildContext,
  tools: BuildTools,
): Promise<void> => {
  const { service, platform } = request;
  const wishes = bases(request, context).map((reference): ImageRequest => ({
    service,
    reference,
    pullPolicy: 'missing',
    ...(platform !== undefined && { platform }),
  }));
  await resolveImages(wishes, tools);
};

const registryAuths = async (
  request: BuildRequest,
  context: BuildContext,
  tools: BuildTools,
): Promise<Record<string, RegistryAuth>> => {
  const domains = new Set(bases(request, context).map((image) => parseReference(image).domain));
  const auths: Record<string, RegistryAuth> = {};
  for (const domain of domains) {
    if (domain === localDomain) continue;
    const { auth } = await logIn(tools, domain);
    if (auth !== undefined) auths[registryKey(domain)] = auth;
  }
  return auths;
};

/** The error of a build, with the end of its output: where it went wrong is said there. */
const explained = (service: string, error: L9Error, lines: readonly string[]): L9Error => {
  const stepFailed = /returned a non-zero code/.test(error.message);
  // The engine's words hold the step's command, which may say "denied" and yet be no registry's answer.
  const code = stepFailed ? 'BuildFailed' : error.code;
  const output = lines.map((line) => `\n  | ${line}`).join('');
  const kit = needsBuildKit.test(`${error.message}\n${lines.join('\n')}`);
  const hint = kit
    ? 'the Dockerfile needs BuildKit: build it with docker buildx build -t NAME:TAG, then write image: NAME:TAG and pullPolicy: never'
    : code === 'BuildFailed'
      ? 'correct the step that failed: the output above ends with it'
      : error.hint;
  return new L9Error(code, `${service}: ${error.message}${output}`, {
    ...(hint !== undefined && { hint }),
    cause: error,
  });
};

const runBuild = async (
  request: BuildRequest,
  build: { readonly context: BuildContext; readonly tag: string },
  tools: BuildTools,
): Promise<void> => {
  const { service, project, target, args, platform } = request;
  const { context, tag } = build;
  const tail = outputTail();
  const tar = packContext(context);
  let sending: unknown;
  tar.once('error', (error) => {
    sending = error;
  });
  try {
    await tools.engine.buildImage(tar, {
      tag,
      dockerfile: context.dockerfile,
      labels: { [label.build]: buildLabel(project, service) },
      registryAuths: await registryAuths(request, context, tools),
      ...(target !== undefined && { target }),
      ...(args !== undefined && { args }),
      ...(platform !== undefined && { platform }),
      ...(tools.noCache === true && { noCache: true }),
      ...(tools.signal !== undefined && { signal: tools.signal }),
      onOutput: (text) => {
        tail.add(text);
        tools.emit({ type: 'buildOutput', reference: tag, text });
      },
    });
  } catch (error) {
    if (tools.signal?.aborted === true) throw tools.signal.reason;
    // The engine only sees that the context broke off; we know why.
    if (sending instanceof L9Error) throw sending;
    throw error instanceof L9Error ? explained(service, error, tail.lines()) : error;
  } finally {
    tar.destroy();
  }
};

const call = (tools: BuildTools) => (tools.signal === undefined ? {} : { signal: tools.signal });

/** Builds under the tag's lock, unless somebody did while we waited. */
const buildLocked = async (
  request: BuildRequest,
  build: { readonly context: BuildContext; readonly tag: string },
  tools: BuildTools,
): Promise<BuiltImage> => {
  const { engine, signal } = tools;
  const { tag, context } = build;
  const anew = tools.noCache === true || tools.pull === true;
  const release = await tools.lock.acquire(tag, signal);
  try {
    const before = await engine.findImage(tag, call(tools));
    if (before !== undefined && !anew) return { ...pinOf(tag, before), built: false };
    remarkOnSize(request.service, context, tools.emit);
    if (tools.pull === true) await pullBases(request, context, tools);
    await runBuild(request, build, tools);
    const image = await engine.findImage(tag, call(tools));
    if (image === undefined)
      throw new L9Error('ImageMissing', `${tag} was built, but the engine does not have it`, {
        hint: 'something removed it at once (docker image prune?): build again',
      });
    // Built anew under the same tag: a name of its own keeps the old image among those to clean up.
    if (before !== undefined && before.id !== image.id)
      await engine.tagImage(before.id, `${tag}-${before.id.slice(7, 15)}`, call(tools));
    return { ...pinOf(tag, image), built: true };
  } finally {
    await release();
  }
};

/**
 * Makes sure that the engine has the image that a service's inputs say, and resolves to what it is.
 * The tag is a hash of the inputs, so an unchanged context costs no build; two builds of one tag wait
 * for each other, and the second finds the first one's image. After a build, old tags are removed.
 *
 * Rejects with `BuildFailed` and the last lines of the output, with what `readContext` rejects with,
 * with `BuildContextChanged` when the context does not come to rest, with `BuildSecretsUnsupported`,
 * and with what pulling base images rejects with.
 */
export const buildImage = async (request: BuildRequest, tools: BuildTools): Promise<BuiltImage> => {
  refuseSecrets(request);
  const repository = buildRepository(request.project, request.service);
  for (let attempt = 1; ; attempt += 1) {
    try {
      const context = await readContext({ ...request, ...call(tools) });
      const tag = buildTag(repository, { ...request, context });
      const image = await buildLocked(request, { context, tag }, tools);
      if (!image.built) tools.emit({ type: 'imageProgress', reference: tag, status: 'unchanged' });
      else await removeOldBuilds(keepRequest(request, tag, tools));
      return image;
    } catch (error) {
      const changed = error instanceof L9Error && error.code === 'BuildContextChanged';
      if (!changed || attempt >= contextTries) throw error;
    }
  }
};

const keepRequest = (request: BuildRequest, current: string, tools: BuildTools) => ({
  engine: tools.engine,
  project: request.project,
  service: request.service,
  repository: buildRepository(request.project, request.service),
  current,
  keep: request.keep ?? defaultKeep,
  pinned: tools.pinned,
  ...call(tools),
});

/** Builds the images of several services, two at a time; resolves to what they are, by service. Rejects with the first failure. */
export const buildImages = async (
  requests: readonly BuildRequest[],
  tools: BuildTools,
): Promise<Map<string, BuiltImage>> => {
  const images = await inParallel(requests, parallelBuilds, (request) =>
    buildImage(request, tools),
  );
  return new Map(images.map((image, index) => [requests[index]?.service ?? '', image]));
};
