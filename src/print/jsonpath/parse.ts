import { L9Error } from '../../model/errors.ts';
import { comparisons } from './syntax.ts';
import type { Operand, Part, Path, Step } from './syntax.ts';

/**
 * Reads a template such as `{range .items[*]}{.metadata.name}{"\n"}{end}`. A template without braces
 * is one path: `.items[*].metadata.name`. Throws `Usage` with the place of the mistake.
 */
export function parseTemplate(template: string): Part[] {
  const source = template.includes('{') ? template : `{${template}}`;
  return new TemplateParser(source, template).parse();
}

/** Reads a template that is one path only. Throws `Usage`. */
export function parsePath(template: string): Path {
  const parts = parseTemplate(template);
  const [only] = parts;
  if (parts.length === 1 && only?.type === 'path') return only.path;
  throw new L9Error('Usage', `the JSONPath ${JSON.stringify(template)} is not one path`, {
    hint: "an example that works: '{.status.phase}'",
  });
}

class TemplateParser {
  private readonly source: string;
  private readonly written: string;
  private at = 0;

  constructor(source: string, written: string) {
    this.source = source;
    this.written = written;
  }

  parse(): Part[] {
    return this.parts(false);
  }

  private parts(inRange: boolean): Part[] {
    const parts: Part[] = [];
    for (;;) {
      const open = this.source.indexOf('{', this.at);
      const text = this.source.slice(this.at, open === -1 ? undefined : open);
      if (text !== '') parts.push({ type: 'text', text });
      if (open === -1) {
        if (inRange) this.fail('{range …} has no {end}');
        return parts;
      }
      this.at = open + 1;
      this.spaces();
      if (this.takeWord('end')) {
        if (!inRange) this.fail('{end} without {range …}');
        this.close();
        return parts;
      }
      if (this.takeWord('range')) {
        this.spaces();
        const path = this.path();
        this.close();
        parts.push({ type: 'range', path, body: this.parts(true) });
      } else {
        parts.push(this.expression());
        this.close();
      }
    }
  }

  private expression(): Part {
    const quoted = this.quoted();
    return quoted === undefined
      ? { type: 'path', path: this.path() }
      : { type: 'text', text: quoted };
  }

  private path(): Path {
    const steps: Step[] = [];
    if (this.take('$')) steps.push({ type: 'root' });
    else this.take('@');
    // kubectl takes `{metadata.name}` for `{.metadata.name}`; so do we.
    const first = this.name();
    if (first !== '') steps.push({ type: 'field', name: first });
    const before = this.at;
    for (let step = this.step(); step !== undefined; step = this.step()) steps.push(...step);
    if (steps.length === 0 && this.at === before)
      this.fail('a path such as .metadata.name was expected');
    return steps;
  }

  private step(): Step[] | undefined {
    if (this.take('..')) {
      const name = this.take('*') ? '*' : this.name();
      const next: Step[] =
        name === '*' ? [{ type: 'all' }] : name === '' ? [] : [{ type: 'field', name }];
      return [{ type: 'descend' }, ...next];
    }
    if (this.take('.')) {
      if (this.take('*')) return [{ type: 'all' }];
      const name = this.name();
      // `{.}` is the value itself.
      return name === '' ? [] : [{ type: 'field', name }];
    }
    return this.take('[') ? [this.bracket()] : undefined;
  }

  private bracket(): Step {
    this.spaces();
    const step = this.insideBracket();
    this.spaces();
    if (!this.take(']')) this.fail('] was expected');
    return step;
  }

  private insideBracket(): Step {
    if (this.take('*')) return { type: 'all' };
    const name = this.quoted();
    if (name !== undefined) return { type: 'field', name };
    if (this.take('?')) return this.filter();
    const from = this.integer();
    if (this.take(':')) return { type: 'slice', from, to: this.integer() };
    if (from === undefined) this.fail("a number, *, 'name', from:to or ?(…) was expected");
    return { type: 'index', index: from };
  }

  private filter(): Step {
    if (!this.take('(')) this.fail('( was expected');
    this.spaces();
    const left = this.operand();
    this.spaces();
    const operator = comparisons.find((one) => this.take(one));
    this.spaces();
    const step: Step =
      operator === undefined
        ? { type: 'filter', left }
        : { type: 'filter', left, operator, right: this.operand() };
    this.spaces();
    if (!this.take(')')) this.fail(') was expected');
    return step;
  }

  private operand(): Operand {
    const quoted = this.quoted();
    if (quoted !== undefined) return { type: 'value', value: quoted };
    for (const [word, value] of [
      ['true', true],
      ['false', false],
      ['null', null],
    ] as const) {
      if (this.takeWord(word)) return { type: 'value', value };
    }
    const number = this.match(/-?\d+(?:\.\d+)?/y);
    return number === undefined
      ? { type: 'path', path: this.path() }
      : { type: 'value', value: Number(number) };
  }

  private quoted(): string | undefined {
    const mark = this.source[this.at];
    if (mark !== '"' && mark !== "'") return undefined;
    const text = this.match(mark === '"' ? /"(?:[^"\\]|\\.)*"/y : /'(?:[^'\\]|\\.)*'/y);
    if (text === undefined) this.fail('a quote is not closed');
    return text
      .slice(1, -1)
      .replaceAll(/\\(.)/gs, (_, letter: string) => escapes[letter] ?? letter);
  }

  private name(): string {
    // A dot inside a name is written \. as kubectl does: .metadata.labels.com\.l9\.project
    const raw = this.match(/(?:[\w-]|\\.)+/uy) ?? '';
    return raw.replaceAll(/\\(.)/g, '$1');
  }

  private integer(): number | undefined {
    const digits = this.match(/-?\d+/y);
    return digits === undefined ? undefined : Number(digits);
  }

  private close(): void {
    this.spaces();
    if (!this.take('}')) this.fail('} was expected');
  }

  private spaces(): void {
    this.match(/\s+/y);
  }

  private take(text: string): boolean {
    if (!this.source.startsWith(text, this.at)) return false;
    this.at += text.length;
    return true;
  }

  private takeWord(word: string): boolean {
    return new RegExp(`^${word}(?![\\w-])`).test(this.source.slice(this.at)) && this.take(word);
  }

  private match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.source)?.[0];
    if (found !== undefined) this.at += found.length;
    return found;
  }

  private fail(expected: string): never {
    const column = this.at - (this.source.length - this.written.length > 0 ? 1 : 0) + 1;
    throw new L9Error(
      'Usage',
      `the JSONPath ${JSON.stringify(this.written)} is wrong at character ${column}: ${expected}`,
      {
        hint: "an example that works: jsonpath='{.items[*].metadata.name}'",
      },
    );
  }
}

const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r' };
