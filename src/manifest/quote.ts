// oxlint-disable-next-line no-control-regex -- control characters are what is looked for
const control = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;

/**
 * Text from a file, one column for one character, safe for a terminal: control characters and
 * those that turn the direction of text become pictures.
 */
export function visible(text: string): string {
  return text.replace(control, (character) => {
    const code = character.charCodeAt(0);
    if (code < 0x20) return String.fromCharCode(0x2400 + code);
    return code === 0x7f ? '\u2421' : '\ufffd';
  });
}

const longest = 80;

/** A value from a file in double quotes, cut and escaped, for use inside a message. */
export function quote(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return visible(text.length > longest ? `${text.slice(0, longest - 2)}…"` : text);
}
