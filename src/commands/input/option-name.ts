/** `dryRun` → `--dry-run`. */
export const optionFlag = (key: string): string =>
  `--${key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

/** `--dry-run` → `--no-dry-run`, for flags that are on by default. */
export const negatedFlag = (key: string): string => optionFlag(key).replace(/^--/, '--no-');
