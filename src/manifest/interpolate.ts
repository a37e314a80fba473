export interface Grammar {
  /** The value of a variable; `null` where it is not set. */
  readonly lookup: (name: string) => string | null;
  /** References that stay as they stand, such as `${L9_INSTANCE}`; gets what is between the braces. */
  readonly keeps?: (inner: string) => boolean;
  /** How a `$` that means itself is written: `$$` in manifests, `\\$` in environment files. */
  readonly escape?: '$$' | '\\$';
}

export interface Mistake {
  readonly code: 'VariableUnset' | 'InvalidVariable';
  /** Offset in the text that was expanded. */
  readonly offset: number;
  readonly message: string;
  readonly hint: string;
}

export interface Expansion {
  readonly text: string;
  /** Whether there was any reference. */
  readonly expanded: boolean;
  readonly mistakes: readonly Mistake[];
}

/**
 * Expands `${V}`, `${V:-d}`, `${V-d}`, `${V:?m}`, `${V?m}`, `${V:+x}`, `${V+x}` (nested in d, m and x)
 * and `$$`. A `$` before anything else is a `$`: shells in commands keep their `$HOME`. The value of a
 * variable is not expanded again.
 */
export function expand(text: string, grammar: Grammar): Expansion {
  if (!text.includes('$')) return { text, expanded: false, mistakes: [] };
  const state: State = { text, grammar, mistakes: [], expanded: false };
  return {
    text: expandUntil(state, { from: 0, to: text.length }),
    expanded: state.expanded,
    mistakes: state.mistakes,
  };
}

interface State {
  readonly text: string;
  readonly grammar: Grammar;
  readonly mistakes: Mistake[];
  expanded: boolean;
}

interface Range {
  readonly from: number;
  readonly to: number;
}

function expandUntil(state: State, range: Range): string {
  const { text } = state;
  let result = '';
  let index = range.from;
  while (index < range.to) {
    const dollar = text.indexOf('$', index);
    if (dollar === -1 || dollar >= range.to) return result + text.slice(index, range.to);
    result += text.slice(index, dollar);
    const next = text[dollar + 1];
    if (state.grammar.escape === '\\$' && dollar > index && text[dollar - 1] === '\\') {
      result = `${result.slice(0, -1)}$`;
      index = dollar + 1;
    } else if (next === '$' && state.grammar.escape !== '\\$') {
      result += '$';
      index = dollar + 2;
    } else if (next === '{') {
      const end = closingBrace(text, dollar + 2, range.to);
      if (end === -1) {
        state.mistakes.push({
          code: 'InvalidVariable',
          offset: dollar,
          message: '"${" without a closing "}", or too many inside each other',
          hint: 'close it, or write $${ to keep it',
        });
        return result + text.slice(dollar, range.to);
      }
      result += reference(state, { from: dollar + 2, to: end });
      index = end + 1;
    } else {
      result += '$';
      index = dollar + 1;
    }
  }
  return result;
}

/** Without a limit, scanning for the end of each would cost the square of the text's length. */
const maxNesting = 16;

function closingBrace(text: string, from: number, to: number): number {
  let depth = 1;
  for (let index = from; index < to; index += 1) {
    if (text[index] === '$' && text[index + 1] === '{') {
      depth += 1;
      if (depth > maxNesting) return -1;
      index += 1;
    } else if (text[index] === '}') {
      depth -= 1;
      if (depth === 0) return index;
    }
  }
  return -1;
}

/** One reference; `range` is what stands between the braces. */
function reference(state: State, range: Range): string {
  const { text, grammar } = state;
  const inner = text.slice(range.from, range.to);
  const start = range.from - 2;
  if (grammar.keeps?.(inner) === true) return `\${${inner}}`;
  state.expanded = true;
  const match = /^([A-Za-z_][A-Za-z0-9_]*)(?:(:?[-?+])|$)/.exec(inner);
  if (match === null) {
    state.mistakes.push({
      code: 'InvalidVariable',
      offset: start,
      message: `"\${${inner.slice(0, 40)}}" is no variable`,
      hint: 'write ${NAME}, ${NAME:-default}, ${NAME:?message} or ${NAME:+text}; to keep it as it is, write $${',
    });
    return '';
  }
  const [, name = '', operator = ''] = match;
  const found = grammar.lookup(name);
  const present = found !== null && (!operator.startsWith(':') || found !== '');
  const word = { from: range.from + name.length + operator.length, to: range.to };
  if (operator.endsWith('+')) return present ? expandUntil(state, word) : '';
  if (present) return found;
  if (operator.endsWith('-')) return expandUntil(state, word);
  const reason = operator.endsWith('?') ? expandUntil(state, word).trim() : '';
  state.mistakes.push(unset(name, start, reason));
  return '';
}

const unset = (name: string, offset: number, reason: string): Mistake => ({
  code: 'VariableUnset',
  offset,
  message: `the variable ${name} is not set${reason === '' ? '' : `: ${reason}`}`,
  hint: `set it in the environment or in .env, or give it a default: \${${name}:-default}; text that is meant for a shell is written $\${${name}}`,
});
