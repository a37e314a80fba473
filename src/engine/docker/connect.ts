import type { CallOptions, Engine } from '../api.ts';
import { archiveCalls } from './archive.ts';
import { containerCreation } from './container-creation.ts';
import { containerReads } from './container-reads.ts';
import { containerRemoval } from './container-removal.ts';
import { containerWrites } from './container-writes.ts';
import { dockerodeSource } from './dockerode.ts';
import { emptyImage } from './empty-image.ts';
import { eventCalls } from './events.ts';
import { execCalls } from './exec.ts';
import { findEngine, type FindOptions, type FoundEngine } from './find.ts';
import { imageBuild } from './image-build.ts';
import { imagePull } from './image-pull.ts';
import { imageCalls } from './images.ts';
import { logCalls } from './logs.ts';
import { networkCalls } from './networks.ts';
import { statsCalls } from './stats.ts';
import { systemCalls } from './system.ts';
import { Transport } from './transport.ts';
import { volumeCalls } from './volumes.ts';

const assemble = (found: FoundEngine, transport: Transport): Engine => {
  const dockerode = dockerodeSource(found.connection, transport);
  const images = imageCalls(transport);
  const { imageGone, ...empty } = emptyImage(transport, images.findImage);
  return {
    ...systemCalls(transport),
    ...containerReads(transport),
    ...containerCreation(transport, imageGone),
    ...containerWrites(transport),
    ...containerRemoval(transport),
    ...logCalls(transport),
    ...execCalls(transport, dockerode),
    ...statsCalls(transport),
    ...archiveCalls(transport),
    ...networkCalls(transport),
    ...volumeCalls(transport),
    ...images,
    ...imagePull(transport, dockerode),
    ...imageBuild(transport, dockerode),
    ...empty,
    ...eventCalls(transport),
  };
};

/** An engine that is contacted at its first call, for those who outlive it: each call tries anew. */
export const openDocker = (found: FoundEngine): Engine =>
  assemble(found, new Transport(found.connection, found.description));

/**
 * Finds the engine as the docker CLI does and asks it for its version (one ping).
 * Rejects with `EngineUnreachable`, `EngineForbidden`, `EngineTooOld`, `EngineAddressInvalid` …
 */
export const connectDocker = async (options: FindOptions & CallOptions): Promise<Engine> => {
  const found = findEngine(options);
  const transport = new Transport(found.connection, found.description);
  await transport.prefix(options);
  return assemble(found, transport);
};
