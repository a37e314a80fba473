/**
 * The candidate that somebody most likely meant: the same but for case and separators, or few
 * letters away (a swap of two neighbours counts as one). Undefined where none is near.
 */
export function suggest(written: string, candidates: Iterable<string>): string | undefined {
  let best: string | undefined;
  let bestDistance = Number.POSITIVE_INFINITY;
  for (const candidate of candidates) {
    const distance = distanceBetween(bare(written), bare(candidate));
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  const { length } = bare(written);
  const allowed = length <= 5 ? 1 : Math.max(2, Math.floor(length / 4));
  return bestDistance <= Math.min(allowed, length - 1) ? best : undefined;
}

/** Whether two words are the same but for case and separators: 'depends_on' and 'dependsOn'. */
export const sameWord = (a: string, b: string): boolean => bare(a) === bare(b);

const bare = (text: string): string =>
  text
    .toLowerCase()
    .replaceAll(/[-_. ]/g, '')
    .slice(0, 60);

/** Optimal string alignment distance. */
function distanceBetween(a: string, b: string): number {
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const current = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const same = a[i - 1] === b[j - 1];
      let cost = Math.min(
        (previous[j] ?? 0) + 1,
        (current[j - 1] ?? 0) + 1,
        (previous[j - 1] ?? 0) + (same ? 0 : 1),
      );
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        cost = Math.min(cost, (beforePrevious[j - 2] ?? 0) + 1);
      }
      current.push(cost);
    }
    beforePrevious = previous;
    previous = current;
  }
  return previous[b.length] ?? 0;
}

/** 'a', 'a or b', 'a, b or c'. */
export function either(words: readonly string[], last = 'or'): string {
  if (words.length < 2) return words.join('');
  return `${words.slice(0, -1).join(', ')} ${last} ${words.at(-1)}`;
}
