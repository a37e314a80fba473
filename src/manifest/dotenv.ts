import { expand } from './interpolate.ts';
import type { Report } from './problems.ts';
import type { SourceText } from './source.ts';

/** A name without `=` stands for the variable of that name, and is `null`. */
export type EnvFile = ReadonlyMap<string, string | null>;

/**
 * Reads NAME=value lines as Compose and dotenv do: `export` before the name, comments, single quotes
 * (literal, may span lines), double quotes (escapes, may span lines). `${V}` in unquoted and double-quoted
 * values is looked up in the lines before it, then by `lookup`; `\$` is a plain `$`.
 */
export function parseEnvFile(
  source: SourceText,
  options: { readonly report: Report; readonly lookup: (name: string) => string | null },
): EnvFile {
  const { text } = source;
  // Environment files are where secrets stand: their lines are never shown.
  const confidential = true;
  const entries = new Map<string, string | null>();
  const lookup = (name: string): string | null => entries.get(name) ?? options.lookup(name);
  const wrong = (offset: number, message: string, hint: string): void =>
    options.report.error('InvalidEnvFile', { source, offset }, { message, hint, confidential });

  let index = 0;
  while (index < text.length) {
    line.lastIndex = index;
    const match = line.exec(text);
    const lineEnd = endOfLine(text, index);
    if (match === null) {
      const written = text.slice(index, lineEnd).trim();
      if (written !== '' && !written.startsWith('#')) {
        const offset = index + text.slice(index, lineEnd).search(/\S/);
        wrong(
          offset,
          'expected NAME=value',
          'names are letters, digits and _; comments begin with #',
        );
      }
      index = lineEnd + 1;
      continue;
    }
    const [head, name = '', equals] = match;
    const valueStart = index + head.length;
    if (equals === undefined) {
      entries.set(name, null);
      index = lineEnd + 1;
      continue;
    }
    const value = readValue(text, valueStart, lineEnd);
    if (value === undefined) {
      wrong(valueStart, `the quote of ${name} is never closed`, 'close it, or escape it');
      return entries;
    }
    if (value.literal) {
      entries.set(name, value.text);
    } else {
      const expansion = expand(value.text, { lookup, escape: '\\$' });
      for (const { message, hint, code } of expansion.mistakes) {
        options.report.error(code, { source, offset: valueStart }, { message, hint, confidential });
      }
      entries.set(name, expansion.text);
    }
    index = value.end;
  }
  return entries;
}

const line = /[ \t]*(?:export[ \t]+)?([A-Za-z_][A-Za-z0-9_.-]*)[ \t]*(?:(=)[ \t]*|(?=[\r\n]|$))/y;

function endOfLine(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end === -1 ? text.length : end;
}

interface Value {
  readonly text: string;
  readonly literal: boolean;
  /** Offset of the next line. */
  readonly end: number;
}

const escapes: Readonly<Record<string, string>> = {
  n: '\n',
  r: '\r',
  t: '\t',
  '"': '"',
  '\\': '\\',
};

function readValue(text: string, start: number, lineEnd: number): Value | undefined {
  const first = text[start];
  if (first === "'") {
    const close = text.indexOf("'", start + 1);
    if (close === -1) return undefined;
    return {
      text: text.slice(start + 1, close),
      literal: true,
      end: endOfLine(text, close) + 1,
    };
  }
  if (first === '"') {
    const close = closingQuote(text, start + 1);
    if (close === -1) return undefined;
    return {
      text: text
        .slice(start + 1, close)
        .replaceAll(/\\([nrt"\\])/g, (whole, letter: string) => escapes[letter] ?? whole),
      literal: false,
      end: endOfLine(text, close) + 1,
    };
  }
  const raw = text.slice(start, lineEnd);
  const comment = raw.search(/(?:^|\s)#/);
  return {
    text: (comment === -1 ? raw : raw.slice(0, comment)).trim(),
    literal: false,
    end: lineEnd + 1,
  };
}

function closingQuote(text: string, from: number): number {
  for (let index = from; index < text.length; index += 1) {
    if (text[index] === '\\') index += 1;
    else if (text[index] === '"') return index;
  }
  return -1;
}
