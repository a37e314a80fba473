// @ts-check
// Measures several sides in turn, so that what the machine does meanwhile meets all of them alike.

/**
 * @typedef {object} Side
 * @property {string} name
 * @property {(round: number) => Promise<number>} measure resolves to the sample
 * @property {() => Promise<void>} [cleanUp] after every measure, outside the timing
 *
 * @typedef {object} RoundOptions
 * @property {number} rounds
 * @property {number} [warmUps] rounds before the first that counts; 1 when absent
 * @property {(done: number) => void} [onRound]
 * @property {AbortSignal} [signal] ends it before the next sample; rejects with its reason
 */

/**
 * One sample a side and round, by the side's name. The order of the sides turns from round to round, so that none of
 * them always follows the same other one.
 * @param {readonly Side[]} sides
 * @param {RoundOptions} options
 * @returns {Promise<Map<string, number[]>>}
 */
export async function interleave(sides, { rounds, warmUps = 1, onRound, signal }) {
  /** @type {Map<string, number[]>} */
  const samples = new Map(sides.map(({ name }) => [name, []]));
  for (let round = -warmUps; round < rounds; round += 1) {
    for (const side of turned(sides, round)) {
      signal?.throwIfAborted();
      let sample;
      try {
        sample = await side.measure(round);
      } finally {
        await side.cleanUp?.();
      }
      if (round >= 0) samples.get(side.name)?.push(sample);
    }
    if (round >= 0) onRound?.(round + 1);
  }
  return samples;
}

/**
 * Starts with another side each time; every second full turn goes the other way round.
 * @template T
 * @param {readonly T[]} list
 * @param {number} turn
 * @returns {T[]}
 */
export function turned(list, turn) {
  const start = ((turn % list.length) + list.length) % list.length;
  const order = [...list.slice(start), ...list.slice(0, start)];
  return Math.floor(turn / list.length) % 2 === 0 ? order : order.toReversed();
}
