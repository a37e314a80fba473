import { existsSync, readdirSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { builtCli } from './cli.ts';

const sources = fileURLToPath(new URL('../../src', import.meta.url));

/** End-to-end tests run the built program: one that is older than its sources would test yesterday's code. */
export const setup = (): void => {
  const built = existsSync(builtCli) ? statSync(builtCli).mtimeMs : 0;
  const newest = readdirSync(sources, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => ({ file, changed: statSync(join(sources, file)).mtimeMs }))
    .reduce((a, b) => (b.changed > a.changed ? b : a));
  if (built >= newest.changed) return;
  const reason =
    built === 0 ? 'dist/cli.js is not there' : `src/${newest.file} is newer than dist/`;
  throw new Error(`${reason}. Run \`npm test\`, or \`npm run build\` first.`);
};
