import { describe, expect, it } from 'vitest';
import { L9Error } from '../../../src/model/errors.ts';
import type { Problem } from '../../../src/model/errors.ts';
import { formatError, formatProblem, problemTotals } from '../../../src/print/problems.ts';
import { createPalette } from '../../../src/print/terminal.ts';

const style = { palette: createPalette(false), cwd: '/home/ann/shop' };

const problem: Problem = {
  code: 'Usage',
  severity: 'error',
  message: 'unknown field "heathcheck": did you mean "healthcheck"?',
  hint: 'write\nhealthcheck: { exec: [ping] }',
  position: { file: '/home/ann/shop/l9.yaml', line: 12, column: 3 },
  excerpt: '11 |   image: redis\n12 |   heathcheck:\n   |   ^',
};

it('a problem has its place, the lines, and what to write', () => {
  expect(formatProblem(problem, style).join('\n')).toBe(
    `l9.yaml:12:3: error: unknown field "heathcheck": did you mean "healthcheck"? [Usage]
    11 |   image: redis
    12 |   heathcheck:
       |   ^
  → write
    healthcheck: { exec: [ping] }`,
  );
});

it.each([
  ['/home/ann/shop/a/l9.yaml', 'a/l9.yaml'],
  ['/home/ann/l9.yaml', '../l9.yaml'],
  ['/srv/l9.yaml', '/srv/l9.yaml'],
  ['<stdin>', '<stdin>'],
])('the file %s is shown as %s', (file, shown) => {
  const [line] = formatProblem({ ...problem, position: { file, line: 1, column: 1 } }, style);
  expect(line).toMatch(new RegExp(`^${shown}:1:1: error`));
});

it('an error has everything: its problems, its message line by line, what to do', () => {
  const error = new L9Error('Usage', 'the build failed\nstep 3: exit 1\u001b[0m', {
    hint: 'mend step 3',
    problems: [problem],
  });
  expect(formatError(error, style).slice(-4).join('\n')).toBe(
    `    healthcheck: { exec: [ping] }
error: the build failed [Usage]
  step 3: exit 1^[[0m
  → mend step 3`,
  );
});

describe('totals', () => {
  const warning: Problem = { ...problem, severity: 'warning' };
  it.each([
    [[], ''],
    [[problem], '1 error'],
    [[problem, warning, warning], '1 error, 2 warnings'],
    [[warning], '1 warning'],
  ])('of %#', (problems, text) => {
    expect(problemTotals(problems)).toBe(text);
  });
});
