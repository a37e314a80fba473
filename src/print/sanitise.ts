/**
 * What containers, images and other people's names say, made harmless for a terminal: control
 * characters (C0 without the tab, DEL, C1) and those that turn the direction of text become
 * visible, so that nothing can move the cursor, set the title or answer for the keyboard.
 */
export function sanitise(text: string): string {
  return text.replace(dangerous, (character) => {
    const code = character.codePointAt(0) ?? 0;
    if (code < 0x20) return `^${String.fromCharCode(code + 0x40)}`;
    if (code === 0x7f) return '^?';
    return `\\u${code.toString(16).padStart(4, '0')}`;
  });
}

// Cc without the tab; the marks and isolates of bidirectional text; the two separators of lines.
const dangerous = /(?!\t)\p{Cc}|[\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu;
