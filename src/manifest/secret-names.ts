const secretName =
  '(?:[A-Za-z0-9_.-]*[_.-])?(?:PASS(?:WORD|WD|PHRASE)?|PWD|SECRETS?|TOKEN|APIKEY|CREDENTIALS?|AUTH|(?:API|PRIVATE|ACCESS|SECRET|SIGNING|ENCRYPTION|MASTER|SERVICE)_?KEY)';

const wholeName = new RegExp(`^${secretName}$`, 'i');

/** Whether a variable's name says that its value is a secret: it ends in PASSWORD, TOKEN, API_KEY … */
export const looksSecret = (name: string): boolean => wholeName.test(name);

const credentials = /(:\/\/[^\s/:@]*:)([^\s/@]+)(?=@)/g;

/** Whether a value is an address with a password in it. */
export const holdsCredentials = (value: string): boolean => value.search(credentials) !== -1;

const assignment = new RegExp(
  `((?<![A-Za-z0-9_.-])["']?${secretName}["']?\\s*[:=]\\s*)(?![\\s{|>]|\\$\\{)(.+?)(?=\\s*(?:[,}]|$))`,
  'gi',
);

/** A line of a file without the values that look like secrets, as long as it was. */
export function maskSecrets(line: string): string {
  const hide = (_: string, before: string, value: string): string =>
    before + '•'.repeat(value.length);
  return line.replace(assignment, hide).replace(credentials, hide);
}

/** The same for a line of a file with Secret documents, where `content` is one. */
export const maskContent = (line: string): string =>
  maskSecrets(line).replace(
    /(\bcontent["']?\s*:\s*)(?!\s)(.+)/,
    (_, before: string, value: string) => before + '•'.repeat(value.length),
  );
