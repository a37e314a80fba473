import { L9Error } from '../model/errors.ts';
import type { ObservedImage } from '../model/observed.ts';
import type { ImagePin } from '../model/record.ts';
import { inParallel } from './parallel.ts';
import { pinOf } from './pin.ts';
import { noRegistry, pullImage, type PullTools } from './pull.ts';
import {
  atDigest,
  familiar,
  isImageId,
  parseReference,
  pullable,
  localDomain,
} from './reference.ts';

/** One service's wish for an image that it does not build. */
export interface ImageRequest {
  readonly service: string;
  /** As written in the manifest. */
  readonly reference: string;
  readonly pullPolicy: 'always' | 'missing' | 'never';
  /** The engine's own when absent. */
  readonly platform?: string;
  /** What the reference meant when it was applied last. */
  readonly pin?: ImagePin;
}

export interface ResolveTools extends PullTools {
  /** `--pull`: ask the registries again for what has a pin, too. */
  readonly pull?: boolean;
}

/** Registries limit requests, and one line is shared by all pulls. */
const parallelPulls = 3;

/** How the engine finds an image: by digest where the reference has one, whatever its tag. */
const lookupName = (reference: string): string => {
  if (isImageId(reference)) return reference;
  const parsed = pullable(parseReference(reference));
  return familiar(parsed.digest === undefined ? parsed : atDigest(parsed, parsed.digest));
};

const find = (tools: ResolveTools, name: string): Promise<ObservedImage | undefined> =>
  tools.engine.findImage(name, tools.signal === undefined ? {} : { signal: tools.signal });

const missing = (message: string, hint: string): L9Error =>
  new L9Error('ImageMissing', message, { hint });

/** What the parts of one resolution share. */
interface Resolution extends ResolveTools {
  /** By name and platform: each is pulled once, whatever the services say beside it. */
  readonly pulls: Map<string, Promise<void>>;
}

const pullOnce = (tools: Resolution, name: string, platform?: string): Promise<void> => {
  const key = JSON.stringify([name, platform ?? '']);
  const pull = tools.pulls.get(key) ?? pullImage(tools, name, platform);
  tools.pulls.set(key, pull);
  return pull;
};

const pulled = async (
  tools: Resolution,
  request: ImageRequest,
  name: string,
): Promise<ImagePin> => {
  await pullOnce(tools, name, request.platform);
  const image = await find(tools, name);
  if (image !== undefined) return pinOf(request.reference, image);
  throw missing(
    `${name} was pulled, but the engine does not have it`,
    'something removed it at once (docker image prune?): apply again',
  );
};

/** An image that no registry ever gave: made on this engine, or loaded into it. */
const isLocal = (reference: string, image: ObservedImage): boolean =>
  pinOf(reference, image).digest === undefined;

/** `--pull` on a project with images of one's own must not fail for those. */
const pulledOrLocal = async (tools: Resolution, request: ImageRequest): Promise<ImagePin> => {
  const { reference } = request;
  const name = lookupName(reference);
  try {
    return await pulled(tools, request, name);
  } catch (error) {
    const unobtainable =
      error instanceof L9Error &&
      (error.code === 'RegistryDenied' ||
        error.code === 'ImageUnknown' ||
        error.code === 'RegistryUnreachable');
    const local = unobtainable ? await find(tools, name) : undefined;
    if (local === undefined || !isLocal(reference, local)) throw error;
    tools.emit({
      type: 'remark',
      level: 'info',
      message: `${reference} is on this engine only; no registry gives a newer one`,
    });
    return pinOf(reference, local);
  }
};

/** Ids and names of this machine's own images: no registry has them. */
const isOurs = (reference: string): boolean =>
  isImageId(reference) || parseReference(reference).domain === localDomain;

const notHere = ({ reference }: ImageRequest): L9Error => {
  if (isImageId(reference))
    return missing(
      `the engine does not have the image ${reference}, and an id cannot be pulled`,
      'load it (docker load), or name the image by repository and tag or digest',
    );
  return isOurs(reference)
    ? noRegistry(reference)
    : missing(
        `the engine does not have ${reference}, and pullPolicy: never forbids to pull it`,
        `docker pull ${reference}, docker load, or write pullPolicy: missing`,
      );
};

/** What the reference means now. */
const resolveAnew = async (tools: Resolution, request: ImageRequest): Promise<ImagePin> => {
  const { reference, pullPolicy } = request;
  const name = lookupName(reference);
  const mayPull = pullPolicy !== 'never' && !isOurs(reference);
  if (mayPull && pullPolicy === 'always') return pulled(tools, request, name);
  if (mayPull && tools.pull === true) return pulledOrLocal(tools, request);
  const image = await find(tools, name);
  if (image !== undefined) return pinOf(reference, image);
  if (mayPull) return pulled(tools, request, name);
  throw notHere(request);
};

