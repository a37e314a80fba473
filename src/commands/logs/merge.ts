/** Something that was printed at a time; null where nobody knows. */
export interface Timed {
  readonly at: number | null;
}

/** Merges streams that are each in time order into one that is. What has no time goes at once. */
export async function* mergeByTime<T extends Timed>(
  sources: readonly AsyncIterable<T>[],
): AsyncGenerator<T> {
  const iterators = sources.map((source) => source[Symbol.asyncIterator]());
  try {
    const heads = await Promise.all(iterators.map((iterator) => iterator.next()));
    for (;;) {
      let first = -1;
      let earliest = Number.POSITIVE_INFINITY;
      for (const [index, head] of heads.entries()) {
        if (head.done === true) continue;
        const at = head.value.at ?? Number.NEGATIVE_INFINITY;
        if (first === -1 || at < earliest) {
          first = index;
          earliest = at;
        }
      }
      const head = heads[first];
      const iterator = iterators[first];
      if (head === undefined || iterator === undefined || head.done === true) return;
      yield head.value;
      heads[first] = await iterator.next();
    }
  } finally {
    await Promise.all(iterators.map(async (iterator) => iterator.return?.(undefined)));
  }
}
