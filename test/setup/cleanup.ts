import { call, listContainers, listNetworks, listVolumes } from './engine.ts';
import { until } from './until.ts';

/** The names that tests may remove: nothing else is ever touched. */
const testName = /^t-[a-z0-9]{8}/;

/**
 * Removes whatever belongs to test projects: what carries their label (or that of an environment of theirs,
 * `{project}-{id}`), what is named after them, and their records and locks (`l9-*.{project}…`).
 */
export const removeProjects = async (isTheirs: (project: string) => boolean): Promise<void> => {
  const owned = (name: string, labels: Readonly<Record<string, string>> | null): boolean => {
    const named = /^(?:l9-[a-z-]+\.)?(t-[a-z0-9]{8})/.exec(name)?.[1];
    const labelled = testName.exec(labels?.['com.l9.project'] ?? '')?.[0];
    return [named, labelled].some((project) => project !== undefined && isTheirs(project));
  };
  const containers = (await listContainers()).filter(({ Names, Labels }) =>
    Names.some((name) => owned(name.slice(1), Labels)),
  );
  await Promise.all(containers.map(({ Id }) => removeContainer(Id)));
  const networks = (await listNetworks()).filter(({ Name, Labels }) => owned(Name, Labels));
  await Promise.all(networks.map(({ Id }) => removeFreed(`/networks/${Id}`)));
  const volumes = (await listVolumes()).filter(({ Name, Labels }) => owned(Name, Labels));
  await Promise.all(volumes.map(({ Name }) => removeFreed(`/volumes/${Name}`)));
};

/** 409 says that a removal is on its way; a container that is `Dead` needs a second one. */
const removeContainer = (id: string): Promise<unknown> =>
  until(() => call('DELETE', `/containers/${id}?force=1&v=1`, [204, 404, 409]), {
    what: `container ${id} to be removed`,
    is: (status) => status !== 409,
  });

/** Endpoints and mounts of a container outlive its removal for a moment. */
const removeFreed = (path: string): Promise<unknown> =>
  until(() => call('DELETE', path, [204, 404, 403, 409]), {
    what: `${path} to be free and removed`,
    is: (status) => status === 204 || status === 404,
  });
