import type { ErrorCode, Problem } from '../model/errors.ts';
import type { Place } from './node.ts';

export interface Finding {
  /** One sentence without a full stop. */
  readonly message: string;
  /** What to write instead, or do next. */
  readonly hint?: string | undefined;
  /** The lines hold a secret's value and are not shown. */
  readonly confidential?: boolean | undefined;
}

/** So many tell enough. */
const maxProblems = 1000;

/** Collects what was found in all files, for one answer. */
export class Report {
  private readonly found = new Map<string, Problem>();
  /** Errors so far. */
  errorCount = 0;

  error(code: ErrorCode, place: Place | undefined, finding: Finding): void {
    this.add({ code, severity: 'error' }, place, finding);
  }

  warn(code: ErrorCode, place: Place | undefined, finding: Finding): void {
    this.add({ code, severity: 'warning' }, place, finding);
  }

  get failed(): boolean {
    return this.errorCount > 0;
  }

  get errors(): readonly Problem[] {
    return this.sorted().filter((problem) => problem.severity === 'error');
  }

  get warnings(): readonly Problem[] {
    return this.sorted().filter((problem) => problem.severity === 'warning');
  }

  private add(
    { code, severity }: Pick<Problem, 'code' | 'severity'>,
    place: Place | undefined,
    finding: Finding,
  ): void {
    // A hostile file can hold a mistake on every byte.
    if (this.found.size >= maxProblems) return;
    const position = place?.source.position(place.offset);
    // An anchor that is used ten times holds its mistake once.
    const key = `${code} ${position?.file}:${position?.line}:${position?.column} ${finding.message}`;
    if (this.found.has(key)) return;
    if (severity === 'error') this.errorCount += 1;
    const problem: Problem = {
      code,
      severity,
      message: finding.message,
      ...(finding.hint === undefined ? {} : { hint: finding.hint }),
      ...(place === undefined || position === undefined
        ? {}
        : {
            position,
            ...(finding.confidential === true
              ? {}
              : { excerpt: place.source.excerpt(place.offset) }),
          }),
    };
    this.found.set(key, problem);
  }

  private sorted(): Problem[] {
    return [...this.found.values()].sort(byPosition);
  }
}

function byPosition(left: Problem, right: Problem): number {
  const a = left.position;
  const b = right.position;
  if (a === undefined || b === undefined) return Number(a !== undefined) - Number(b !== undefined);
  if (a.file !== b.file) return a.file < b.file ? -1 : 1;
  return a.line - b.line || a.column - b.column;
}
