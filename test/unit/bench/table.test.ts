import { expect, test } from 'vitest';
import { absoluteRow, countRow, differenceRow, ratioRow } from '../../../bench/rows.mjs';
import { medianWithInterval } from '../../../bench/statistics.mjs';
import { formatTable } from '../../../bench/table.mjs';

test('the table says what was measured, against what, and how sure it is', () => {
  const fixed = (value: number) => Array(9).fill(value);
  const ours = { name: 'l9 apply', samples: fixed(6600) };
  const table = formatTable([
    ratioRow('apply of 50', {
      ours,
      peer: { name: 'floor, 5 at once', samples: fixed(6000) },
      limit: 1.15,
      unit: 'ms',
    }),
    ratioRow('apply of 50', {
      ours,
      peer: {
        name: 'compose up -d',
        samples: [5000, 5100, 5200, 5300, 5400, 5500, 5600, 5700, 5800],
      },
      limit: 1.1,
      unit: 'ms',
    }),
    differenceRow('l9 --help', {
      ours: { name: 'l9 --help', samples: fixed(87.26) },
      peer: { name: 'node -e 0', samples: fixed(60) },
      limit: 30,
      unit: 'ms',
    }),
    absoluteRow('peak memory', {
      ours: { name: 'l9 apply', samples: fixed(130.5) },
      estimate: medianWithInterval(fixed(130.5)),
      limit: 120,
      unit: 'MB',
    }),
    countRow('apply again: writes', { name: 'l9 apply', count: 0, detail: [] }),
  ]);
  expect(`\n${table}`).toMatchInlineSnapshot(`
    "
    case                 ours               peer                      ratio  judged, 95 % interval  bar        verdict
    apply of 50          6600 ms l9 apply   6000 ms floor, 5 at once  1.10×  1.10× (1.10 to 1.10)   ≤ 1.15×    met
    apply of 50          6600 ms l9 apply   5400 ms compose up -d     1.22×  1.22× (1.16 to 1.29)   ≤ 1.1×     short
    l9 --help            87.3 ms l9 --help  60 ms node -e 0           1.45×  +27.3 ms               ≤ +30 ms   met
    peak memory          131 MB l9 apply                                     131 MB                 ≤ 120 MB   short
    apply again: writes  0 calls l9 apply                                    0 calls                ≤ 0 calls  met
    "
  `);
});

test('writes that must not be are short of the bar, and are told', () => {
  const row = countRow('writes', { name: 'l9', count: 1, detail: ['POST /volumes/create'] });
  expect(row).toMatchObject({ verdict: 'short', limit: 0, detail: ['POST /volumes/create'] });
});
