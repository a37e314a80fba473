import { relative } from 'node:path';
import type { L9Error, Problem } from '../model/errors.ts';
import { count } from './quantity.ts';
import { sanitise } from './sanitise.ts';
import type { Palette } from './terminal.ts';

export interface ProblemStyle {
  readonly palette: Palette;
  /** Places below it are shown relative to it. */
  readonly cwd: string;
}

/** One finding: place, severity and message on the first line, then the offending lines and the hint. */
export function formatProblem(problem: Problem, { palette, cwd }: ProblemStyle): string[] {
  const { position, severity } = problem;
  const paint = severity === 'error' ? palette.red : palette.yellow;
  const place =
    position === undefined
      ? ''
      : `${shortPath(position.file, cwd)}:${position.line}:${position.column}: `;
  return [
    `${palette.bold(place)}${paint(`${severity}:`)} ${sanitise(problem.message)} ${palette.dim(`[${problem.code}]`)}`,
    ...(problem.excerpt ?? '')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => `    ${line}`),
    ...indentHint(problem.hint, palette),
  ];
}

const shortPath = (file: string, cwd: string): string => {
  const path = file.startsWith('/') ? relative(cwd, file) : file;
  return path.startsWith('../../') || path === '' ? file : path;
};

function indentHint(hint: string | undefined, palette: Palette): string[] {
  if (hint === undefined || hint === '') return [];
  const [first = '', ...more] = hint.split('\n');
  return [
    `  ${palette.cyan('→')} ${sanitise(first)}`,
    ...more.map((line) => `    ${sanitise(line)}`),
  ];
}

/** `2 errors, 1 warning`; empty when there is nothing. */
export function problemTotals(problems: readonly Problem[]): string {
  const errors = problems.filter((problem) => problem.severity === 'error').length;
  const warnings = problems.length - errors;
  return [
    ...(errors > 0 ? [count(errors, 'error')] : []),
    ...(warnings > 0 ? [count(warnings, 'warning')] : []),
  ].join(', ');
}

/** An expected error as it ends a command: what happened and why, all its problems, what to do next. */
export function formatError(error: L9Error, style: ProblemStyle): string[] {
  const { palette } = style;
  const [first = '', ...more] = error.message.split('\n');
  const problems = error.problems.flatMap((problem) => formatProblem(problem, style));
  return [
    ...problems,
    `${palette.red('error:')} ${sanitise(first)} ${palette.dim(`[${error.code}]`)}`,
    ...more.map((line) => `  ${sanitise(line)}`),
    ...indentHint(error.hint, palette),
  ];
}
