// @ts-check
// What l9 itself takes to think and to coordinate, without an engine.
import { availableParallelism } from 'node:os';
import { Failure } from '../../scripts/console.mjs';
import { interleave } from '../rounds.mjs';
import { absoluteRow } from '../rows.mjs';
import { medianWithInterval, quantile } from '../statistics.mjs';

/**
 * @typedef {import('../bench.mjs').Bench} Bench
 * @typedef {import('../rows.mjs').Row} Row
 */

/**
 * Each sample is the first plan of a new process.
 * @param {Bench} bench
 * @returns {Promise<Row[]>}
 */
export async function planning(bench) {
  const { unchanged, changed } = await writeInputs(bench);
  if (unchanged !== 0 || changed < 1000) {
    throw new Failure(
      `the situations are not what they are meant to be: ${unchanged} actions where nothing changed, ${changed} where all did`,
    );
  }
  const timePlan = await bench.inside.bundle(new URL('../inside/time-plan.ts', import.meta.url));
  const situations = {
    unchanged: 'plan 1,000 of 1,000, nothing to do',
    changed: 'plan 1,000 of 1,000, all recreated',
  };
  const sides = Object.keys(situations).map((name) => ({
    name,
    measure: async () => Number(await timePlan(bench.inside.file(name))),
  }));
  const samples = await interleave(sides, bench.roundsOf('planning', 15));
  return Object.entries(situations).map(([name, title]) => {
    const ours = { name: 'plan()', samples: samples.get(name) ?? [] };
    const estimate = medianWithInterval(ours.samples);
    return absoluteRow(title, { ours, estimate, limit: 50, unit: 'ms' });
  });
}

/**
 * Each sample is the 95th percentile of a process's gaps between one engine call and the next.
 * @param {Bench} bench
 * @returns {Promise<Row[]>}
 */
export async function coordination(bench) {
  await writeInputs(bench);
  const timeActions = await bench.inside.bundle(
    new URL('../inside/time-actions.ts', import.meta.url),
  );
  // As operations/converge.ts chooses it on this machine, and one at a time.
  const usual = Math.max(4, Math.min(32, Math.round(availableParallelism() * 2.5)));
  const sides = [1, usual].map((parallel) => ({
    name: `${parallel} at once`,
    measure: async () => {
      const { gaps } = await timeActions(bench.inside.file('unchanged'), String(parallel));
      return quantile(gaps, 0.95);
    },
  }));
  const samples = await interleave(sides, bench.roundsOf('coordination', 15));
  return [...samples].map(([name, values]) =>
    absoluteRow(`coordination an action, p95, ${name}`, {
      ours: { name: 'execute()', samples: values },
      estimate: medianWithInterval(values),
      limit: 300,
      unit: 'µs',
    }),
  );
}

/**
 * How many actions each situation takes.
 * @param {Bench} bench
 * @returns {Promise<Record<'unchanged' | 'changed', number>>}
 */
async function writeInputs(bench) {
  const write = await bench.inside.bundle(new URL('../inside/write-inputs.ts', import.meta.url));
  return write(bench.inside.file(''));
}
