// Carries out a large plan on an engine that answers at once: what lies between two calls is ours.
import { readFileSync } from 'node:fs';
import { deserialize } from 'node:v8';
import type { Engine } from '../../src/engine/api.ts';
import { execute } from '../../src/execute/execute.ts';
import type { PlanInput } from '../../src/plan/input.ts';
import { plan } from '../../src/plan/plan.ts';
import { PlainLines } from '../../src/print/progress/lines.ts';

const [file = '', parallelism = '5'] = process.argv.slice(2);
const input: PlanInput = deserialize(readFileSync(file));
const healthy = new Map(input.observed.containers.map((container) => [container.name, container]));
const calls: number[] = [];

/** Every call is done at once; containers are named by their id, so that a wait finds its container healthy. */
const answers: Partial<Engine> = {
  createContainer: async ({ name }) => name,
  findContainer: async (id) => healthy.get(id),
};
const engine = new Proxy(answers, {
  get: (known, method: keyof Engine) => {
    calls.push(performance.now());
    return known[method] ?? (async () => undefined);
  },
});

const lines = new PlainLines();
const next = plan({ ...input, observed: { ...input.observed, all: [], containers: [] } });
const result = await execute({
  plan: next,
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the proxy answers to every method
  engine: engine as Engine,
  clock: { now: Date.now, monotonic: () => performance.now(), sleep: async () => undefined },
  emit: (event) => void lines.of(event),
  signal: new AbortController().signal,
  secrets: async () => new Map(),
  pull: async () => undefined,
  parallelism: Number(parallelism),
  mayWrite: async () => undefined,
});
const [failed] = result.failed;
if (failed !== undefined) throw failed.error;
const gaps = calls.slice(1).map((at, index) => (at - (calls[index] ?? at)) * 1_000);
process.stdout.write(JSON.stringify({ actions: result.done.length, gaps }));
