/**
 * What a plain scalar means in YAML 1.2's core schema, without the values that JSON has not
 * (.inf, .nan). 'no', 'on' and '0755' are no surprises here: text, text, and the number 755, whose
 * text is kept for the places that want text.
 */
export function resolvePlain(text: string): string | number | boolean | null {
  // Most texts show by their first letter that they are nothing else.
  if (!candidates.includes(text.charAt(0))) return text;
  switch (text) {
    case '':
    case '~':
    case 'null':
    case 'Null':
    case 'NULL':
      return null;
    case 'true':
    case 'True':
    case 'TRUE':
      return true;
    case 'false':
    case 'False':
    case 'FALSE':
      return false;
    default:
      return resolveNumber(text) ?? text;
  }
}

/** First letters of null, booleans and numbers; every text includes the empty one. */
const candidates = '~nNtTfF-+.0123456789';

function resolveNumber(text: string): number | undefined {
  if ('nNtTfF'.includes(text.charAt(0))) return undefined;
  if (/^(?:0o[0-7]+|0x[\da-f]+)$/i.test(text)) return finite(Number(text.toLowerCase()));
  if (/^[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:e[-+]?\d+)?$/i.test(text)) return finite(Number(text));
  return undefined;
}

const finite = (value: number): number | undefined => (Number.isFinite(value) ? value : undefined);
