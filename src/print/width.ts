/**
 * How many columns of a terminal text takes. Escape sequences take none; East Asian wide characters
 * and emoji take two. https://www.unicode.org/reports/tr11/
 */
export function displayWidth(text: string): number {
  if (plainAscii.test(text)) return text.length;
  let width = 0;
  for (const { segment } of segmenter().segment(withoutColours(text)))
    width += clusterWidth(segment);
  return width;
}

/** Cuts to `columns` with an ellipsis. Text with escape sequences is returned without them when it must be cut. */
export function fit(text: string, columns: number): string {
  if (displayWidth(text) <= columns) return text;
  if (columns < 1) return '';
  let cut = '';
  let width = 0;
  for (const { segment } of segmenter().segment(withoutColours(text))) {
    width += clusterWidth(segment);
    if (width > columns - 1) break;
    cut += segment;
  }
  return `${cut}…`;
}

/** Fills up with spaces to `columns`. */
export const pad = (text: string, columns: number): string =>
  text + ' '.repeat(Math.max(0, columns - displayWidth(text)));

export const withoutColours = (text: string): string => text.replace(escapeSequence, '');

const plainAscii = /^[\u0020-\u007e]*$/;
// The colours of picocolors; written without a literal control character.
const escapeSequence = new RegExp(`${String.fromCharCode(27)}\\[[\\d;]*m`, 'g');
const invisible = /^[\p{Mark}\p{Cc}\p{Cf}]*$/u;
const emoji = /\p{Emoji_Presentation}|\p{Extended_Pictographic}\ufe0f/u;
// Hangul Jamo, CJK with its punctuation and forms, Hangul, and the supplementary ideographs.
const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]/u;

function clusterWidth(cluster: string): number {
  if (invisible.test(cluster)) return 0;
  return emoji.test(cluster) || wide.test(cluster) ? 2 : 1;
}

// Building a segmenter costs milliseconds: only for text that is not plain.
const segmenter = (): Intl.Segmenter => new Intl.Segmenter('en', { granularity: 'grapheme' });
