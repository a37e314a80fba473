import type { Action, ActionType } from '../../model/action.ts';

interface Words {
  /** `starting`, while it is done. */
  readonly doing: string;
  /** `started`, when it was done. */
  readonly done: string;
  /** A step on the way that is told only when it fails. */
  readonly minor?: true;
}

/** How people hear of each action. */
const actionWords = {
  createNetwork: { doing: 'creating', done: 'created' },
  removeNetwork: { doing: 'removing', done: 'removed' },
  createVolume: { doing: 'creating', done: 'created' },
  removeVolume: { doing: 'removing', done: 'removed, with its data' },
  pullImage: { doing: 'pulling', done: 'pulled' },
  writeFiles: { doing: 'writing its configs and secrets', done: 'got its configs and secrets' },
  createContainer: { doing: 'creating', done: 'created', minor: true },
  startContainer: { doing: 'starting', done: 'started' },
  stopContainer: { doing: 'stopping', done: 'stopped' },
  restartContainer: { doing: 'restarting', done: 'restarted' },
  unpauseContainer: { doing: 'unpausing', done: 'unpaused' },
  removeContainer: { doing: 'removing', done: 'removed' },
  renameContainer: { doing: 'making room', done: 'made room', minor: true },
  updateContainer: { doing: 'updating', done: 'updated, without a restart' },
  connectNetwork: { doing: 'connecting', done: 'connected' },
  disconnectNetwork: { doing: 'disconnecting', done: 'disconnected' },
  awaitContainer: { doing: 'waiting', done: 'ready' },
  writeRecovery: { doing: 'noting the attempt', done: 'attempt noted', minor: true },
  removeRecovery: { doing: 'forgetting old attempts', done: 'old attempts forgotten', minor: true },
  keepEvidence: { doing: 'keeping its last words', done: 'last words kept', minor: true },
} as const satisfies Readonly<Record<ActionType, Words>>;

const awaited = { started: 'running', healthy: 'healthy', completed: 'completed' } as const;

/** `starting`, `waiting until healthy`. */
export function doing(action: Action): string {
  const word = actionWords[action.type].doing;
  if (action.type === 'awaitContainer') return `${word} until ${awaited[action.condition]}`;
  return withNetwork(word, action);
}

/** `started`, `healthy`. */
export function done(action: Action): string {
  if (action.type === 'awaitContainer') return awaited[action.condition];
  return withNetwork(actionWords[action.type].done, action);
}

function withNetwork(word: string, action: Action): string {
  if (action.type === 'connectNetwork') return `${word} to ${action.network}`;
  return action.type === 'disconnectNetwork' ? `${word} from ${action.network}` : word;
}

export function isMinor(action: Action): boolean {
  const words: Words = actionWords[action.type];
  return words.minor === true;
}

/** What people call it when these things were done, the telling ones first. */
const verdicts: readonly (readonly [word: string, ...types: ActionType[]])[] = [
  ['recreated', 'createContainer', 'removeContainer'],
  ['recreated', 'createContainer', 'stopContainer'],
  ['started', 'createContainer', 'startContainer'],
  ['restarted', 'restartContainer'],
  ['restarted', 'stopContainer', 'startContainer'],
  ['started', 'startContainer'],
  ['removed', 'removeContainer'],
  ['stopped', 'stopContainer'],
  ['unpaused', 'unpauseContainer'],
  ['updated', 'updateContainer'],
  ['reconnected', 'connectNetwork'],
  ['reconnected', 'disconnectNetwork'],
  ['created', 'createNetwork'],
  ['created', 'createVolume'],
  ['created', 'createContainer'],
  ['removed', 'removeNetwork'],
  ['removed, with its data', 'removeVolume'],
  ['pulled', 'pullImage'],
  ['got its configs and secrets', 'writeFiles'],
];

/** One word for all that was done to something so far, and its state where that is known. */
export function verdict(did: ReadonlySet<ActionType>, state?: string): string {
  const word = verdicts.find(([, ...types]) => types.every((type) => did.has(type)))?.[0];
  return [word, state].filter((part) => part !== undefined).join(', ') || 'ready';
}
