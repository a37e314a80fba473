import { L9Error } from '../model/errors.ts';
import type { Answer, AnswerRule, EngineErrorCode } from './answers.ts';
import { EngineAnswer } from './answers.ts';
import { fallbacks } from './rules/fallbacks.ts';
import { full, versions } from './rules/machine.ts';
import { notThere } from './rules/not-there.ts';
import { pullRules } from './rules/pull.ts';
import { starts } from './rules/starts.ts';
import { states } from './rules/states.ts';
import { taken } from './rules/taken.ts';

/**
 * What to do after an engine call failed:
 * - `done`: the goal is reached, or reaches itself; look again.
 * - `transport`: nobody knows what happened; look again, then repeat without limit (100 ms → 5 s, jitter).
 * - `replan`: the world is not as planned; plan again (3–5 times), never repeat the same call.
 * - `waitFor`: something must let go first; repeat 0.2 → 2 s, 10 times.
 * - `capacity`: the machine is full; repeat up to every 60 s, and say so as a condition.
 * - `specChange`: cannot succeed until somebody changes something; no retry.
 * - `pull`: the registry may come back; 10 s → 5 min.
 */
export type RetryClass =
  | 'done'
  | 'transport'
  | 'replan'
  | 'waitFor'
  | 'capacity'
  | 'specChange'
  | 'pull';

const classes: Readonly<Record<EngineErrorCode, RetryClass>> = {
  EngineUnreachable: 'transport',
  EngineForbidden: 'specChange',
  EngineTimeout: 'transport',
  EngineBroken: 'transport',
  EngineTooOld: 'specChange',
  EngineTooNew: 'specChange',
  EngineAddressInvalid: 'specChange',
  EngineAddressUnsupported: 'specChange',
  // Unknown failures get a bounded number of tries: neither given up at once nor hammered for ever.
  EngineFailed: 'waitFor',
  NoSuchContainer: 'replan',
  NoSuchNetwork: 'replan',
  NoSuchVolume: 'replan',
  NoSuchImage: 'specChange',
  NameTaken: 'replan',
  PortTaken: 'replan',
  PortsExhausted: 'capacity',
  AddressTaken: 'replan',
  NetworkGone: 'replan',
  NetworkAmbiguous: 'replan',
  AlreadyConnected: 'replan',
  PoolExhausted: 'capacity',
  PoolOverlap: 'replan',
  ActiveEndpoints: 'waitFor',
  VolumeInUse: 'waitFor',
  ImageInUse: 'waitFor',
  MarkedForRemoval: 'replan',
  RemovalInProgress: 'done',
  ContainerPaused: 'replan',
  ContainerRestarting: 'replan',
  ContainerRunning: 'replan',
  ContainerNotRunning: 'replan',
  NotPaused: 'done',
  NameUnchanged: 'done',
  NotConnected: 'done',
  DependencyNotRunning: 'waitFor',
  BadRequest: 'specChange',
  CommandNotFound: 'specChange',
  UserNotFound: 'specChange',
  BindSourceMissing: 'specChange',
  PathNotFound: 'specChange',
  ReadOnlyFilesystem: 'specChange',
  DeviceUnavailable: 'specChange',
  DriverMissing: 'specChange',
  StartFailed: 'specChange',
  DiskFull: 'capacity',
  OutOfMemory: 'capacity',
  ImageUnknown: 'specChange',
  RegistryDenied: 'specChange',
  RegistryUnreachable: 'pull',
  PullFailed: 'pull',
  BuildFailed: 'specChange',
};

const isEngineCode = (code: string): code is EngineErrorCode => Object.hasOwn(classes, code);

/** What to do about an error of an engine call; what does not come from the engine is never repeated. */
export const retryClass = (error: unknown): RetryClass =>
  error instanceof L9Error && isEngineCode(error.code) ? classes[error.code] : 'specChange';

/** True for an `L9Error` of this code. */
export const hasCode = (error: unknown, code: EngineErrorCode): error is L9Error =>
  error instanceof L9Error && error.code === code;

/** Docker's answers from 20.10 to 28, most particular first; the last fits everything. */
const rules: readonly AnswerRule[] = [
  ...versions,
  ...full,
  ...pullRules,
  ...notThere,
  ...taken,
  ...states,
  ...starts,
  ...fallbacks,
];

const applies = (rule: AnswerRule, answer: Answer): boolean =>
  (rule.operations?.includes(answer.operation) ?? true) &&
  (rule.status?.includes(answer.status) ?? true);

/** Names the answer: the first rule that fits. The engine's words stay as the cause. */
export const classifyAnswer = (answer: Answer): L9Error => {
  for (const rule of rules) {
    if (!applies(rule, answer)) continue;
    const match = rule.words.exec(answer.message);
    if (match === null) continue;
    const { message, hint, holder } = rule.read(answer, match);
    return new L9Error(rule.code, message, { hint, cause: new EngineAnswer(answer, holder) });
  }
  // The last rule fits everything.
  throw new TypeError('no rule for an answer of the engine');
};

/** The id of what stands in the way (the container that has a name), where the engine told it. */
export const holderOf = (error: unknown): string | undefined =>
  error instanceof L9Error && error.cause instanceof EngineAnswer ? error.cause.holder : undefined;
