// @ts-check
// The one table that the bench prints.

/**
 * @typedef {import('./rows.mjs').Row} Row
 * @typedef {import('./statistics.mjs').Estimate} Estimate
 */

const headings = ['case', 'ours', 'peer', 'ratio', 'judged, 95 % interval', 'bar', 'verdict'];

/**
 * @param {readonly Row[]} rows
 * @returns {string} ending in a newline
 */
export function formatTable(rows) {
  const lines = [headings, ...rows.map(cells)];
  const widths = headings.map((_, column) =>
    Math.max(...lines.map((line) => (line[column] ?? '').length)),
  );
  return lines
    .map((line) => line.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  '))
    .map((line) => `${line.trimEnd()}\n`)
    .join('');
}

/**
 * @param {Row} row
 * @returns {string[]}
 */
function cells(row) {
  const { ours, peer, ratio, estimate, unit, limit } = row;
  const own = `${amount(ours.median, unit)} ${ours.name}`;
  const other = peer === null ? '' : `${amount(peer.median, unit)} ${peer.name}`;
  const times = ratio === null ? '' : `${ratio.value.toFixed(2)}×`;
  switch (row.judged) {
    case 'ratio': {
      const judged = ratioText(estimate);
      return [row.case, own, other, times, judged, `≤ ${limit}×`, row.verdict];
    }
    case 'difference': {
      const judged = `${estimate.value < 0 ? '' : '+'}${range(estimate, unit)}`;
      return [row.case, own, other, times, judged, `≤ +${amount(limit, unit)}`, row.verdict];
    }
    case 'value':
      return [
        row.case,
        own,
        other,
        times,
        range(estimate, unit),
        `≤ ${amount(limit, unit)}`,
        row.verdict,
      ];
  }
}

/** @param {Estimate} estimate */
const ratioText = ({ value, interval: { low, high } }) =>
  `${value.toFixed(2)}× (${low.toFixed(2)} to ${high.toFixed(2)})`;

/**
 * @param {Estimate} estimate
 * @param {Row['unit']} unit
 */
function range({ value, interval: { low, high } }, unit) {
  const exact = low === high && low === value;
  return exact ? amount(value, unit) : `${amount(value, unit)} (${digits(low)} to ${digits(high)})`;
}

/**
 * @param {number} value
 * @param {Row['unit']} unit
 */
const amount = (value, unit) => `${digits(value)} ${unit}`;

/** Three digits tell enough. @param {number} value */
const digits = (value) =>
  Math.abs(value) >= 100 || Number.isInteger(value) ? value.toFixed(0) : value.toPrecision(3);
