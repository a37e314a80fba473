import { describe, expect, it } from 'vitest';
import type { Problem } from '../../../src/model/errors.ts';
import type { ConvergeResult, Outcome } from '../../../src/operations/contract.ts';
import { adviceAfter, exitCodeOf, resultSummary } from '../../../src/print/results.ts';
import { createPalette } from '../../../src/print/terminal.ts';
import { notReady, service, view } from './view.ts';

const style = { palette: createPalette(false), cwd: '/home/ann/shop' };

const result = (outcome: Outcome, part: Partial<ConvergeResult> = {}): ConvergeResult => ({
  project: 'shop',
  outcome,
  view: view([service('redis'), service('web')]),
  failures: [],
  actions: 3,
  durationMs: 2100,
  warnings: [],
  ...part,
});

const summary = (...results: ConvergeResult[]): string => resultSummary(results, style).join('\n');

const slow = service('web', {
  status: {
    phase: 'Progressing',
    ready: 0,
    conditions: notReady('shop_web_1: connection refused'),
  },
});
const stopped = service('redis', { status: { phase: 'Stopped', ready: 0 } });

describe('the exit code', () => {
  it.each<[Outcome[], number]>([
    [[], 0],
    [['done', 'unchanged'], 0],
    [['done', 'notReady'], 3],
    [['notReady', 'failed'], 4],
    [['failed', 'interrupted', 'done'], 130],
  ])('of %j is %i', (outcomes, code) => {
    expect(exitCodeOf(outcomes.map((outcome) => result(outcome)))).toBe(code);
  });
});

describe('the summary', () => {
  it.each<[string, ConvergeResult, string]>([
    ['done', result('done'), '✔ shop: 2 of 2 services ready, 3 actions in 2.1s'],
    [
      'nothing to do',
      result('unchanged', { actions: 0 }),
      '✔ shop: 2 of 2 services ready, nothing to do',
    ],
    [
      'some stopped',
      result('done', { view: view([stopped, service('web')]), actions: 1 }),
      '✔ shop: 1 of 1 service ready, 1 stopped, 1 action in 2.1s',
    ],
    [
      'all stopped',
      result('done', { view: view([stopped]) }),
      '✔ shop: 1 stopped, 3 actions in 2.1s',
    ],
    ['deleted', result('done', { view: null }), '✔ shop: gone, 3 actions in 2.1s'],
    [
      'interrupted',
      result('interrupted'),
      '! shop: 2 of 2 services ready, interrupted after 3 actions in 2.1s',
    ],
    [
      'too slow, without a failure: what is not ready and why',
      result('notReady', { view: view([service('redis'), slow]) }),
      `✖ web: not ready: shop_web_1: connection refused
  → l9 describe web, l9 logs web; a longer --timeout if it only needs time
✖ shop: 1 of 2 services ready, not ready in time, after 2.1s`,
    ],
    [
      'failed',
      result('failed', {
        view: view([service('redis'), slow]),
        failures: [
          { service: 'web', message: 'no such command: \u001b[1mwebd', hint: 'Correct command.' },
        ],
      }),
      `✖ web: no such command: ^[[1mwebd
  → Correct command.
✖ shop: 1 of 2 services ready, failed after 3 actions in 2.1s`,
    ],
  ])('%s', (_, one, text) => {
    expect(summary(one)).toBe(text);
  });

  it('tells shared warnings once, in short, and not all of them', () => {
    const warning = (line: number): Problem => ({
      code: 'Usage',
      severity: 'warning',
      message: `thing ${line} has no limit`,
      hint: 'several\nlines',
      excerpt: '  1 | thing\n    | ^',
      position: { file: '/home/ann/shop/l9.yaml', line, column: 3 },
    });
    const warnings = [1, 2, 3, 4, 5].map(warning);
    const text = summary(result('done', { warnings }), result('done', { warnings, project: 'b' }));
    expect(text).toBe(`l9.yaml:1:3: warning: thing 1 has no limit [Usage]
l9.yaml:2:3: warning: thing 2 has no limit [Usage]
l9.yaml:3:3: warning: thing 3 has no limit [Usage]
and 2 more warnings; l9 validate says what to write
✔ shop: 2 of 2 services ready, 3 actions in 2.1s
✔ b: 2 of 2 services ready, 3 actions in 2.1s`);
  });
});

describe('the advice', () => {
  it('says who restarts what dies, and points at what needs a look', () => {
    const advice = adviceAfter([result('notReady', { view: view([service('redis'), slow]) })]);
    expect(advice).toEqual([
      "No l9 service runs: Docker's restart policies restart what exits; nothing heals what is unhealthy until you apply again.",
      'Next: l9 get · l9 logs -f web · l9 describe web',
    ]);
  });

  it('names the project when there are several, and is silent when all is gone', () => {
    const two = [result('done'), result('done', { view: view([service('x')], {}, 'infra') })];
    expect(adviceAfter(two).at(-1)).toBe(
      'Next: l9 get -p shop · l9 logs -f redis -p shop · l9 describe redis -p shop',
    );
    expect(adviceAfter([result('done', { view: null })])).toEqual([]);
  });
});
