// src/lifecycle/machine.ts → docs/reference/lifecycle.md: the diagram, the states and every transition.
import { build } from 'esbuild';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** What an event of the machine means. The machine names them; a missing or superfluous one is an error. */
const EVENTS = {
  look: 'l9 looks at the instance, and its deadline has not come.',
  deadline: 'l9 looks at the instance, and its deadline has come: a verdict, the end of a backoff.',
  passed: 'A health check passed, or the container runs and has none.',
  failing:
    'As many checks in a row failed as `retries` says, or none gave a result for 2 × (interval + timeout) after startPeriod.',
  exited: 'The process ended and should not have, or could not be started this time.',
  completed: 'The process of a service that may end ended with exit code 0.',
  broken: 'This container cannot run any more: its port is taken, its network gone, it is dead.',
  refused: 'The engine refuses to start it, and will until the spec changes.',
  paused: 'Somebody paused the container.',
  removed: 'The container is gone.',
  requested: 'Somebody asked for the service again.',
  wanted: 'It should run, stand still or be gone: something else than before.',
};

/** Actions that the engine is asked for; the others only change what is remembered. */
const ENGINE = new Set(['create', 'start', 'restart', 'recreate', 'unpause', 'stop', 'remove']);

const load = async () => {
  const bundled = await build({
    stdin: {
      contents: `export { lifecycleMachine } from './src/lifecycle/machine.ts';
        export { DEGRADED_AFTER, RESET_AFTER_MS } from './src/lifecycle/ladder.ts';`,
      resolveDir: root,
      loader: 'ts',
    },
    bundle: true,
    format: 'esm',
    platform: 'node',
    write: false,
  });
  const code = Buffer.from(bundled.outputFiles[0].contents).toString('base64');
  return import(`data:text/javascript;base64,${code}`);
};

const list = (value) => (value === undefined ? [] : Array.isArray(value) ? value : [value]);

/** The transitions of one node, flat: one for each branch of each event, in the order they are tried. */
const branches = (from, on = {}) =>
  Object.entries(on).flatMap(([event, config]) =>
    list(config).map((branch) => {
      const { target, guard, actions } = typeof branch === 'string' ? { target: branch } : branch;
      return {
        from,
        event,
        guard: guard ?? '',
        to: target === undefined ? from : target.replace(/^\./, ''),
        stays: target === undefined,
        actions: list(actions),
      };
    }),
  );

const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);

/** The states of an instance with an ailment; the diagram draws a box around them. */
const ILL = ['unhealthy', 'recovering', 'degraded'];
const BOX = 'ailing';

const labelOf = ({ event, actions }) => {
  const action = actions.find((name) => ENGINE.has(name));
  return action === undefined ? event : `${event} / ${action}`;
};

/** Replaces edges that go to, or come from, all states with an ailment by one of their box. */
const boxed = (edges, end) => {
  const other = end === 'to' ? 'from' : 'to';
  const same = (a, b) => a[other] === b[other] && a.label === b.label;
  return edges.map((edge) =>
    ILL.every((state) => edges.some((one) => same(one, edge) && one[end] === state)) &&
    ILL.includes(edge[end])
      ? { ...edge, [end]: BOX }
      : edge,
  );
};

/** Edges between two states, drawn as one, in the order of the machine. */
const merge = (edges) => {
  const merged = new Map();
  for (const { from, to, label } of edges) {
    if (from === to) continue;
    const key = `${from} --> ${to}`;
    merged.set(key, (merged.get(key) ?? new Set()).add(label));
  }
  return [...merged].map(([key, labels]) => `${key}: ${[...labels].join(', ')}`);
};

const draw = (transitions, initial) => {
  // What should run or not can change in every state; one arrow stands for all.
  const drawn = transitions
    .filter(({ stays }) => !stays)
    .filter(({ event, from, to }) => event !== 'wanted' || `${from} ${to}` === 'healthy stopping')
    .map((branch) => ({ from: branch.from, to: branch.to, label: labelOf(branch) }));
  const edges = boxed(boxed(drawn, 'to'), 'from');
  const inside = edges.filter(({ from, to }) => ILL.includes(from) && ILL.includes(to));
  const outside = edges.filter((edge) => !inside.includes(edge));
  return [
    'stateDiagram-v2',
    `    [*] --> ${initial}`,
    `    state ${BOX} {`,
    ...ILL.map((state) => `        ${state}`),
    ...merge(inside).map((line) => `        ${line}`),
    '    }',
    ...merge(outside).map((line) => `    ${line}`),
  ].join('\n');
};

