import { quote } from './quote.ts';

interface Translation {
  /** Part of the parser's reason. */
  readonly reason: string;
  readonly message?: string;
  readonly hint: string;
}

const tab: Translation = {
  reason: 'tab characters',
  message: 'a tab in the indentation',
  hint: 'YAML is indented with spaces: replace the tab by spaces',
};

const quoteIt =
  'a text that holds ": " or " #", or begins with one of {}[]&*!|>%@`, needs quotes around it';

/** What the parser says, and what people should do. The first entry whose reason matches counts. */
const translations: readonly Translation[] = [
  tab,
  {
    reason: 'bad indentation',
    message: 'wrong indentation',
    hint: `fields that belong together begin in the same column; ${quoteIt}`,
  },
  {
    reason: 'deficient indentation',
    message: 'a quote or bracket that was opened above is still open here',
    hint: 'close it; a value that goes on over several lines is indented more than its key',
  },
  {
    reason: 'multiline key',
    message: 'expected "key: value"',
    hint: 'write a colon and a space after the key, or indent the line to continue the text above',
  },
  {
    reason: "expected ':'",
    message: 'expected ":" after the key',
    hint: 'write a colon and a space after the key',
  },
  {
    reason: 'whitespace character is expected after the key-value separator',
    message: 'expected a space after the colon',
    hint: 'write "key: value"',
  },
  {
    reason: 'missed comma',
    message: 'expected a comma or the closing bracket',
    hint: `separate the items of [ ] and { } by commas; ${quoteIt}`,
  },
  {
    reason: "but found ','",
    message: 'expected a value, but found a comma',
    hint: 'remove one of the commas',
  },
  {
    reason: 'within a flow collection',
    message: 'a bracket that is never closed',
    hint: 'close every [ with ] and every { with }',
  },
  {
    reason: 'within a double quoted scalar',
    message: 'a double quote that is never closed',
    hint: 'close the quote; a double quote inside is written \\"',
  },
  {
    reason: 'within a single quoted scalar',
    message: 'a single quote that is never closed',
    hint: "close the quote; a single quote inside is written ''",
  },
  {
    reason: 'unknown escape sequence',
    hint: 'inside double quotes a backslash is written \\\\; inside single quotes it needs nothing',
  },
  {
    reason: 'expected hexadecimal',
    message: 'expected hexadecimal digits after \\x or \\u',
    hint: 'inside double quotes a backslash is written \\\\; inside single quotes it needs nothing',
  },
  {
    reason: 'nesting exceeded',
    message: 'values are nested too deeply',
    hint: 'a manifest needs no more than a dozen levels: look for brackets that are not closed',
  },
  {
    reason: 'non-printable',
    message: 'a control character',
    hint: 'remove it, or write it as "\\x1b" in double quotes',
  },
  {
    reason: 'valid JSON character',
    message: 'a control character inside quotes',
    hint: 'remove it, or write it as "\\x1b" in double quotes',
  },
  { reason: 'null byte', message: 'a NUL character', hint: 'is this a text file?' },
  {
    reason: 'document separator is expected',
    message: 'expected the end of the document',
    hint: `separate documents by a line "---"; ${quoteIt}`,
  },
  {
    reason: 'alias',
    hint: 'a text that begins with * needs quotes around it',
  },
  {
    reason: 'anchor',
    hint: 'a text that begins with & needs quotes around it',
  },
  { reason: 'tag', hint: 'a text that begins with ! needs quotes around it' },
  { reason: 'irective', hint: 'a text that begins with % needs quotes around it' },
];

const fallbackHint = `this is no valid YAML; ${quoteIt}`;

/** The parser's complaint in words that say what to do. */
export function syntaxHint(
  reason: string,
  text: string,
  offset: number,
): { readonly message: string; readonly hint: string } {
  if (text.startsWith('${', offset - 1)) {
    const variable = /^[^}\n]{0,60}\}?/.exec(text.slice(offset - 1))?.[0] ?? '${';
    return {
      message: 'a variable inside [ ] or { } needs quotes',
      hint: `write "${variable}"`,
    };
  }
  const lineStart = text.lastIndexOf('\n', offset - 1) + 1;
  const layout = /indentation|multiline key|separator is expected/.test(reason);
  if (layout && /^ *\t/.test(text.slice(lineStart, lineStart + 200))) {
    return { message: tab.message ?? reason, hint: tab.hint };
  }
  const found = translations.find((one) => reason.includes(one.reason));
  if (found === undefined) return { message: reason, hint: fallbackHint };
  const at = text.slice(offset, offset + 1);
  const suffix = found.reason === 'non-printable' && at !== '' ? ` (${quote(at)})` : '';
  return { message: (found.message ?? reason) + suffix, hint: found.hint };
}
