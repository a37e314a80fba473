import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { bashScript } from '../../../src/commands/completion/bash.ts';
import { fishScript } from '../../../src/commands/completion/fish.ts';
import { completionModel } from '../../../src/commands/completion/model.ts';
import { zshScript } from '../../../src/commands/completion/zsh.ts';
import { commands } from '../../../src/commands/table.ts';

const model = completionModel();

const shells = [
  ['bash', bashScript(model)],
  ['zsh', zshScript(model)],
  ['fish', fishScript(model)],
] as const;

/** Not every machine has every shell; bash is everywhere where l9's own scripts run. */
const installed = (shell: string): boolean =>
  shell === 'bash' || spawnSync(shell, ['-c', 'true']).status === 0;

/** Answers what the scripts ask of l9, so that they need no engine. */
const names = {
  services: ['service/redis', 'service/web'],
  projects: ['project/memory', 'project/shop'],
  all: ['service/redis', 'volume/data'],
};
const fakeL9 = `l9() {
  case "$2" in
${Object.entries(names)
  .map(([kind, all]) => `    ${kind}) printf '%s\\n' ${all.join(' ')} ;;`)
  .join('\n')}
  esac
}`;

describe.each(shells)('the script for %s', (shell, script) => {
  if (installed(shell)) {
    it('is what the shell understands', () => {
      const checked = spawnSync(shell, ['-n', scriptFile(script)], { encoding: 'utf8' });
      expect(checked.stderr).toBe('');
      expect(checked.status).toBe(0);
    });
  }

  it('knows every command and every option', () => {
    for (const [name, { options }] of Object.entries(commands)) {
      expect(script).toContain(name);
      for (const key of Object.keys(options)) {
        const flag = key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
        expect(script, `${name} --${flag}`).toContain(flag);
      }
    }
  });
});

/** What is offered at the end of a line; a space at its end begins a new word. */
const offered: Record<string, (line: string) => string[]> = {
  bash: (line) => {
    const words = line.split(' ');
    const quoted = words.map((word) => `'${word}'`).join(' ');
    const asked = `${fakeL9}\n${bashScript(model)}
COMP_WORDS=(${quoted}); COMP_CWORD=${words.length - 1}; COMPREPLY=()
_l9
printf '%s\\n' "\${COMPREPLY[@]}"`;
    return lines(execFileSync('bash', ['-c', asked], { encoding: 'utf8' }));
  },
  fish: (line) => {
    const fake = `function l9\n  switch $argv[2]\n${Object.entries(names)
      .map(([kind, all]) => `    case ${kind}\n      printf '%s\\n' ${all.join(' ')}`)
      .join('\n')}\n  end\nend`;
    const asked = `${fake}\n${fishScript(model)}\ncomplete -C '${line}'`;
    const answer = execFileSync('fish', ['--no-config', '-c', asked], { encoding: 'utf8' });
    return lines(answer).map((one) => one.split('\t')[0] ?? '');
  },
};

function scriptFile(script: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'l9-completion-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'script');
  writeFileSync(file, script);
  return file;
}

const lines = (text: string): string[] => text.split('\n').filter((line) => line !== '');

const askable = Object.entries(offered).filter(([shell]) => installed(shell));

describe.each(askable)('%s offers', (_, complete) => {
  it.each([
    ['l9 ap', ['apply']],
    ['l9 rol', ['rollout']],
    ['l9 rollout u', ['undo']],
    ['l9 -p shop re', ['restart']],
    ['l9 logs ', ['redis', 'web']],
    ['l9 logs -f w', ['web']],
    ['l9 logs redis w', ['web']],
    ['l9 rollout restart r', ['redis']],
    ['l9 logs -p ', ['memory', 'shop']],
    ['l9 get -o y', ['yaml']],
    ['l9 get -o yaml --wat', ['--watch']],
    ['l9 apply --no-w', ['--no-wait']],
    ['l9 completion z', ['zsh']],
    ['l9 delete vol', ['volume', 'volume/data']],
    ['l9 delete service/', ['service/redis']],
  ])('after %j: %j', (line, expected) => {
    expect(complete(line).toSorted()).toEqual(expected);
  });
});
