/** `export NAME='value'`, for `eval` in any POSIX shell. */
export const shellLine = (name: string, value: string): string =>
  `export ${name}='${value.replaceAll("'", String.raw`'\''`)}'`;

/**
 * `NAME=value` as dotenv files have it. What has more than plain characters is quoted: in single
 * quotes, where nothing is expanded; in double ones with escapes where it has those or a new line.
 */
export function dotenvLine(name: string, value: string): string {
  if (/^[\w./:@%+,-]*$/.test(value)) return `${name}=${value}`;
  if (!/['\r\n]/.test(value)) return `${name}='${value}'`;
  const escaped = value
    .replaceAll(/["\\$]/g, String.raw`\$&`)
    .replaceAll('\n', String.raw`\n`)
    .replaceAll('\r', String.raw`\r`);
  return `${name}="${escaped}"`;
}
