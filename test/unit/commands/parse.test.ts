import { describe, expect, it } from 'vitest';
import { L9Error } from '../../../src/model/errors.ts';
import { parseCommandLine } from '../../../src/commands/input/parse.ts';

const parse = (text: string, env: Record<string, string> = {}) =>
  parseCommandLine(
    text.split(' ').filter((word) => word !== ''),
    env,
  );

const invocation = (text: string, env: Record<string, string> = {}) => {
  const line = parse(text, env);
  if (line.type === 'help') throw new Error(`help for ${line.topic}`);
  return line.invocation;
};

const refusal = (text: string, env: Record<string, string> = {}): string => {
  try {
    parse(text, env);
  } catch (error) {
    if (error instanceof L9Error) return `${error.message} → ${error.hint} (${error.exitCode})`;
    throw error;
  }
  throw new Error(`not refused: ${text}`);
};

describe('finding the command', () => {
  it.each([
    ['apply', 'apply'],
    ['-p memory get', 'get'],
    ['--host unix:///x get svc', 'get'],
    ['-o json get', 'get'],
    ['rollout undo', 'rollout undo'],
    ['-v rollout -p x restart web', 'rollout restart'],
    ['--version', 'version'],
    ['version', 'version'],
  ])('l9 %s', (text, name) => {
    expect(invocation(text).name).toBe(name);
  });

  it.each([
    ['', undefined],
    ['--help', undefined],
    ['-h', undefined],
    ['help', undefined],
    ['help apply', 'apply'],
    ['help rollout undo', 'rollout undo'],
    ['apply --help', 'apply'],
    ['apply x -h y', 'apply'],
    ['exec --help', 'exec'],
    ['rollout', 'rollout'],
    ['help rollout', 'rollout'],
    ['rollout undo -h', 'rollout undo'],
  ])('l9 %s shows help', (text, topic) => {
    expect(parse(text)).toEqual({ type: 'help', topic });
  });

  it.each([
    ['aply', 'there is no command "aply" → did you mean "apply"? All: l9 --help (2)'],
    ['lgos -f', 'there is no command "lgos" → did you mean "logs"? All: l9 --help (2)'],
    ['frobnicate', 'there is no command "frobnicate" → see l9 --help (2)'],
    [
      'rollout undoo',
      'there is no command "rollout undoo" → did you mean "rollout undo"? All: l9 rollout --help (2)',
    ],
    ['help aply', 'there is no command "aply" → did you mean "apply"? All: l9 --help (2)'],
    ['--frobnicate', 'l9 has no option --frobnicate → see l9 --help (2)'],
    // What every object inherits is no command.
    ['constructor', 'there is no command "constructor" → see l9 --help (2)'],
  ])('l9 %s is refused', (text, message) => {
    expect(refusal(text)).toBe(message);
  });
});

