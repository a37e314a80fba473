import { L9Error } from '../model/errors.ts';

/**
 * A parsed image reference, with Docker's defaults filled in: `redis` has the domain `docker.io` and
 * the path `library/redis`. The grammar is that of the distribution project
 * (https://pkg.go.dev/github.com/distribution/reference).
 */
export interface ImageReference {
  /** Registry host, with its port where it has one. */
  readonly domain: string;
  readonly path: string;
  readonly tag?: string;
  /** `sha256:…`. */
  readonly digest?: string;
}

/** The registry name of images that are made on this machine. It is never asked over the network. */
export const localDomain = 'l9.local';

const dockerHub = 'docker.io';
const officialPrefix = 'library/';
/** The registries' limit on a name without tag and digest. */
const maxNameLength = 255;

const hostLabel = '(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])';
const domainPattern = new RegExp(
  `^(?:${hostLabel}(?:\\.${hostLabel})*|\\[[a-fA-F0-9:]+\\])(?::[0-9]+)?$`,
);
const pathPart = '[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*';
const pathPattern = new RegExp(`^${pathPart}(?:/${pathPart})*$`);
const tagPattern = /^\w[\w.-]{0,127}$/;
const digestPattern = /^[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}$/;
const idPattern = /^(?:sha256:)?[0-9a-f]{64}$/;

const invalid = (text: string, why: string, hint?: string): L9Error =>
  new L9Error('ImageReferenceInvalid', `image "${text}": ${why}`, {
    hint: hint ?? 'write it as redis:7-alpine or registry.example:5000/team/app@sha256:…',
  });

/** True for a full image id, with or without `sha256:`: it names one image of one engine and can never be pulled. */
export const isImageId = (text: string): boolean => idPattern.test(text);

/** The first part of a name is a host when it could not be a folder on Docker Hub. */
const isDomain = (part: string): boolean =>
  part === 'localhost' || /[.:]/.test(part) || part.startsWith('[') || part !== part.toLowerCase();

const splitDomain = (name: string): { domain: string; path: string } => {
  const slash = name.indexOf('/');
  const first = slash === -1 ? '' : name.slice(0, slash);
  const hosted = first !== '' && isDomain(first);
  const domain = hosted ? first : dockerHub;
  const path = hosted ? name.slice(slash + 1) : name;
  if (domain !== dockerHub && domain !== 'index.docker.io') return { domain, path };
  return { domain: dockerHub, path: path.includes('/') ? path : officialPrefix + path };
};

/** Splits `NAME[:TAG][@DIGEST]`; a colon before the last slash belongs to a port. */
const splitSuffixes = (text: string): { name: string; tag?: string; digest?: string } => {
  const at = text.indexOf('@');
  const digest = at === -1 ? undefined : text.slice(at + 1);
  const rest = at === -1 ? text : text.slice(0, at);
  const colon = rest.lastIndexOf(':');
  const tagged = colon > rest.lastIndexOf('/');
  return {
    name: tagged ? rest.slice(0, colon) : rest,
    ...(tagged && { tag: rest.slice(colon + 1) }),
    ...(digest !== undefined && { digest }),
  };
};

/**
 * Parses a reference as it is written in a manifest. Neither tag nor digest is added: see `pullable`.
 * Rejects with `ImageReferenceInvalid`; image ids are not references (`isImageId`).
 */
export const parseReference = (text: string): ImageReference => {
  if (text === '') throw invalid(text, 'it is empty');
  if (isImageId(text)) throw invalid(text, 'it is an image id, not a name');
  const { name, tag, digest } = splitSuffixes(text);
  const { domain, path } = splitDomain(name);
  if (!domainPattern.test(domain)) throw invalid(text, `"${domain}" is no host name`);
  if (!pathPattern.test(path)) {
    const lower = text.replace(name, name.toLowerCase());
    throw /[A-Z]/.test(path) && pathPattern.test(path.toLowerCase())
      ? invalid(text, 'the name must be in lower case', `did you mean ${lower}?`)
      : invalid(text, `"${path}" is no image name`);
  }
  if (`${domain}/${path}`.length > maxNameLength)
    throw invalid(text, `the name is longer than ${maxNameLength} characters`);
  if (tag !== undefined && !tagPattern.test(tag)) throw invalid(text, `"${tag}" is no tag`);
  if (digest !== undefined && !digestPattern.test(digest))
    throw invalid(
      text,
      `"${digest}" is no digest`,
      'a digest is sha256: and 64 hexadecimal digits',
    );
  if (digest?.startsWith('sha256:') === true && !/^sha256:[0-9a-f]{64}$/.test(digest))
    throw invalid(text, 'a sha256 digest has 64 hexadecimal digits in lower case');
  return {
    domain,
    path,
    ...(tag !== undefined && { tag }),
    ...(digest !== undefined && { digest }),
  };
};

/** The name as people and Docker's lists write it: without `docker.io/` and `library/`, tag and digest. */
export const familiarName = (reference: ImageReference): string => {
  if (reference.domain !== dockerHub) return `${reference.domain}/${reference.path}`;
  const { path } = reference;
  const bare = path.startsWith(officialPrefix) ? path.slice(officialPrefix.length) : path;
  // `library/a/b` must keep its prefix, or it would read as `a/b`; so must what would read as a host.
  return bare.includes('/') || bare === '' ? path : bare;
};

const suffix = ({ tag, digest }: ImageReference): string =>
  (tag === undefined ? '' : `:${tag}`) + (digest === undefined ? '' : `@${digest}`);

/** The shortest spelling that means the same. */
export const familiar = (reference: ImageReference): string =>
  familiarName(reference) + suffix(reference);

/** The complete spelling, with domain. */
export const canonical = (reference: ImageReference): string =>
  `${reference.domain}/${reference.path}${suffix(reference)}`;

/** The one image to pull: with a digest as it is, else with the tag, `latest` when there is none. */
export const pullable = (reference: ImageReference): ImageReference =>
  reference.digest === undefined && reference.tag === undefined
    ? { ...reference, tag: 'latest' }
    : reference;

/** The same repository at a digest, without a tag: an exact image whatever the tag means by now. */
export const atDigest = (reference: ImageReference, digest: string): ImageReference => ({
  domain: reference.domain,
  path: reference.path,
  digest,
});
