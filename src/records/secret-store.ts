import { createHash, createHmac, randomBytes } from 'node:crypto';
import type { Engine } from '../engine/api.ts';
import { label } from '../model/labels.ts';
import { bareContainer } from './bare-container.ts';
import { COURIER_PATH } from './courier.ts';
import { packFiles, unpackFiles } from './tar.ts';

const volumeName = (project: string): string => `l9-secret.${project}`;

/** The secret values of one project and the key that their hashes are made with. */
export interface SecretValues {
  /** Hexadecimal; empty when there never was one. */
  readonly key: string;
  readonly values: ReadonlyMap<string, string>;
}

const holderName = (project: string): string => `l9-secrets.${project}`;

/**
 * The container that is never started and holds on to the secret volume: it serves the archive API,
 * so that reading is no write, and it keeps `docker volume prune` from taking the volume away.
 */
const holder = async (engine: Engine, project: string): Promise<string> => {
  const name = holderName(project);
  const present = await engine.findContainer(name);
  if (present?.labels[label.kind] === 'secret-holder') return present.id;
  return engine.createContainer(
    bareContainer({
      name,
      image: await engine.ensureEmptyImage(),
      labels: {
        [label.managed]: 'true',
        [label.project]: project,
        [label.kind]: 'secret-holder',
      },
      mounts: [
        { type: 'volume', volume: volumeName(project), path: COURIER_PATH, readOnly: false },
      ],
    }),
  );
};

const KEY_FILE = 'key';
const VALUE_PREFIX = 'value.';

const EMPTY: SecretValues = { key: '', values: new Map() };

/** Reads the project's secrets from their volume; empty where there are none. */
export const readSecrets = async (engine: Engine, project: string): Promise<SecretValues> => {
  const volume = volumeName(project);
  if ((await engine.findVolume(volume)) === undefined) return EMPTY;
  const tar = await engine.getArchive(await holder(engine, project), COURIER_PATH);
  if (tar === undefined) return EMPTY;
  const values = new Map<string, string>();
  let key = '';
  for (const [path, content] of await unpackFiles(tar)) {
    const name = path.slice(path.lastIndexOf('/') + 1);
    if (name === KEY_FILE) key = content;
    if (name.startsWith(VALUE_PREFIX)) values.set(name.slice(VALUE_PREFIX.length), content);
  }
  return { key, values };
};

/** Keeps secret values in files of mode 0600 in the project's secret volume; resolves to all that stand there now. */
export const writeSecrets = async (
  engine: Engine,
  project: string,
  values: ReadonlyMap<string, string>,
): Promise<SecretValues> => {
  const current = await readSecrets(engine, project);
  const changed = [...values].filter(([name, value]) => current.values.get(name) !== value);
  if (changed.length === 0 && (current.key !== '' || values.size === 0)) return current;
  const key = current.key === '' ? randomBytes(32).toString('hex') : current.key;
  const volume = volumeName(project);
  await engine.createVolume({
    name: volume,
    driver: 'local',
    driverOpts: {},
    labels: {
      [label.managed]: 'true',
      [label.project]: project,
      [label.kind]: 'secret-values',
    },
  });
  const tar = await packFiles(
    [
      [KEY_FILE, key] as const,
      ...changed.map(([name, value]) => [VALUE_PREFIX + name, value] as const),
    ].map(([name, content]) => ({ name, content, mode: 0o600, uid: 0, gid: 0 })),
  );
  await engine.putArchive(await holder(engine, project), COURIER_PATH, tar);
  return { key, values: new Map([...current.values, ...changed]) };
};

/** Forgets the project's secrets. */
export const removeSecrets = async (engine: Engine, project: string): Promise<void> => {
  const present = await engine.findContainer(holderName(project));
  if (present?.labels[label.kind] === 'secret-holder') {
    await engine.removeContainer(present.id, true);
  }
  await engine.removeVolume(volumeName(project));
};

/**
 * What spec_hash sees of a secret: `<id of the key>.<hash>`. It changes with the value and tells nothing
 * of it; hashes of different keys can be told apart, and are never compared.
 */
export const keyedHash = (key: string, value: string): string => {
  const keyId = createHash('sha256').update(key).digest('hex').slice(0, 8);
  return `${keyId}.${createHmac('sha256', key).update(value).digest('hex').slice(0, 32)}`;
};

/** The hashes of all secrets of a project, by name. */
export const secretHashes = (secrets: SecretValues): Record<string, string> =>
  Object.fromEntries(
    [...secrets.values].map(([name, value]) => [name, keyedHash(secrets.key, value)]),
  );
