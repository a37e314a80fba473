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
