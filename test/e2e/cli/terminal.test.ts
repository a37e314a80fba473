import { expect, test } from 'vitest';
import { builtCli, l9 } from '../../setup/cli.ts';
import type { CliResult } from '../../setup/cli.ts';
import { listContainers } from '../../setup/engine.ts';
import { shop } from './shop.ts';

/** Runs l9 on a terminal of its own, as script(1) makes one; what is typed comes from `input`. */
const onTerminal = (
  folder: string,
  command: string,
  options: { readonly input?: string; readonly env?: Record<string, string> } = {},
): Promise<CliResult> => {
  const line = `stty cols 100 rows 30 -echo; "${process.execPath}" "${builtCli}" ${command}`;
  return l9(['-qec', line, '/dev/null'], {
    program: ['script'],
    cwd: folder,
    env: { NO_COLOR: undefined, TERM: 'xterm', ...options.env },
    stdin: options.input ?? '',
  });
};

const escape = String.fromCharCode(27);
const plain = (text: string): string =>
  text.replaceAll(new RegExp(`${escape}\\[[?\\d;]*[A-Za-z]`, 'g'), '').replaceAll('\r', '');

test('an apply is drawn live, in colours, ends with the table and says what to type next', async () => {
  const { folder, name } = shop();
  const { code, stdout } = await onTerminal(folder, 'apply');
  expect(code, stdout).toBe(0);
  // The cursor is hidden while the block is redrawn over itself, and comes back.
  expect(stdout).toContain(`${escape}[?25l`);
  expect(stdout.lastIndexOf(`${escape}[?25h`)).toBeGreaterThan(
    stdout.lastIndexOf(`${escape}[?25l`),
  );
  expect(stdout).toMatch(new RegExp(`${escape}\\[\\d+A${escape}\\[0J`));
  const text = plain(stdout);
  expect(text).toMatch(/^[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏] service web +starting \(/m);
  expect(text).toMatch(/✔ service web +started/);
  expect(text).toMatch(/^web +Ready +1\/1 +healthy/m);
  expect(text).toContain(`✔ ${name}: 2 of 2 services ready`);
  expect(text).toMatch(/Next: l9 get · l9 logs -f \w+ · l9 describe \w+/);
  expect(stdout).toContain(`${escape}[32m`);

  const colourless = await onTerminal(folder, 'get --no-color');
  expect(colourless.stdout).not.toContain(escape);
  expect((await onTerminal(folder, 'get', { env: { NO_COLOR: '1' } })).stdout).not.toContain(
    escape,
  );
});

test('what containers say cannot speak to the terminal', async () => {
  const { ok, folder } = shop();
  await ok('apply', '-q');
  const { stdout } = await onTerminal(folder, 'logs clock --tail 2 --no-color');
  expect(stdout).toMatch(/^tick \d+ red\r\ntick \d+ red\r\n$/);
});

test('deleting a project asks, and only a yes is a yes', async () => {
  const { ok, folder, name } = shop();
  await ok('apply', '-q');
  const running = async (): Promise<number> =>
    (await listContainers({ label: [`com.l9.project=${name}`, 'com.l9.service'] })).length;
  const no = await onTerminal(folder, `delete -p ${name}`, { input: 'n\n' });
  expect(no.code, no.stdout).toBe(1);
  expect(plain(no.stdout)).toContain('Delete? [y/N]');
  expect(plain(no.stdout)).toContain('nothing was touched');
  expect(await running()).toBe(2);
  const yes = await onTerminal(folder, `delete -p ${name}`, { input: 'yes\n' });
  expect(yes.code, yes.stdout).toBe(0);
  expect(await running()).toBe(0);
});

test('exec -it gives a terminal of the same size, and its keys and exit code', async () => {
  const { ok, folder } = shop();
  await ok('apply', '-q');
  // Docker is told the size once the command runs, which may be after its first look.
  const input =
    'until [ "$(stty size)" = "30 100" ]; do sleep 0.1; done; stty size; tty > /tmp/tty; exit 9\n';
  const { code, stdout } = await onTerminal(folder, 'exec -it web -- sh', { input });
  expect(code, stdout).toBe(9);
  expect(plain(stdout)).toMatch(/^30 100$/m);
  expect(await ok('exec', 'web', '--', 'cat', '/tmp/tty')).toMatch(/^\/dev\/pts\/\d+\n$/);
});
