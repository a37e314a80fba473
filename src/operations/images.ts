import { buildImages } from '../images/build.ts';
import type { BuildLock } from '../images/build-lock.ts';
import type { BuildRequest } from '../images/build.ts';
import { buildRepository, buildTag } from '../images/build-tag.ts';
import { readContext } from '../images/context.ts';
import { pinOf } from '../images/pin.ts';
import { resolveImages } from '../images/resolve.ts';
import type { ImageRequest } from '../images/resolve.ts';
import type { ManifestDocument, ServiceDocument } from '../model/documents.ts';
import type { ImagePin } from '../model/record.ts';
import { listAppRecords } from '../records/app-records.ts';
import { acquireLock } from '../records/lock.ts';
import type { Context } from './contract.ts';
import { servicesAmong } from './load.ts';
import { imageTools } from './pull.ts';

type Pins = Readonly<Record<string, ImagePin>>;

/** A build is worth waiting for; whoever waits is told by the progress of the first. */
const BUILD_WAIT_MS = 60 * 60_000;

const engineLock = (context: Context, project: string): BuildLock => ({
  acquire: async (tag) => {
    const lock = await acquireLock({
      engine: context.engine,
      clock: context.clock,
      project,
      build: tag,
      purpose: 'a build',
      signal: context.signal,
      waitMs: BUILD_WAIT_MS,
      onWait: (holder) =>
        context.emit({ type: 'imageProgress', reference: tag, status: `waiting for ${holder}` }),
    });
    return lock.release;
  },
});

const buildRequest = ({ project, name, spec }: ServiceDocument): BuildRequest | undefined =>
  spec.build === undefined
    ? undefined
    : {
        project,
        service: name,
        ...spec.build,
        ...(spec.platform === undefined ? {} : { platform: spec.platform }),
      };

const imageRequest = (document: ServiceDocument, pins: Pins): ImageRequest | undefined => {
  const { name, spec } = document;
  if (spec.build !== undefined || spec.image === undefined) return undefined;
  const pin = pins[name];
  return {
    service: name,
    reference: spec.image,
    pullPolicy: spec.pullPolicy ?? 'missing',
    ...(spec.platform === undefined ? {} : { platform: spec.platform }),
    ...(pin === undefined ? {} : { pin }),
  };
};

const requests = <T>(
  documents: readonly ManifestDocument[],
  make: (document: ServiceDocument) => T | undefined,
): T[] =>
  servicesAmong(documents)
    .map(make)
    .filter((request) => request !== undefined);

/** Ids that any record's generation pins: builds that are not cleaned up. */
const pinnedIds = async (context: Context): Promise<Set<string>> => {
  const records = await listAppRecords(context.engine, context.signal);
  return new Set(
    records
      .flatMap((record) => [record.current, ...record.history])
      .flatMap((revision) => Object.values(revision.images).map((pin) => pin.id)),
  );
};

/** Builds what the services build, where their inputs changed; resolves to the pins, by service. */
export const buildServiceImages = async (
  context: Context,
  request: {
    readonly documents: readonly ManifestDocument[];
    readonly noCache: boolean;
    readonly pull: boolean;
  },
): Promise<Map<string, ImagePin>> => {
  const builds = requests(request.documents, buildRequest);
  const [first] = builds;
  if (first === undefined) return new Map();
  const built = await buildImages(builds, {
    ...imageTools(context, request.pull),
    lock: engineLock(context, first.project),
    pinned: await pinnedIds(context),
    noCache: request.noCache,
  });
  return new Map([...built].map(([service, { built: _built, ...pin }]) => [service, pin]));
};

/** Pulls and builds what the services need; resolves to what their references mean, by service. */
export const resolveServiceImages = async (
  context: Context,
  request: {
    readonly documents: readonly ManifestDocument[];
    readonly pins: Pins;
    readonly pull: boolean;
    readonly noCache: boolean;
  },
): Promise<Record<string, ImagePin>> => {
  const { documents, pins, pull, noCache } = request;
  const [resolved, built] = await Promise.all([
    resolveImages(
      requests(documents, (document) => imageRequest(document, pins)),
      imageTools(context, pull),
    ),
    buildServiceImages(context, { documents, noCache, pull }),
  ]);
  return Object.fromEntries([...resolved, ...built].toSorted(([a], [b]) => (a < b ? -1 : 1)));
};

interface Known {
  readonly pins: Record<string, ImagePin>;
  /** What an apply would pull or build first. */
  readonly notes: string[];
}

const knownImage = async (
  context: Context,
  document: ServiceDocument,
  pins: Pins,
): Promise<{ readonly pin?: ImagePin; readonly note?: string }> => {
  const { engine, signal } = context;
  const build = buildRequest(document);
  const reference =
    build === undefined
      ? (document.spec.image ?? '')
      : buildTag(buildRepository(build.project, build.service), {
          ...build,
          context: await readContext({ ...build, signal }),
        });
  const pin = pins[document.name];
  if (pin?.reference === reference) return { pin };
  const image = await engine.findImage(reference, { signal });
  if (image !== undefined) return { pin: pinOf(reference, image) };
  return {
    note:
      build === undefined
        ? `${reference} is not on the engine; apply pulls it`
        : `${document.name} is built first: its inputs are new (${reference})`,
  };
};

/** What is known of the services' images without pulling or building anything. */
export const knownImages = async (
  context: Context,
  request: { readonly documents: readonly ManifestDocument[]; readonly pins: Pins },
): Promise<Known> => {
  const pins: Record<string, ImagePin> = {};
  const notes: string[] = [];
  for (const document of servicesAmong(request.documents)) {
    const { pin, note } = await knownImage(context, document, request.pins);
    if (pin !== undefined) pins[document.name] = pin;
    if (note !== undefined) notes.push(note);
  }
  return { pins, notes };
};
