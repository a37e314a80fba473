import type { ErrorCode, Problem } from '../model/errors.ts';
import type { Place } from './node.ts';
import { visible } from './quote.ts';

export interface Finding {
  /** One sentence without a full stop. */
  readonly message: string;
  /** What to write instead, or do next. */
  readonly hint?: string | undefined;
  /** The lines hold a secret's value and are not shown. */
  readonly confidential?: boolean | undefined;
}

/** A hostile file can hold a mistake on every byte; so many of a kind are kept. */
const maxProblems = 1000;

/** Collects what was found in all files, for one answer. */
export class Report {
  private readonly found = {
    error: new Map<string, Problem>(),
    warning: new Map<string, Problem>(),
  };
  private reported = 0;

  error(code: ErrorCode, place: Place | undefined, finding: Finding): void {
    this.reported += 1;
    this.add({ code, severity: 'error' }, place, finding);
  }

  warn(code: ErrorCode, place: Place | undefined, finding: Finding): void {
    this.add({ code, severity: 'warning' }, place, finding);
  }

  /** How often `error` was called; what is reported again counts again. */
  get errorCount(): number {
    return this.reported;
  }

  /** No more errors are kept: looking for others is in vain. */
  get full(): boolean {
    return this.found.error.size >= maxProblems;
  }

  /** In the order of files, lines and columns. */
  get errors(): readonly Problem[] {
    return [...this.found.error.values()].sort(byPosition);
  }

  /** In the order of files, lines and columns. */
  get warnings(): readonly Problem[] {
    return [...this.found.warning.values()].sort(byPosition);
  }

  private add(
    { code, severity }: Pick<Problem, 'code' | 'severity'>,
    place: Place | undefined,
    finding: Finding,
  ): void {
    const found = this.found[severity];
    if (found.size >= maxProblems) return;
    const position = place?.source.position(place.offset);
    // An anchor that is used ten times holds its mistake once.
    const key = `${code} ${position?.file}:${position?.line}:${position?.column} ${finding.message}`;
    if (found.has(key)) return;
    const shown = place !== undefined && finding.confidential !== true;
    found.set(key, {
      code,
      severity,
      message: visible(finding.message),
      ...(finding.hint === undefined ? {} : { hint: linesOf(finding.hint) }),
      ...(position === undefined ? {} : { position }),
      ...(shown ? { excerpt: place.source.excerpt(place.offset) } : {}),
    });
  }
}

/** Hints may hold lines to paste; nothing in them may write to a terminal otherwise. */
const linesOf = (hint: string): string => hint.split('\n').map(visible).join('\n');

function byPosition(left: Problem, right: Problem): number {
  const a = left.position;
  const b = right.position;
  if (a === undefined || b === undefined) return Number(a !== undefined) - Number(b !== undefined);
  if (a.file !== b.file) return a.file < b.file ? -1 : 1;
  return a.line - b.line || a.column - b.column;
}
