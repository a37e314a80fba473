import path from 'node:path';
import { L9Error } from '../model/errors.ts';

/** What a .dockerignore leaves out of a context. Paths are relative to it, with slashes. */
export interface IgnoreRules {
  ignores(path: string): boolean;
  /** True when a folder that is ignored can still hold files that are not, so that it must be walked. */
  mayReinclude(folder: string): boolean;
}

interface Rule {
  /** What follows `!` is let in again. */
  readonly exception: boolean;
  readonly parts: readonly string[];
  /** Matches the pattern's paths and everything below them. */
  readonly matches: RegExp;
}

/** A pattern that is not one, such as `[a`. */
class BadPattern extends Error {}

const codePoint = (character: string): string =>
  `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;

/** `[a-z]`, `[^a]` as Go's filepath.Match has them; `at` is behind the bracket. */
const characterClass = (
  characters: readonly string[],
  at: number,
): { readonly source: string; readonly end: number } => {
  let index = at;
  const take = (): string => {
    if (characters[index] === '\\') index += 1;
    const character = characters[index];
    if (character === undefined || character === '/') throw new BadPattern('"[" has no "]"');
    index += 1;
    return character;
  };
  const negated = characters[index] === '^';
  if (negated) index += 1;
  let source = '';
  while (characters[index] !== ']' || source === '') {
    if (characters[index] === ']') throw new BadPattern('"[]" holds nothing');
    const low = take();
    if (characters[index] !== '-') {
      source += codePoint(low);
      continue;
    }
    index += 1;
    const high = take();
    if ((low.codePointAt(0) ?? 0) > (high.codePointAt(0) ?? 0))
      throw new BadPattern(`"${low}-${high}" runs backwards`);
    source += `${codePoint(low)}-${codePoint(high)}`;
  }
  return { source: `[${negated ? '^/' : ''}${source}]`, end: index + 1 };
};

/**
 * `**` is any number of folders, `*` and `?` stop at slashes. The same expressions as
 * https://github.com/moby/patternmatcher builds; everything else is a literal.
 */
const expression = (pattern: string): RegExp => {
  const characters = Array.from(pattern);
  let source = '';
  for (let index = 0; index < characters.length;) {
    const character = characters[index] ?? '';
    if (character === '*' && characters[index + 1] === '*') {
      index += characters[index + 2] === '/' ? 3 : 2;
      source += index >= characters.length ? '.*' : '(?:.*/)?';
    } else if (character === '[') {
      const found = characterClass(characters, index + 1);
      source += found.source;
      index = found.end;
    } else if (character === '\\') {
      const escaped = characters[index + 1];
      if (escaped === undefined) throw new BadPattern('the backslash escapes nothing');
      source += codePoint(escaped);
      index += 2;
    } else {
      if (character === '*') source += '[^/]*';
      else if (character === '?') source += '[^/]';
      else source += codePoint(character);
      index += 1;
    }
  }
  return new RegExp(`^${source}(?:/.*)?$`, 'su');
};

const rule = (line: string): Rule | undefined => {
  const exception = line.startsWith('!');
  const written = (exception ? line.slice(1) : line).trim();
  if (written === '') {
    if (exception) throw new BadPattern('"!" names nothing');
    return undefined;
  }
  const cleaned = path.posix
    .normalize(written)
    .replace(/(?<=.)\/$/, '')
    .replace(/^\/(?=.)/, '');
  return { exception, parts: cleaned.split('/'), matches: expression(cleaned) };
};

/** Whether a pattern can match something below the folder; in doubt it can. */
const reaches = (parts: readonly string[], folder: readonly string[]): boolean => {
  for (const [index, name] of folder.entries()) {
    const part = parts[index];
    // The pattern names the folder or one above it: everything below is meant.
    if (part === undefined) return true;
    if (part.includes('**')) return true;
    if (part !== name && !/[*?[\\]/.test(part)) return false;
  }
  return true;
};

/**
 * Reads the text of a .dockerignore as Docker does
 * (https://docs.docker.com/build/concepts/context/#dockerignore-files): case counts, the last rule
 * that matches a path or a folder above it decides. Rejects with `DockerignoreInvalid`, naming the
 * line of `file`.
 */
export const ignoreRules = (content: string, file: string): IgnoreRules => {
  const rules: Rule[] = [];
  for (const [index, line] of content
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .entries()) {
    if (line.startsWith('#')) continue;
    try {
      const read = rule(line.trim());
      if (read !== undefined) rules.push(read);
    } catch (error) {
      if (!(error instanceof BadPattern)) throw error;
      throw new L9Error(
        'DockerignoreInvalid',
        `${file}:${index + 1}: cannot understand the pattern "${line.trim()}": ${error.message}`,
        { hint: 'put a backslash before [ and \\ that stand for themselves', cause: error },
      );
    }
  }
  const exceptions = rules.filter((each) => each.exception);
  return {
    ignores: (file) => rules.findLast((each) => each.matches.test(file))?.exception === false,
    mayReinclude: (folder) => exceptions.some(({ parts }) => reaches(parts, folder.split('/'))),
  };
};
