const SECRET_NAME =
  /(?:^|[_.-])(?:pass|passwd|password|passphrase|pwd|pw|secret|token|api_?key|access_?key|private_?key|signing_?key|encryption_?key|key|credentials?|auth|salt|dsn)(?:$|[_.\-\d])|(?:password|passwd|secret|token|apikey)$/i;

/** Whether a variable, a build argument or a flag is called what secrets are called. */
export const looksSecret = (name: string): boolean => SECRET_NAME.test(name);

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
