const SECRET_WORDS: ReadonlySet<string> = new Set([
  'auth',
  'credential',
  'credentials',
  'dsn',
  'key',
  'pw',
  'pwd',
  'salt',
]);
const SECRET_ENDINGS = /(?:pass|passwd|password|passphrase|secret|secrets|token|tokens|apikey)$/;

/** Whether a variable, a build argument or a flag is called what secrets are called. */
export const looksSecret = (name: string): boolean =>
  name
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .split(/[^a-z]+/)
    .some((word) => SECRET_WORDS.has(word) || SECRET_ENDINGS.test(word));

/** What stands in place of a value that may be a secret. */
export const REDACTED = '***';

/** Takes passwords out of addresses: `redis://:pw@host` becomes `redis://:***@host`. */
export const redactAddresses = (text: string): string =>
  text.replaceAll(/([a-z][a-z0-9+.-]*:\/\/[^\s:@/]*):[^\s@/]+@/gi, `$1:${REDACTED}@`);

const FLAG = /^--?([A-Za-z][\w.-]*)$/;
const FLAG_WITH_VALUE = /^(--?)([A-Za-z][\w.-]*)=/;
const ASSIGNMENT = /^([A-Za-z_]\w*)=/;

/** The words of a command, without the values of what is called like a secret. */
export const redactCommand = (words: readonly string[]): string[] =>
  words.map((word, index) => {
    const before = FLAG.exec(words[index - 1] ?? '')?.[1];
    if (before !== undefined && looksSecret(before) && !word.startsWith('-')) return REDACTED;
    const flag = FLAG_WITH_VALUE.exec(word);
    if (flag?.[2] !== undefined && looksSecret(flag[2])) return `${flag[0]}${REDACTED}`;
    const name = ASSIGNMENT.exec(word)?.[1];
    if (name !== undefined && looksSecret(name)) return `${name}=${REDACTED}`;
    return redactAddresses(word);
  });

/** Shorter ones stand in every text by chance. */
const SHORTEST_SECRET = 4;

/**
 * What has to be taken out of texts so that secrets are not in them: the values and each of their lines,
 * for a log shows a key line by line. The longest first, since one may be a part of another.
 */
export const secretWords = (secrets: Iterable<string>): readonly string[] =>
  [...new Set([...secrets].flatMap((value) => [value, ...value.split('\n')]))]
    .map((word) => word.trim())
    .filter((word) => word.length >= SHORTEST_SECRET)
    .toSorted((a, b) => b.length - a.length);

/** A text without these words (`secretWords`). */
export const redactWords = (text: string, words: readonly string[]): string =>
  words.reduce((result, word) => result.replaceAll(word, REDACTED), text);
