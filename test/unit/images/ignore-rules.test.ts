import dockerignore from '@balena/dockerignore';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ignoreRules } from '../../../src/images/ignore-rules.ts';
import { failure } from '../../setup/failure.ts';

const rules = (...lines: string[]) => ignoreRules(lines.join('\n'), '.dockerignore');

describe('ignoreRules', () => {
  it.each<[string[], string, boolean]>([
    [[], 'a', false],
    [['node_modules'], 'node_modules', true],
    [['node_modules'], 'node_modules/a/b.js', true],
    [['node_modules'], 'src/node_modules', false],
    [['**/node_modules'], 'src/node_modules/x', true],
    [['**/node_modules'], 'node_modules', true],
    [['foo/'], 'foo/x', true],
    [['/foo'], 'foo', true],
    [['./foo'], 'foo', true],
    [['*.md', '!README.md'], 'README.md', false],
    [['*.md', '!README.md'], 'x.md', true],
    [['!README.md', '*.md'], 'README.md', true],
    [['*'], 'src/a.js', true],
    [['*', '!src'], 'src/deep/a.js', false],
    [['*', '!**/*.js'], 'src/a.js', false],
    [['*', '!**/*.js'], 'src/a.ts', true],
    [['**/*.log'], 'a/b/c.log', true],
    [['logs/**'], 'logs/a/b', true],
    [['logs/**'], 'logs', false],
    [['a?c'], 'abc', true],
    [['a?c'], 'a/c', false],
    [['[a-c]x'], 'bx', true],
    [['[^a-c]x'], 'bx', false],
    [['[^a-c]x'], 'dx', true],
    [['# comment', 'a'], '# comment', false],
    [['  a  '], 'a', true],
    [['a\r'], 'a', true],
    [['\uFEFFa'], 'a', true],
    [['Makefile'], 'makefile', false],
    [['c++'], 'c++', true],
    [['(group)/x'], '(group)/x', true],
    [['a|b'], 'a', false],
    [['a.b'], 'axb', false],
    [['\\*x'], '*x', true],
    [['\\*x'], 'ax', false],
    [['constructor'], 'constructor', true],
    [[], 'constructor', false],
    [['é*'], 'éa', true],
    [['?'], '😀', true],
  ])('%j and %s: %s', (lines, path, ignored) => {
    expect(rules(...lines).ignores(path)).toBe(ignored);
  });

  it.each([
    ['[a', '"[" has no "]"'],
    ['[]', '"[]" holds nothing'],
    ['[z-a]', 'runs backwards'],
    ['x\\', 'the backslash escapes nothing'],
    ['!', '"!" names nothing'],
  ])('names the line of %s', async (line, why) => {
    const error = await failure(() => rules('ok', line));
    expect(error.code).toBe('DockerignoreInvalid');
    expect(error.message).toContain('.dockerignore:2:');
    expect(error.message).toContain(why);
  });

  it.each<[string[], string, boolean]>([
    [['a'], 'a', false],
    [['a', '!a/b'], 'a', true],
    [['a', '!b'], 'a', false],
    [['a', '!a/b'], 'a/c', false],
    [['a', '!a'], 'a/c', true],
    [['*', '!**/*.js'], 'src', true],
    [['*', '!s*/x'], 'src', true],
  ])('%j: looks into the ignored folder %s: %s', (lines, folder, looks) => {
    expect(rules(...lines).mayReinclude(folder)).toBe(looks);
  });

  const name = fc.stringMatching(/^[ab.]{1,2}$/).filter((part) => !/^\.+$/.test(part));
  const paths = fc.array(name, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('/'));
  const lines = fc.array(
    fc
      .tuple(
        fc.constantFrom('', '!'),
        fc.array(fc.oneof(name, fc.constantFrom('*', '**', 'a*', '?')), {
          minLength: 1,
          maxLength: 3,
        }),
      )
      .map(([mark, parts]) => mark + parts.join('/')),
    { maxLength: 4 },
  );

  it('agrees with the port of the older builder wherever that one is right', () => {
    fc.assert(
      fc.property(lines, paths, (text, file) => {
        const theirs = dockerignore.default({ ignorecase: false }).add(text).ignores(file);
        expect(rules(...text).ignores(file)).toBe(theirs);
      }),
      { numRuns: 2000 },
    );
  });

  it('never passes over a folder that holds something to send', () => {
    fc.assert(
      fc.property(lines, paths, (text, file) => {
        const read = rules(...text);
        const folders = file.split('/').map((_, index, all) => all.slice(0, index).join('/'));
        const passedOver = folders
          .slice(1)
          .some((folder) => read.ignores(folder) && !read.mayReinclude(folder));
        if (passedOver) expect(read.ignores(file)).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });
});
