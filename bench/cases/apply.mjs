// @ts-check
// Bringing fifty services up: against the engine calls alone, and against Compose. The peak memory of l9 is that of
// the same runs.
import { median, medianWithInterval } from '../statistics.mjs';
import { interleave } from '../rounds.mjs';
import { absoluteRow, ratioRow } from '../rows.mjs';

/**
 * @typedef {import('../bench.mjs').Bench} Bench
 * @typedef {import('../fifty.mjs').FiftyServices} FiftyServices
 * @typedef {import('../rows.mjs').Row} Row
 */

const parallelisms = [2, 3, 4, 5, 6, 8, 10, 12];

/**
 * @param {Bench} bench
 * @returns {Promise<Row[]>}
 */
export async function apply(bench) {
  const fifty = bench.fifty();
  const calls = await fifty.recordFloor();
  const parallel = await bestParallelism(bench, (candidate) => fifty.floorUp(calls, candidate));
  /** @type {number[]} */
  const memory = [];
  /** @type {import('../rounds.mjs').Side[]} */
  const sides = [
    {
      name: 'floor',
      measure: () => fifty.floorUp(calls, parallel),
      cleanUp: fifty.removeL9,
    },
    {
      name: 'l9',
      measure: async (round) => {
        const ms = await fifty.l9Up();
        if (round >= 0) memory.push(fifty.l9PeakMemory());
        return ms;
      },
      cleanUp: fifty.removeL9,
    },
  ];
  if (bench.composeBinary !== undefined) {
    sides.push({ name: 'compose', measure: () => fifty.composeUp(), cleanUp: fifty.removeCompose });
  }
  // The search was warm-up enough.
  const samples = await interleave(sides, { ...bench.roundsOf('apply', 9), warmUps: 0 });
  const ours = { name: 'l9 apply', samples: samples.get('l9') ?? [] };
  const rows = [
    ratioRow('apply of 50 services', {
      ours,
      peer: { name: `floor, ${parallel} at once`, samples: samples.get('floor') ?? [] },
      limit: 1.15,
      unit: 'ms',
    }),
  ];
  const compose = samples.get('compose');
  if (compose !== undefined) {
    rows.push(
      ratioRow('apply of 50 services', {
        ours,
        peer: { name: 'compose up -d', samples: compose },
        limit: 1.1,
        unit: 'ms',
      }),
    );
  }
  rows.push(memoryRow(memory));
  return rows;
}

/**
 * The memory alone, without the peers.
 * @param {Bench} bench
 * @returns {Promise<Row[]>}
 */
export async function memory(bench) {
  const fifty = bench.fifty();
  const side = {
    name: 'l9',
    measure: async () => {
      await fifty.l9Up();
      return fifty.l9PeakMemory();
    },
    cleanUp: fifty.removeL9,
  };
  const samples = await interleave([side], { ...bench.roundsOf('memory', 9), warmUps: 0 });
  return [memoryRow(samples.get('l9') ?? [])];
}

/** @param {readonly number[]} bytes */
const memoryRow = (bytes) =>
  absoluteRow('peak memory, apply of 50', {
    ours: { name: 'l9 apply', samples: bytes.map((value) => value / 1e6) },
    estimate: medianWithInterval(bytes.map((value) => value / 1e6)),
    limit: 120,
    unit: 'MB',
  });

/**
 * How many calls at once bring the fifty up soonest on this machine.
 * @param {Bench} bench
 * @param {(parallel: number) => Promise<number>} up
 */
async function bestParallelism(bench, up) {
  const fifty = bench.fifty();
  const sides = parallelisms.map((parallel) => ({
    name: String(parallel),
    measure: () => up(parallel),
    cleanUp: fifty.removeL9,
  }));
  const search = bench.quick ? 1 : 3;
  const options = {
    ...bench.roundsOf('the best parallelism of the floor', search),
    rounds: search,
    warmUps: 0,
  };
  const samples = await interleave(sides, options);
  const [best] = [...samples].toSorted(([, a], [, b]) => median(a) - median(b));
  return Number(best?.[0]);
}
