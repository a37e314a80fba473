import type { Action, ContainerTarget, Plan, PlannedAction, Subject } from '../model/action.ts';
import type { ContainerSpec, Limits } from '../model/container.ts';

/** `+` comes to be, `-` goes, `~` changes, `.` changes nothing that runs. */
type Symbol = '+' | '-' | '~' | '.';

interface Told {
  readonly symbol: Symbol;
  readonly text: string;
}

const shortId = (id: string): string => id.replace(/^sha256:/, '').slice(0, 12);

/** Containers that exist are told with their id, for their names change hands. */
const nameOf = (container: ContainerTarget): string =>
  container.id === undefined ? container.name : `${container.name} (${shortId(container.id)})`;

const imageName = (image: string): string => (image.startsWith('sha256:') ? shortId(image) : image);

const portsOf = (spec: ContainerSpec): string =>
  spec.ports.length === 0
    ? ''
    : `, ports ${spec.ports.map((port) => `${port.hostIP}:${port.host}→${port.container}/${port.protocol}`).join(' ')}`;

const seconds = (ms: number): string => `${ms / 1000} s`;

const limitTexts: { readonly [K in keyof Limits]-?: (value: number) => string } = {
  memoryBytes: (value) => `memory ${value / 2 ** 20} MiB`,
  memoryReservationBytes: (value) => `memory reservation ${value / 2 ** 20} MiB`,
  nanoCpus: (value) => `cpus ${value / 1e9}`,
  pids: (value) => `pids ${value}`,
};

const limitsOf = (limits: Limits): string[] => [
  ...(limits.memoryBytes === undefined ? [] : [limitTexts.memoryBytes(limits.memoryBytes)]),
  ...(limits.memoryReservationBytes === undefined
    ? []
    : [limitTexts.memoryReservationBytes(limits.memoryReservationBytes)]),
  ...(limits.nanoCpus === undefined ? [] : [limitTexts.nanoCpus(limits.nanoCpus)]),
  ...(limits.pids === undefined ? [] : [limitTexts.pids(limits.pids)]),
];

type ActionOf<T extends Action['type']> = Extract<Action, { type: T }>;

/** What each action does, in words. Environment, commands and files' contents are not in it: they may be secret. */
const tellings: { readonly [T in Action['type']]: (action: ActionOf<T>) => Told } = {
  createNetwork: ({ name, driver, subnet, internal }) => ({
    symbol: '+',
    text: `create network ${name} (${[driver, subnet, internal ? 'internal' : undefined].filter((one) => one !== undefined).join(', ')})`,
  }),
  removeNetwork: ({ name }) => ({ symbol: '-', text: `remove network ${name}` }),
  createVolume: ({ name, driver }) => ({
    symbol: '+',
    text: `create volume ${name}${driver === 'local' ? '' : ` (${driver})`}`,
  }),
  removeVolume: ({ name }) => ({ symbol: '-', text: `remove volume ${name} with its data` }),
  pullImage: ({ reference }) => ({ symbol: '+', text: `pull ${reference}` }),
  writeFiles: ({ volume, files }) => ({
    symbol: '~',
    text: `write ${files.map((file) => file.path).join(', ')} into ${volume}`,
  }),
  createContainer: ({ spec }) => ({
    symbol: '+',
    text: `create ${spec.name} from ${imageName(spec.image)}${portsOf(spec)}`,
  }),
  startContainer: ({ container }) => ({ symbol: '~', text: `start ${nameOf(container)}` }),
  stopContainer: ({ container, graceMs }) => ({
    symbol: '~',
    text: `stop ${nameOf(container)} within ${seconds(graceMs)}`,
  }),
  restartContainer: ({ container, graceMs }) => ({
    symbol: '~',
    text: `restart ${nameOf(container)}, stopping within ${seconds(graceMs)}`,
  }),
  unpauseContainer: ({ container }) => ({ symbol: '~', text: `unpause ${nameOf(container)}` }),
  removeContainer: ({ container }) => ({ symbol: '-', text: `remove ${nameOf(container)}` }),
  renameContainer: ({ container, name }) => ({
    symbol: '~',
    text: `rename ${nameOf(container)} to ${name}`,
  }),
  updateContainer: ({ container, limits, restartPolicy }) => ({
    symbol: '~',
    text: `update ${nameOf(container)}: ${[
      ...(limits === undefined ? [] : limitsOf(limits)),
      ...(restartPolicy === undefined ? [] : [`restart policy ${restartPolicy}`]),
    ].join(', ')}`,
  }),
  connectNetwork: ({ container, network, aliases, ipv4 }) => ({
    symbol: '~',
    text: `connect ${nameOf(container)} to ${network}${aliases.length === 0 ? '' : ` as ${aliases.join(', ')}`}${ipv4 === undefined ? '' : ` at ${ipv4}`}`,
  }),
  disconnectNetwork: ({ container, network }) => ({
    symbol: '~',
    text: `disconnect ${nameOf(container)} from ${network}`,
  }),
  awaitContainer: ({ container, condition }) => ({
    symbol: '.',
    text: `wait until ${nameOf(container)} is ${condition}`,
  }),
  writeRecovery: ({ record }) => ({
    symbol: '.',
    text: `remember ${record.lastAction ?? 'the state'} of ${record.service}-${record.instance}, attempt ${record.attempts}`,
  }),
  removeRecovery: ({ instance }) => ({ symbol: '.', text: `forget the recovery of ${instance}` }),
  keepEvidence: ({ container }) => ({
    symbol: '.',
    text: `keep the last words of ${nameOf(container)}`,
  }),
};

