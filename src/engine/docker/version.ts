import { L9Error } from '../../model/errors.ts';

/** The newest API that the contract suite was run against: what is newer may have other shapes. */
const TESTED = 51;
/** Docker 20.10. */
const OLDEST = 41;

/**
 * The version to speak, as a path prefix, from the `Api-Version` header of a ping: the daemon's own, but
 * none newer than was tested. Throws `EngineTooOld`.
 */
export const pinVersion = (header: string | string[] | undefined): string => {
  const match = /^1\.(\d+)$/.exec(String(header ?? ''));
  // A proxy may swallow the header; the oldest that we speak is understood by every engine up to 28.
  const minor = match?.[1] === undefined ? OLDEST : Number(match[1]);
  if (minor < OLDEST) {
    throw new L9Error(
      'EngineTooOld',
      `The engine speaks API 1.${minor}; l9 needs 1.${OLDEST} (Docker 20.10) or newer`,
      {
        hint: 'Upgrade Docker.',
      },
    );
  }
  return `/v1.${Math.min(minor, TESTED)}`;
};
