import { describe, expect, it } from 'vitest';
import type { TraceEvent } from '../../../src/model/trace.ts';
import { PlainLines } from '../../../src/print/progress/lines.ts';
import { advance, noProgress } from '../../../src/print/progress/state.ts';
import type { Progress } from '../../../src/print/progress/state.ts';
import { viewProgress } from '../../../src/print/progress/view.ts';
import { createPalette } from '../../../src/print/terminal.ts';
import { displayWidth } from '../../../src/print/width.ts';
import { changed, failed, finished, planned, planReady, skipped, started } from './trace.ts';

/** The state after events that are a tenth of a second apart. */
const after = (events: readonly TraceEvent[]): Progress =>
  events.reduce((progress, event, index) => advance(progress, event, index * 100), noProgress);

const view = (
  events: readonly TraceEvent[],
  size: { readonly columns?: number; readonly rows?: number } = {},
): string =>
  viewProgress(after(events), {
    palette: createPalette(false),
    columns: size.columns ?? 80,
    rows: size.rows ?? 24,
    now: events.length * 100,
    frame: 0,
  }).join('\n');

const plain = (events: readonly TraceEvent[]): string => {
  const lines = new PlainLines();
  return events.flatMap((event) => lines.of(event)).join('\n');
};

const network = planned('createNetwork', 'network default', 'it does not exist');
const create = planned('createContainer', 'redis-1');
const start = planned('startContainer', 'redis-1');
const healthy = planned('awaitContainer', 'redis-1', 'web waits for it');
const web = planned('startContainer', 'web-1');
const firstApply: TraceEvent[] = [
  { type: 'generationWritten', project: 'shop', generation: 1 },
  planReady(network, create, start, healthy, web),
  started(network),
  finished(network, 60),
  started(create),
  finished(create, 6),
  started(start),
  finished(start, 301),
  started(healthy),
];

describe('the block on a terminal', () => {
  it('shows what each thing is doing, why, and for how long', () => {
    expect(view(firstApply)).toBe(
      `✔ network default  created (it does not exist)                       0.1s
⠋ service redis    waiting until healthy (web waits for it)          0.5s
· service web      waiting`,
    );
  });

  it('ends with one word for all that was done', () => {
    const events = [...firstApply, finished(healthy, 900), started(web), finished(web, 200)];
    expect(view(events)).toBe(
      `✔ network default  created (it does not exist)                       0.1s
✔ service redis    started, healthy (web waits for it)               0.5s
✔ service web      started (missing)                                 0.1s`,
    );
  });

  it('calls a replaced container recreated, and waits for the instance to come to rest', () => {
    const because = 'image: redis:7 → redis:8';
    const steps = (
      [
        'renameContainer',
        'createContainer',
        'stopContainer',
        'startContainer',
        'removeContainer',
      ] as const
    ).map((type) => planned(type, 'redis-1', because));
    const done = [planReady(...steps), ...steps.flatMap((step) => [started(step), finished(step)])];
    expect(view(done)).toBe(
      '✔ service redis  recreated (image: redis:7 → redis:8)              0.9s',
    );
    const waits = [...done, changed('redis-1', 'starting')];
    expect(view(waits)).toContain('⠋ service redis  recreated, starting');
    expect(view([...waits, changed('redis-1', 'healthy')])).toContain(
      '✔ service redis  recreated, healthy',
    );
  });

  it('waits for every instance of a service', () => {
    const events = [
      planReady(planned('startContainer', 'web-1'), planned('startContainer', 'web-2')),
      finished(planned('startContainer', 'web-1')),
      changed('web-1', 'starting'),
      finished(planned('startContainer', 'web-2')),
      changed('web-2', 'healthy'),
    ];
    expect(view(events)).toMatch(/^⠋ service web/);
    expect(view([...events, changed('web-1', 'healthy')])).toMatch(/^✔ service web/);
  });

  it('keeps the first failure, whatever is skipped because of it', () => {
    const events = [
      planReady(start, healthy, web),
      started(start),
      failed(start, 'port 6379 is taken by other_redis_1'),
      skipped(healthy, 'redis failed'),
      skipped(web, 'redis failed'),
    ];
    expect(view(events)).toBe(
      `✖ service redis  port 6379 is taken by other_redis_1               0.1s
↷ service web    redis failed`,
    );
  });

  it('takes a failure back when a later plan succeeds', () => {
    const events = [
      planReady(start),
      started(start),
      failed(start, 'the network is gone'),
      planReady(start),
      started(start),
      finished(start),
    ];
    expect(view(events)).toContain('✔ service redis  started');
  });

  it('adds the layers of an image up', () => {
    const layer = (id: string, currentBytes: number): TraceEvent => ({
      type: 'imageProgress',
      reference: 'redis:7',
      layer: id,
      status: 'Downloading',
      currentBytes,
      totalBytes: 20 * 1024 ** 2,
    });
    const pulling: TraceEvent[] = [
      { type: 'imageProgress', reference: 'redis:7', status: 'pulling' },
      layer('a', 1024 ** 2),
      layer('b', 2 * 1024 ** 2),
      layer('a', 4 * 1024 ** 2),
    ];
    expect(view(pulling)).toContain('⠋ image redis:7  downloading 6MiB / 40MiB');
    expect(view([...pulling, planReady()])).toContain('✔ image redis:7');
  });

  it('tells what holds everything up', () => {
    const events: TraceEvent[] = [
      planReady(start),
      { type: 'engineAway', message: 'connect ECONNREFUSED' },
    ];
    expect(view(events)).toContain('the engine is away, waiting for it: connect ECONNREFUSED');
    expect(view([...events, { type: 'engineBack' }])).not.toContain('away');
  });

  it('names the project where there are several', () => {
    const elsewhere = { ...planReady(start), project: 'infra' };
    expect(view([planReady(start), elsewhere])).toBe(
      '· service shop/redis   waiting\n· service infra/redis  waiting',
    );
  });

  it('fits the terminal, and leaves out what is least telling', () => {
    const many = Array.from({ length: 40 }, (_, index) =>
      planned('startContainer', `service-with-a-long-name-${index}-1`, 'cause '.repeat(30)),
    );
    const events = [
      planReady(...many),
      ...many.slice(0, 20).map((one) => finished(one)),
      ...many.slice(20, 22).map((one) => started(one)),
      ...many.slice(22, 23).map((one) => failed(one, 'broken '.repeat(30))),
    ];
    const lines = view(events, { columns: 60, rows: 10 }).split('\n');
    expect(lines).toHaveLength(9);
    expect(lines.at(-1)).toBe('  … and 32 more');
    for (const line of lines) expect(displayWidth(line)).toBeLessThan(60);
    expect(lines.filter((line) => line.startsWith('⠋'))).toHaveLength(2);
    expect(lines.filter((line) => line.startsWith('✖'))).toHaveLength(1);
  });

  it('makes control characters visible', () => {
    expect(view([planReady(start), failed(start, 'exit 1: \u001b]0;title\u0007')])).toContain(
      'exit 1: ^[]0;title^G',
    );
  });
});