describe('options', () => {
  it('have their types and defaults', () => {
    expect(invocation('apply').options).toEqual({
      file: [],
      variant: undefined,
      projectName: undefined,
      envFile: [],
      maxSize: 2 * 1024 ** 2,
      prune: false,
      forceRecreate: false,
      takeOver: false,
      pull: false,
      noCache: false,
      dryRun: false,
      wait: true,
      timeout: 300_000,
      output: 'table',
    });
  });

  it('are read in every spelling', () => {
    const { options, globals, args } = invocation(
      'apply -p memory -fa.yaml --file b.yaml --file=c.yaml --no-wait --timeout 1m30s --max-size=64Ki web -ojson --prune=false --no-color redis',
    );
    expect(options).toMatchObject({
      file: ['a.yaml', 'b.yaml', 'c.yaml'],
      wait: false,
      timeout: 90_000,
      maxSize: 65_536,
      output: 'json',
      prune: false,
    });
    expect(globals).toMatchObject({ project: 'memory', color: false });
    expect(args).toEqual(['web', 'redis']);
  });

  it('standard input is a value, and joined flags are several', () => {
    expect(invocation('apply -f -').options).toMatchObject({ file: ['-'] });
    expect(invocation('logs -ft web').options).toMatchObject({ follow: true, timestamps: true });
    expect(invocation('logs -fn 5 web').options).toMatchObject({ follow: true, tail: 5 });
  });

  it('take their default from the environment, but not the project of what is applied', () => {
    const env = { L9_TIMEOUT: '10m', L9_VARIANT: 'alpine', L9_PROJECT: 'memory' };
    const { options, globals } = invocation('apply', env);
    expect(options).toMatchObject({ timeout: 600_000, variant: 'alpine' });
    expect(globals.project).toBeUndefined();
    expect(invocation('apply --timeout 1s', env).options).toMatchObject({ timeout: 1000 });
    expect(invocation('apply', { L9_TIMEOUT: '' }).options).toMatchObject({ timeout: 300_000 });
  });

  it.each([
    [
      'apply --dryrun',
      'l9 apply has no option --dryrun → did you mean --dry-run? All: l9 apply --help (2)',
    ],
    [
      'apply --no-prune',
      'l9 apply has no option --no-prune → did you mean --prune? All: l9 apply --help (2)',
    ],
    ['apply -z', 'l9 apply has no option -z → see l9 apply --help (2)'],
    ['-o json exec web ls', 'l9 exec has no option -o → see l9 exec --help (2)'],
    ['apply -f', '-f needs a value → write -f FILE; see l9 apply --help (2)'],
    [
      'apply --timeout --prune',
      '--timeout needs a value → write --timeout DURATION; see l9 apply --help (2)',
    ],
    [
      'apply --timeout soon',
      '--timeout is "soon" → it takes a duration such as 90s, 5m or 1h30m (2)',
    ],
    ['logs --tail 1.5', '--tail is "1.5" → it takes a whole number such as 3 (2)'],
    ['apply --max-size big', '--max-size is "big" → it takes a size such as 512Ki, 2Mi or 1g (2)'],
    ['get -o xml', '-o is "xml" → it takes table, wide, json, yaml, name, jsonpath=… (2)'],
    ['apply --wait=perhaps', '--wait is "perhaps" → it takes no value, or true or false (2)'],
    ['completion tcsh', 'SHELL is "tcsh" → it takes bash, zsh, fish (2)'],
    ['completion', 'l9 completion needs SHELL → see l9 completion --help (2)'],
    ['pause web', 'l9 pause does not take "web" → see l9 pause --help (2)'],
    ['port web http extra', 'l9 port does not take "extra" → see l9 port --help (2)'],
  ])('l9 %s is refused', (text, message) => {
    expect(refusal(text)).toBe(message);
  });

  it('a variable that is wrong is named', () => {
    expect(refusal('apply', { L9_TIMEOUT: 'soon' })).toContain('L9_TIMEOUT is "soon"');
  });
});

describe('exec passes a command line on', () => {
  it.each([
    ['exec web -- ls -l', { args: ['web'], rest: ['ls', '-l'], options: {} }],
    ['exec web ls -l --all', { args: ['web'], rest: ['ls', '-l', '--all'], options: {} }],
    ['exec -it web -- sh', { args: ['web'], rest: ['sh'], options: { stdin: true, tty: true } }],
    ['exec web -it -- sh', { args: ['web'], rest: ['sh'], options: { stdin: true, tty: true } }],
    ['exec -u root web id -u', { args: ['web'], rest: ['id', '-u'], options: { user: 'root' } }],
    ['exec web -- sh -c -- x', { args: ['web'], rest: ['sh', '-c', '--', 'x'], options: {} }],
    ['exec -p shop web --help', { args: ['web'], rest: ['--help'], options: {} }],
    ['exec web', { args: ['web'], rest: [], options: {} }],
  ])('l9 %s', (text, { args, rest, options }) => {
    const line = invocation(text);
    expect(line.args).toEqual(args);
    expect(line.rest).toEqual(rest);
    expect(line.options).toMatchObject(options);
  });

  it('needs a service', () => {
    expect(refusal('exec -- ls')).toContain('l9 exec needs SERVICE');
  });
});
