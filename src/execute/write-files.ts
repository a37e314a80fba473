import type { Action } from '../model/action.ts';
import type { DesiredFile } from '../model/desired.ts';
import { L9Error } from '../model/errors.ts';
import { COURIER_PATH, withCourier } from '../records/courier.ts';
import { packFiles, unpackFiles } from '../records/tar.ts';
import type { PerformContext } from './perform.ts';

type WriteFilesAction = Extract<Action, { type: 'writeFiles' }>;

interface Owner {
  readonly uid: number;
  readonly gid: number;
}

const lookUp = (database: string, name: string): string[] | undefined =>
  database
    .split('\n')
    .map((line) => line.split(':'))
    .find(([entry]) => entry === name);

/** Reads a file out of the courier, which was made from the service's image. */
type ReadFile = (path: string) => Promise<string>;

/** The numbers behind a USER as Docker writes it: "", "app", "1000", "app:staff", "1000:1000". */
export const resolveOwner = async (user: string, readFile: ReadFile): Promise<Owner> => {
  const [name = '', group = ''] = user.split(':');
  const numeric = /^\d+$/;
  let uid = numeric.test(name) ? Number(name) : 0;
  let gid = numeric.test(group) ? Number(group) : 0;
  if (name !== '' && !numeric.test(name)) {
    const entry = lookUp(await readFile('/etc/passwd'), name);
    uid = Number(entry?.[2] ?? 0);
    if (group === '') gid = Number(entry?.[3] ?? 0);
  }
  if (group !== '' && !numeric.test(group)) {
    gid = Number(lookUp(await readFile('/etc/group'), group)?.[2] ?? 0);
  }
  return { uid, gid };
};

const contentOf = async (file: DesiredFile, context: PerformContext): Promise<string> => {
  if ('config' in file.content) return file.content.config;
  const { secret } = file.content;
  const value = (await context.secrets()).get(secret);
  if (value !== undefined) return value;
  throw new L9Error('SecretMissing', `the value of secret ${secret} is not in its store`, {
    hint: 'Apply the manifests again where the secret’s source can be read.',
  });
};

/** Copies the files into the service's volume, owned by the user that the service runs as. */
export const writeFiles = async (
  action: WriteFilesAction,
  context: PerformContext,
): Promise<void> => {
  const { engine } = context;
  const contents = await Promise.all(action.files.map((file) => contentOf(file, context)));
  const image = await engine.findImage(action.image);
  await withCourier(
    engine,
    { project: action.project, volume: action.volume, image: action.image },
    async (courier) => {
      const readFile: ReadFile = async (path) => {
        const tar = await engine.getArchive(courier, path);
        if (tar === undefined) return '';
        return [...(await unpackFiles(tar)).values()][0] ?? '';
      };
      const owner = await resolveOwner(
        action.user === '' ? (image?.user ?? '') : action.user,
        readFile,
      );
      const tar = await packFiles(
        action.files.map((file, index) => ({
          name: file.file,
          content: contents[index] ?? '',
          mode: file.mode,
          ...owner,
        })),
      );
      await engine.putArchive(courier, COURIER_PATH, tar);
    },
  );
};
