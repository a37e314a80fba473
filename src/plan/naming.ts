/** Names on the engine. Underscore separates, and no name of a person's may hold one, so they are unambiguous. */

export const networkName = (project: string, network: string): string => `${project}_${network}`;

export const volumeName = (project: string, volume: string): string => `${project}_${volume}`;

export const containerName = (project: string, service: string, instance: number): string =>
  `${project}_${service}_${instance}`;

/** Where a container steps aside to while its successor is made; the id keeps two of them apart. */
export const retiredName = (name: string, id: string): string => `${name}_old_${id.slice(0, 8)}`;

/** The steady volume behind a VOLUME instruction of an image; `pathHash` is short and hexadecimal. */
export const imageVolumeName = (container: string, pathHash: string): string =>
  `${container}_${pathHash}`;

/** DNS names that an instance answers to on its project's networks. */
export const instanceAliases = (project: string, service: string, instance: number): string[] => [
  service,
  `${service}-${instance}`,
  `${service}.${project}`,
];

/** How people and messages call an instance. */
export const instanceLabel = (service: string, instance: number): string =>
  `${service}-${instance}`;
