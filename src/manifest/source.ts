import { dirname } from 'node:path';
import type { SourcePosition } from '../model/errors.ts';
import { visible } from './quote.ts';
import { maskContent, maskSecrets } from './secret-names.ts';

/** One file's text with its places. */
export class SourceText {
  /** Absolute path, or `<stdin>`. */
  readonly file: string;
  /** What relative paths in this text start from. */
  readonly folder: string;
  readonly text: string;
  private readonly mentioned = new Map<string, boolean>();
  private holdsSecret: boolean | undefined;
  private lineStarts: readonly number[] | undefined;

  constructor(file: string, text: string, folder: string = dirname(file)) {
    this.file = file;
    this.folder = folder;
    this.text = text;
  }

  /** Whether a text occurs at all; asked often, of few texts. */
  mentions(what: string): boolean {
    const known = this.mentioned.get(what);
    if (known !== undefined) return known;
    const found = this.text.includes(what);
    this.mentioned.set(what, found);
    return found;
  }

  /** Line and column count from 1; columns in UTF-16 units, as editors count them. */
  position(offset: number): SourcePosition {
    const starts = this.starts();
    const place = Math.min(Math.max(offset, 0), this.text.length);
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] ?? 0) <= place) low = middle;
      else high = middle - 1;
    }
    return { file: this.file, line: low + 1, column: place - (starts[low] ?? 0) + 1 };
  }

  /**
   * The line at `offset` and the one before it, with numbers and a caret. Long lines are cut around
   * the caret, and control characters are shown as pictures, so that no file can write to a terminal.
   */
  excerpt(offset: number): string {
    const { line, column } = this.position(offset);
    const gutter = String(line).length;
    const from = Math.max(0, column - 1 - cutBefore);
    const render = (number: number): string =>
      `${String(number).padStart(gutter)} | ${visible(this.window(number, from))}`.trimEnd();
    // Far to the right the line before tells nothing.
    const context = from === 0 && line > 1 && this.line(line - 1).trim() !== '';
    const before = context ? [render(line - 1)] : [];
    const indent = column - 1 - from + (from > 0 ? 1 : 0);
    return [...before, render(line), `${' '.repeat(gutter)} | ${' '.repeat(indent)}^`].join('\n');
  }

  /** A part of a line, without values that look like secrets. */
  private window(number: number, from: number): string {
    const line = this.line(number);
    // Masking looks a little to the left for the key, never at a line of megabytes.
    const left = Math.max(0, from - keyBefore);
    const part = line.slice(left, from + cutWidth + 1);
    this.holdsSecret ??= /\bkind["']?\s*:\s*["']?Secret\b/.test(this.text);
    const masked = (this.holdsSecret ? maskContent(part) : maskSecrets(part)).slice(from - left);
    const more = masked.length > cutWidth;
    return `${from > 0 ? '…' : ''}${masked.slice(0, cutWidth)}${more ? '…' : ''}`;
  }

  private line(number: number): string {
    const starts = this.starts();
    const start = starts[number - 1] ?? 0;
    const end = starts[number] ?? this.text.length;
    return this.text.slice(start, end).replace(/[\r\n]+$/, '');
  }

  private starts(): readonly number[] {
    if (this.lineStarts !== undefined) return this.lineStarts;
    const starts = [0];
    for (const end of this.text.matchAll(/\r\n?|\n/g)) starts.push(end.index + end[0].length);
    this.lineStarts = starts;
    return starts;
  }
}

const keyBefore = 150;
const cutBefore = 60;
const cutWidth = 110;
