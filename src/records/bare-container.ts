import type { ContainerSpec, Mount } from '../model/container.ts';
import type { Labels } from '../model/labels.ts';

/** A container that is never started: a lock, or a courier that carries files into volumes. */
export const bareContainer = (request: {
  readonly name: string;
  readonly image: string;
  readonly labels: Labels;
  readonly mounts?: readonly Mount[];
}): ContainerSpec => ({
  name: request.name,
  image: request.image,
  labels: request.labels,
  env: {},
  command: ['l9'],
  ports: [],
  mounts: request.mounts ?? [],
  network: { mode: 'none' },
  restartPolicy: 'no',
  limits: {},
});
