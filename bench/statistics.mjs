// @ts-check
// What the bench concludes from its samples. Every interval is a 95 % one.

/**
 * @typedef {object} Interval
 * @property {number} low
 * @property {number} high
 *
 * @typedef {object} Estimate
 * @property {number} value
 * @property {Interval} interval
 *
 * @typedef {'met' | 'unclear' | 'short'} Verdict
 */

const RESAMPLES = 4000;
const CONFIDENCE = 0.95;

/**
 * The value below which the share `q` of the samples lies, interpolated between neighbours.
 * @param {readonly number[]} samples
 * @param {number} q from 0 to 1
 */
export function quantile(samples, q) {
  if (samples.length === 0) throw new RangeError('no samples');
  const sorted = samples.toSorted((a, b) => a - b);
  const place = (sorted.length - 1) * q;
  const below = sorted[Math.floor(place)] ?? Number.NaN;
  const above = sorted[Math.ceil(place)] ?? Number.NaN;
  return below + (above - below) * (place - Math.floor(place));
}

/** @param {readonly number[]} samples */
export const median = (samples) => quantile(samples, 0.5);

/**
 * Random numbers in [0, 1) that are the same in every run (mulberry32): the same samples give the same interval.
 * @param {number} seed
 * @returns {() => number}
 */
export function randomFrom(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * A statistic of several sides that were measured in the same rounds, with its bootstrap interval. Whole rounds are
 * drawn again, so that what slowed all sides of a round down stays with all of them.
 * @param {readonly (readonly number[])[]} sides one list of samples a side, all of the same length
 * @param {(...medians: number[]) => number} statistic of the sides' medians
 * @returns {Estimate}
 */
export function bootstrap(sides, statistic) {
  const rounds = sides[0]?.length ?? 0;
  if (rounds === 0 || sides.some((side) => side.length !== rounds)) {
    throw new RangeError('every side needs one sample a round');
  }
  const random = randomFrom(rounds);
  const draws = Array.from({ length: RESAMPLES }, () => {
    const chosen = Array.from({ length: rounds }, () => Math.floor(random() * rounds));
    return statistic(
      ...sides.map((side) => median(chosen.map((round) => side[round] ?? Number.NaN))),
    );
  });
  return {
    value: statistic(...sides.map(median)),
    interval: {
      low: quantile(draws, (1 - CONFIDENCE) / 2),
      high: quantile(draws, (1 + CONFIDENCE) / 2),
    },
  };
}

/**
 * How many times as much ours takes as the peer.
 * @param {readonly number[]} ours
 * @param {readonly number[]} peer
 */
export const ratioOfMedians = (ours, peer) => bootstrap([ours, peer], (a = 0, b = 0) => a / b);

/**
 * How much more ours takes than the peer.
 * @param {readonly number[]} ours
 * @param {readonly number[]} peer
 */
export const differenceOfMedians = (ours, peer) => bootstrap([ours, peer], (a = 0, b = 0) => a - b);

/** @param {readonly number[]} samples */
export const medianWithInterval = (samples) => bootstrap([samples], (a = 0) => a);

/**
 * Whether an estimate keeps its bar. `short` only when the whole interval is beyond it; `unclear` when the bar lies
 * inside: then more rounds, or a quieter machine, would tell.
 * @param {Estimate} estimate
 * @param {number} bar at most this
 * @returns {Verdict}
 */
export function verdictOf({ interval }, bar) {
  if (interval.low > bar) return 'short';
  return interval.high <= bar ? 'met' : 'unclear';
}
