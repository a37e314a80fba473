// @ts-check
// One line of the table each: what was measured on both sides, the bar, and whether it is kept.
import { differenceOfMedians, median, ratioOfMedians, verdictOf } from './statistics.mjs';

/**
 * @typedef {import('./statistics.mjs').Estimate} Estimate
 * @typedef {import('./statistics.mjs').Verdict} Verdict
 * @typedef {'ms' | 'µs' | 'MB' | 'calls'} Unit
 *
 * @typedef {object} Samples
 * @property {string} name
 * @property {readonly number[]} samples in the row's unit
 *
 * @typedef {object} Row
 * @property {string} case
 * @property {Unit} unit
 * @property {Samples & { median: number }} ours
 * @property {(Samples & { median: number }) | null} peer
 * @property {Estimate | null} ratio of the medians, ours to the peer's
 * @property {'ratio' | 'difference' | 'value'} judged what the bar is about
 * @property {Estimate} estimate of what is judged
 * @property {number} limit at most this
 * @property {Verdict} verdict
 * @property {readonly string[]} [detail]
 *
 * @typedef {{ ours: Samples, peer: Samples, limit: number, unit: Unit }} Comparison
 */

/** @param {Samples} side */
const withMedian = (side) => ({ ...side, median: median(side.samples) });

/**
 * Ours takes at most `limit` times as much as the peer.
 * @param {string} name
 * @param {Comparison} comparison
 * @returns {Row}
 */
export function ratioRow(name, { ours, peer, limit, unit }) {
  const ratio = ratioOfMedians(ours.samples, peer.samples);
  const sides = { ours: withMedian(ours), peer: withMedian(peer) };
  const verdict = verdictOf(ratio, limit);
  return { case: name, unit, ...sides, ratio, judged: 'ratio', estimate: ratio, limit, verdict };
}

/**
 * Ours takes at most `limit` more than the peer.
 * @param {string} name
 * @param {Comparison} comparison
 * @returns {Row}
 */
export function differenceRow(name, { ours, peer, limit, unit }) {
  const estimate = differenceOfMedians(ours.samples, peer.samples);
  return {
    case: name,
    unit,
    ours: withMedian(ours),
    peer: withMedian(peer),
    ratio: ratioOfMedians(ours.samples, peer.samples),
    judged: 'difference',
    estimate,
    limit,
    verdict: verdictOf(estimate, limit),
  };
}

/**
 * Ours takes at most `limit`, whatever others take.
 * @param {string} name
 * @param {{ ours: Samples, estimate: Estimate, limit: number, unit: Unit }} measured
 * @returns {Row}
 */
export function absoluteRow(name, { ours, estimate, limit, unit }) {
  const verdict = verdictOf(estimate, limit);
  const common = { case: name, unit, ours: withMedian(ours), peer: null, ratio: null };
  return { ...common, judged: 'value', estimate, limit, verdict };
}

/**
 * Something that is counted and must not be there at all.
 * @param {string} name
 * @param {{ name: string, count: number, detail: readonly string[] }} counted
 * @returns {Row}
 */
export function countRow(name, { name: side, count, detail }) {
  const estimate = { value: count, interval: { low: count, high: count } };
  const row = absoluteRow(name, {
    ours: { name: side, samples: [count] },
    estimate,
    limit: 0,
    unit: 'calls',
  });
  return { ...row, detail };
}