const row = (cells) => `| ${cells.join(' | ')} |`;
const code = (names) => names.map((name) => `\`${name}\``).join(', ');

const check = (transitions) => {
  const used = new Set(transitions.map(({ event }) => event));
  const unknown = [...used].filter((event) => !(event in EVENTS));
  const unused = Object.keys(EVENTS).filter((event) => !used.has(event));
  if (unknown.length + unused.length > 0) {
    throw new Error(
      `The events of the lifecycle machine changed. Describe in ${import.meta.url}: ${unknown.join(', ') || 'nothing'}; remove: ${unused.join(', ') || 'nothing'}.`,
    );
  }
};

const render = async () => {
  const { lifecycleMachine, DEGRADED_AFTER, RESET_AFTER_MS } = await load();
  const { states, on } = lifecycleMachine.config;
  const transitions = Object.entries(states).flatMap(([name, state]) => branches(name, state.on));
  const everywhere = branches('(every state)', on);
  check([...transitions, ...everywhere]);
  return `<!-- Generated by scripts/generators/lifecycle-diagram.mjs from src/lifecycle/machine.ts. Do not edit. -->

# The lifecycle of an instance

An instance is one container of a service. Docker owns the truth: at every look \`derive\` reads the state from the container, the results of checks and the recovery record, and the machine says what is decided there. Nothing in it runs by itself: time is a deadline in its data.

\`\`\`mermaid
${draw(transitions, lifecycleMachine.config.initial)}
\`\`\`

An edge is labelled with its event and, after a slash, with what the engine is asked for. An arrow to \`${BOX}\` leads to \`unhealthy\` the first time, to \`recovering\` after an attempt, and to \`degraded\` after repeated ones; an arrow from it leaves any of the three. Not drawn: from every state \`removed\` leads to \`absent\`, and \`wanted\`, when it should no longer run, to \`stopping\`, or to \`stopped\` where nothing runs.

## States

${row(['State', 'Meaning'])}
${row(['---', '---'])}
${Object.entries(states)
  .map(([name, { meta }]) => row([`\`${name}\``, meta.description]))
  .join('\n')}

## Events

\`look\` and \`deadline\` are decisions of l9; the others are what happens to the container or is asked of it.

${row(['Event', 'Meaning'])}
${row(['---', '---'])}
${Object.entries(EVENTS)
  .map(([name, meaning]) => row([`\`${name}\``, meaning]))
  .join('\n')}

## Recovery

- Failing checks: \`recovery.restarts\` restarts, then a recreate where \`recovery.action\` is \`recreate\` (all volumes kept), each at once after the verdict on the one before. That is the ladder; its last step is repeated with a backoff, \`backoff.initial\` doubling to \`backoff.max\`, less up to a quarter of jitter.
- The verdict on an action falls at the earliest after \`verifyAfter\`, and never before startPeriod plus one round of checks (interval + timeout). A check that passes ends the wait at once.
- \`recovery.action: none\` and \`restart: never\` only report failing checks.
- An exit is mended as \`restart\` says: a start at once, then with the same backoff. \`restart: never\` is never started again: exit code 0 is \`completed\`, every other \`failed\`, until somebody asks again.
- ${capital(numberWord(DEGRADED_AFTER))} attempts beyond the ladder in vain, and the instance is \`degraded\` while it waits. The attempts go on. A crash loop is recreated from then on, where \`recovery.action\` is \`recreate\`: what is broken may be what the process left in its own layer.
- A container that cannot run any more (its port is taken, its network gone, dead) is recreated whatever \`recovery.action\` says.
- What was tried is forgotten after ${RESET_AFTER_MS / 60_000} healthy minutes, and when somebody asks for the service again.
- A command without a service climbs the ladder once, and then gives up with exit code 4.

## Transitions

Branches of one event are tried from top to bottom; the first whose guard holds is taken. One without a target changes no state.

${row(['State', 'Event', 'Guard', 'Actions', 'Next state'])}
${row(['---', '---', '---', '---', '---'])}
${[...transitions, ...everywhere]
  .map(({ from, event, guard, actions, to, stays }) =>
    row([from, event, guard === '' ? '' : `\`${guard}\``, code(actions), stays ? '' : to]),
  )
  .join('\n')}
`;
};

const numberWord = (number) => ['no', 'one', 'two', 'three', 'four', 'five'][number] ?? `${number}`;

export const generators = [{ file: 'docs/reference/lifecycle.md', render }];