describe('plain lines', () => {
  it('has one line for each finished action, with its cause', () => {
    expect(plain([...firstApply, finished(healthy, 900), started(web), finished(web, 2300)])).toBe(
      `shop: generation 1 is written
network default created (60ms)  — it does not exist
redis-1 started (0.3s)  — missing
redis-1 healthy (0.9s)  — web waits for it
web-1 started (2.3s)  — missing`,
    );
  });

  it('says what failed, why, and what was left out because of it', () => {
    expect(
      plain([
        planReady(start, web),
        started(start),
        failed(start, 'port 6379 is taken', true),
        failed(start, 'port 6379 is taken'),
        skipped(web, 'redis failed'),
      ]),
    ).toBe(
      `redis-1 failed while starting: port 6379 is taken [PortTaken]; trying again
redis-1 failed while starting: port 6379 is taken [PortTaken]
web-1 not started: redis failed`,
    );
  });

  it('tells states that matter, and images once', () => {
    expect(
      plain([
        { type: 'imageProgress', reference: 'redis:7', status: 'pulling' },
        { type: 'imageProgress', reference: 'redis:7', layer: 'a', status: 'Downloading' },
        { type: 'lockWaiting', project: 'shop', holder: 'l9 apply, pid 7' },
        changed('redis-1', 'starting'),
        changed('redis-1', 'healthy'),
        changed('web-1', 'unhealthy', '3 checks failed'),
        { type: 'remark', level: 'warning', message: 'no login' },
      ]),
    ).toBe(
      `image redis:7: pulling
waiting: another l9 is at work on shop (l9 apply, pid 7)
redis-1 is healthy
web-1 is unhealthy: 3 checks failed
warning: no login`,
    );
  });

  it('does not tell the removal of a container that was replaced', () => {
    const replaced = planned('removeContainer', 'redis-1');
    const surplus = planned('removeContainer', 'redis-2');
    expect(
      plain([planReady(create, replaced, surplus), finished(replaced), finished(surplus)]),
    ).toBe('redis-2 removed (0.3s)  — missing');
  });
});