/** What the pin says, pulled again by digest when the engine has lost it. */
const resolvePinned = async (
  tools: Resolution,
  request: ImageRequest,
  pin: ImagePin,
): Promise<ImagePin> => {
  const image = await find(tools, pin.id);
  if (image !== undefined) {
    const digest = pin.digest ?? pinOf(pin.reference, image).digest;
    return { ...pinOf(pin.reference, image), ...(digest !== undefined && { digest }) };
  }
  if (pin.digest !== undefined && request.pullPolicy !== 'never')
    return pulled(tools, request, pin.digest);
  const now = await find(tools, lookupName(pin.reference));
  const shortId = pin.id.replace(/^sha256:/, '').slice(0, 12);
  const lost = `the engine has lost the image that ${pin.reference} meant at the last apply (${shortId})`;
  if (now !== undefined)
    throw missing(`${lost}; the name means another image now`, 'take that one: l9 apply --pull');
  throw pin.digest === undefined
    ? missing(
        `${lost}, and it came from no registry`,
        `load or build it again (docker load, docker build -t ${pin.reference}), or pull it: l9 apply --pull`,
      )
    : missing(`${lost}, and pullPolicy: never forbids to pull it`, `docker pull ${pin.digest}`);
};

const resolveOne = (tools: Resolution, request: ImageRequest): Promise<ImagePin> => {
  const { pin, pullPolicy, reference } = request;
  const keep =
    pin !== undefined &&
    pin.reference === reference &&
    pullPolicy !== 'always' &&
    tools.pull !== true;
  return keep ? resolvePinned(tools, request, pin) : resolveAnew(tools, request);
};

/** Services that say the same get the same answer, from one pull. */
const groups = (requests: readonly ImageRequest[]): ImageRequest[][] => {
  const byWish = new Map<string, ImageRequest[]>();
  for (const request of requests) {
    const { reference, pullPolicy, platform, pin } = request;
    const wish = JSON.stringify([
      reference,
      pullPolicy,
      platform ?? '',
      pin?.reference === reference ? pin.id : '',
    ]);
    byWish.set(wish, [...(byWish.get(wish) ?? []), request]);
  }
  return [...byWish.values()];
};

interface Failure {
  readonly services: readonly string[];
  readonly error: L9Error;
}

const asOneError = (failures: readonly Failure[]): L9Error => {
  const lines = failures.map(({ services, error }) => `${services.join(', ')}: ${error.message}`);
  const hints = [...new Set(failures.flatMap(({ error }) => error.hint ?? []))];
  const [first] = failures;
  const message =
    lines.length === 1
      ? (lines[0] ?? '')
      : `${lines.length} images are missing:\n${lines.join('\n')}`;
  return new L9Error(first?.error.code ?? 'ImageMissing', message, {
    ...(hints.length > 0 && { hint: hints.join('\n') }),
    cause:
      failures.length === 1 ? first?.error : new AggregateError(failures.map(({ error }) => error)),
  });
};

/**
 * Finds out which image each service's reference means, by service. A pin of the same reference is
 * kept unless `pullPolicy` is always or `pull` is set; images that are not there are pulled (three at
 * a time, each once), pinned ones by digest. Not for plan and diff, which never pull.
 *
 * Rejects when all have been tried, with one error that names every service: `ImageMissing`,
 * `ImageReferenceInvalid`, or what `pullImage` rejects with; the code is that of the first.
 */
export const resolveImages = async (
  requests: readonly ImageRequest[],
  tools: ResolveTools,
): Promise<Map<string, ImagePin>> => {
  const resolution: Resolution = { ...tools, pulls: new Map() };
  const failures: Failure[] = [];
  const pins = new Map<string, ImagePin>();
  await inParallel(groups(requests), parallelPulls, async (group) => {
    tools.signal?.throwIfAborted();
    const [request] = group;
    if (request === undefined) return;
    try {
      const pin = await resolveOne(resolution, request);
      for (const { service } of group) pins.set(service, pin);
    } catch (error) {
      if (!(error instanceof L9Error)) throw error;
      failures.push({ services: group.map(({ service }) => service), error });
    }
  });
  if (failures.length > 0) throw asOneError(failures);
  return new Map(
    requests.flatMap(({ service }) => {
      const pin = pins.get(service);
      return pin === undefined ? [] : [[service, pin] as const];
    }),
  );
};

/**
 * A note for plan and diff when a tag means another local image than at apply; undefined when it
 * does not, or is not there. Asks the engine, never a registry.
 */
export const moved = async (
  pin: ImagePin,
  tools: Pick<ResolveTools, 'engine' | 'signal'>,
): Promise<string | undefined> => {
  if (isImageId(pin.reference)) return undefined;
  const image = await tools.engine.findImage(
    lookupName(pin.reference),
    tools.signal === undefined ? {} : { signal: tools.signal },
  );
  if (image === undefined || image.id === pin.id) return undefined;
  const short = (id: string): string => id.replace(/^sha256:/, '').slice(0, 12);
  return `${pin.reference} means another image now (${short(image.id)}, applied was ${short(pin.id)}); l9 apply --pull takes it`;
};
