import { ping } from '../../scripts/docker-api.mjs';
import { removeProjects } from './cleanup.ts';
import { endpoint, get, listContainers, listNetworks, listVolumes } from './engine.ts';

/** What `npm test` makes before it starts vitest. */
const images = ['l9.local/busybox:1', 'l9.local/redis:7', 'l9.local/indexer:1'];

/** Before any test: is there an engine with the images? Says what to run when not. */
export const setup = async (): Promise<void> => {
  const engine = await ping(endpoint);
  if (!engine.answers) {
    throw new Error(
      `These tests need a Docker engine; none answers at ${endpoint.url}: ${engine.reason}.\n` +
        'Run `npm test`, which starts one, or `npm run engine`.',
    );
  }
  const there = await get<readonly { RepoTags: readonly string[] | null }[]>('/images/json');
  const tags = new Set(there.flatMap(({ RepoTags }) => RepoTags ?? []));
  const missing = images.filter((image) => !tags.has(image));
  if (missing.length > 0) {
    throw new Error(
      `These tests need ${missing.join(', ')}. Run \`npm test\`, or \`node scripts/images.mjs\`.`,
    );
  }
  await sweep();
};

/** A run that was killed leaves its projects behind. After an hour nobody can still be using them. */
const sweep = async (): Promise<void> => {
  const anHourAgo = Date.now() - 3_600_000;
  const [containers, networks, volumes] = await Promise.all([
    listContainers(),
    listNetworks(),
    listVolumes(),
  ]);
  const dated = [
    ...containers.map(({ Names, Created }) => ({ name: Names.join(), at: Created * 1000 })),
    ...networks.map(({ Name, Created }) => ({ name: Name, at: Date.parse(Created) })),
    ...volumes.map(({ Name, CreatedAt }) => ({ name: Name, at: Date.parse(CreatedAt ?? '') })),
  ];
  const old = new Set<string>();
  for (const { name, at } of dated) {
    const project = /\bt-[a-z0-9]{8}/.exec(name)?.[0];
    if (project !== undefined && at < anHourAgo) old.add(project);
  }
  if (old.size > 0) await removeProjects((project) => old.has(project));
};
