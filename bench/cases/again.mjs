// @ts-check
// Applying fifty services when all of them run already. Both stacks stand beside each other meanwhile.
import { interleave } from '../rounds.mjs';
import { countRow, ratioRow } from '../rows.mjs';

/**
 * @param {import('../bench.mjs').Bench} bench
 * @returns {Promise<import('../rows.mjs').Row[]>}
 */
export async function again(bench) {
  const fifty = bench.fifty();
  await fifty.l9Up();
  const writes = await fifty.writesOfL9();
  const rows = [
    countRow('apply again: writes', {
      name: 'l9 apply',
      count: writes.length,
      detail: writes.map(({ method, path }) => `${method} ${path}`),
    }),
  ];
  if (bench.composeBinary === undefined) {
    bench.remark('apply again is not compared: there is no Compose 2.');
  } else {
    await fifty.composeUp();
    const samples = await interleave(
      [
        { name: 'l9', measure: () => fifty.l9Up() },
        { name: 'compose', measure: () => fifty.composeUp() },
      ],
      bench.roundsOf('again', 15),
    );
    rows.push(
      ratioRow('apply again, nothing to do', {
        ours: { name: 'l9 apply', samples: samples.get('l9') ?? [] },
        peer: { name: 'compose up -d', samples: samples.get('compose') ?? [] },
        limit: 2,
        unit: 'ms',
      }),
    );
  }
  await fifty.removeL9();
  await fifty.removeCompose();
  return rows;
}
