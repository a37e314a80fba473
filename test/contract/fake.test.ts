import { PassThrough } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ExecOptions } from '../../src/engine/api.ts';
import type { Behaviour, Program } from '../../src/engine/fake/behaviour.ts';
import type { RunLine } from '../../src/engine/fake/build.ts';
import { FakeWorld } from '../../src/engine/fake/world.ts';
import { realClock } from '../setup/clock.ts';
import { engineContract } from './engine-contract.ts';
import { commands, healthProbe, type Subject } from './subject.ts';

const IMAGE = 'l9.local/busybox:1';

/** What the suite's commands do on a real engine. */
const behaviours: Readonly<Record<keyof typeof commands, Behaviour>> = {
  sleep: { ignoresStop: true },
  polite: { exitCode: 0, output: [{ afterMs: 0, stream: 'stdout', text: 'ready' }] },
  fails: { exitsAfterMs: 5, exitCode: 3 },
  succeeds: { exitsAfterMs: 5 },
  missing: { missing: true },
  speaks: {
    ignoresStop: true,
    output: [
      { afterMs: 0, stream: 'stdout', text: 'one' },
      { afterMs: 0, stream: 'stderr', text: 'two' },
      { afterMs: 1, stream: 'stdout', text: 'three' },
    ],
  },
  counts: { chatter: { everyMs: 5, line: (n) => `line ${n}` } },
  eats: { exitsAfterMs: 5, oom: true },
};
const known = new Map(Object.entries(behaviours));

const program: Program = (command, { healthcheck }) => {
  const probed = healthcheck !== undefined && !('disable' in healthcheck);
  const health = probed && healthcheck.test === healthProbe ? 'bad' : 'good';
  const name = Object.entries(commands).find(([, words]) => words.join() === command.join())?.[0];
  // What the suite does not name is the command of the empty image, which has none.
  return { ...known.get(name ?? 'missing'), health };
};

/** The few things that the suite executes. */
const execute = async (options: ExecOptions): Promise<number> => {
  const [name, , script = ''] = options.command;
  if (name === '/no/such/program') return 127;
  if (name === 'sleep') return await new Promise<number>(() => undefined);
  if (name === 'cat' && options.stdin !== undefined) {
    const copy = new PassThrough();
    copy.on('data', (chunk) => options.stdout.write(chunk));
    await pipeline(options.stdin, copy);
  }
  if (script.includes('stty'))
    options.stdout.write(`${options.size?.rows} ${options.size?.columns}\r\n`);
  if (script.includes('$WHO'))
    options.stdout.write(`${options.env?.['WHO']} in ${options.workingDir}\n`);
  if (script.includes('echo out')) {
    options.stdout.write('out\n');
    options.stderr.write('err\n');
    return 3;
  }
  return 0;
};

const runLine: RunLine = (command) => ({
  output: /echo ([^;]*)/.exec(command)?.[1] ?? '',
  exitCode: Number(/exit (\d+)/.exec(command)?.[1] ?? 0),
});

const world = new FakeWorld({ clock: realClock, program });
world.addImage(IMAGE);
world.setMissing('/no/such/folder');
world.onExec((_container, options) => execute(options));
world.onRun(runLine);

let port = 40_000;
const subject: Subject = {
  name: 'fake',
  connect: async () => world.connect(),
  image: IMAGE,
  folder: '/srv',
  missing: '/no/such/folder',
  freePort: async () => (port += 1),
  occupiedPort: async () => {
    const taken = (port += 1);
    const release = world.occupyPort(taken);
    return { port: taken, release: async () => release() };
  },
  setHealth: async (_engine, id, health) =>
    world.setProbe(id, health === 'healthy' ? 'good' : 'bad'),
  registry: async () => {
    const config = { labels: { from: 'registry' } };
    const closed = { reference: 'closed.test/tool:1', username: 'somebody', password: 'hunter2' };
    world.publish('open.test/tool:1', config);
    world.publish(closed.reference, config);
    world.registry.closed.set(closed.reference, 'somebody:hunter2');
    return {
      open: 'open.test/tool:1',
      closed,
      unknown: 'open.test/tool:2',
      stop: async () => undefined,
    };
  },
};

engineContract(subject);