const tell = <T extends Action['type']>(type: T, action: ActionOf<T>): Told =>
  tellings[type](action);

/** How people call what an action is about: `redis-1`, `network default`. */
export const subjectText = (subject: Subject): string => {
  if (subject.kind !== 'service') return `${subject.kind} ${subject.name}`;
  return subject.instance === undefined ? subject.name : `${subject.name}-${subject.instance}`;
};

/** One action in words, such as `create memory_redis_1 from redis:7`. */
export const actionText = (action: Action): string => tell(action.type, action).text;

const padded = (texts: readonly string[]): string[] => {
  const width = Math.max(...texts.map((text) => text.length));
  return texts.map((text) => text.padEnd(width));
};

const actionLines = (actions: readonly PlannedAction[]): string[] => {
  const numbers = new Map(actions.map((action, index) => [action.id, index + 1]));
  const digits = String(actions.length).length;
  const subjects = padded(actions.map((action) => subjectText(action.subject)));
  const texts = padded(actions.map((action) => actionText(action.action)));
  return actions.map((action, index) => {
    const waits = action.after.map((id) => numbers.get(id) ?? 0).toSorted((a, b) => a - b);
    const columns = [
      `${String(index + 1).padStart(digits)} ${tell(action.action.type, action.action).symbol}`,
      subjects[index],
      texts[index],
      action.cause.message,
    ];
    return `  ${columns.join('  ')}${waits.length === 0 ? '' : `  [after ${waits.join(', ')}]`}`;
  });
};

const count = (number: number, noun: string): string =>
  `${number} ${noun}${number === 1 ? '' : 's'}`;

/**
 * A plan as text: one line an action, with its number, `+` `-` `~` or `.` (changes nothing that runs), what
 * it is about, what it does, why, and the numbers of the actions that it waits for; then what stands in
 * the way and what else is worth knowing. The same plan gives the same text. Without a newline at the end.
 */
export const formatPlan = (plan: Plan): string => {
  const { project, actions, blockers, notes } = plan;
  const head =
    actions.length === 0
      ? `Plan for ${project}: nothing to do`
      : `Plan for ${project}: ${count(actions.length, 'action')}`;
  return [
    blockers.length === 0 ? head : `${head}, ${count(blockers.length, 'blocker')}`,
    ...(actions.length === 0 ? [] : actionLines(actions)),
    ...blockers.flatMap(({ subject, message, hint }) => [
      `  ! ${subjectText(subject)}: ${message}`,
      `    ${hint}`,
    ]),
    ...notes.map(({ subject, message }) => `  note ${subjectText(subject)}: ${message}`),
  ].join('\n');
};
