import type { AnswerRule } from '../answers.ts';
import { shortId } from './words.ts';

/** What the state of the thing forbids. */
export const states: readonly AnswerRule[] = [
  {
    code: 'ActiveEndpoints',
    words: /has active endpoints/i,
    read: (answer) => ({
      message: `The ${answer.subject} still has containers`,
      hint: 'Stop or disconnect them first.',
    }),
  },
  {
    code: 'VolumeInUse',
    operations: ['removeVolume'],
    words: /volume is in use(?: - \[([0-9a-f]+))?/i,
    read: (answer, match) => ({
      message: `The ${answer.subject} is used by container ${shortId(match[1] ?? '')}`.trimEnd(),
      hint: 'Remove that container first; a stopped one counts too.',
      ...(match[1] === undefined ? {} : { holder: match[1] }),
    }),
  },
  {
    code: 'ImageInUse',
    operations: ['removeImage'],
    status: [409],
    words: /container (\w+) is using|is being used by (?:running |stopped )?container (\w+)/i,
    read: (answer, match) => ({
      message: `The ${answer.subject} is used by container ${match[1] ?? match[2]}`,
      hint: 'Remove that container first.',
      holder: match[1] ?? match[2] ?? '',
    }),
  },
  {
    code: 'RemovalInProgress',
    words: /removal of container \S+ is already in progress/i,
    read: (answer) => ({
      message: `The ${answer.subject} is already being removed`,
      hint: 'Wait until it is gone.',
    }),
  },
  {
    code: 'ContainerRestarting',
    operations: ['renameContainer'],
    words: /sandbox \w+ not found/i,
    read: (answer) => ({
      message: `The ${answer.subject} cannot be renamed while the engine restarts it`,
      hint: 'Stop it first.',
    }),
  },
  {
    code: 'ContainerRestarting',
    words: /is restarting, wait until/i,
    read: (answer) => ({
      message: `The ${answer.subject} is between two restarts of the engine`,
      hint: 'It ends again and again: see its logs, or stop it first.',
    }),
  },
  {
    code: 'MarkedForRemoval',
    words: /marked for removal/i,
    read: (answer) => ({
      message: `The ${answer.subject} is half removed and can never start again`,
      hint: 'It must be removed completely and recreated; apply does that.',
    }),
  },
  {
    code: 'DependencyNotRunning',
    words:
      /cannot join network of a non running container: (\S+)|cannot join network namespace of a non running container: (?:container )?(\S+)/i,
    read: (answer, match) => ({
      message: `The ${answer.subject} shares the network of container ${shortId(match[1] ?? match[2] ?? '')}, which does not run`,
      hint: 'Start that one first.',
    }),
  },
  {
    code: 'NotPaused',
    words: /is not paused/i,
    read: (answer) => ({ message: `The ${answer.subject} is not paused`, hint: 'Nothing to do.' }),
  },
  {
    code: 'NameUnchanged',
    operations: ['renameContainer'],
    words: /same name as its current name/i,
    read: (answer) => ({
      message: `The ${answer.subject} has this name already`,
      hint: 'Nothing to do.',
    }),
  },
  {
    code: 'NotConnected',
    operations: ['disconnectNetwork'],
    words: /is not connected to (?:the )?network|endpoint \S+ not found/i,
    read: (answer) => ({
      message: `The container is not on the ${answer.subject}`,
      hint: 'Nothing to do.',
    }),
  },
  {
    code: 'AlreadyConnected',
    operations: ['connectNetwork'],
    words: /endpoint with name \S+ already exists in network/i,
    read: (answer) => ({
      message: `The container is connected to the ${answer.subject} in another way`,
      hint: 'Disconnect it first, or apply again: l9 does that.',
    }),
  },
  {
    code: 'ContainerPaused',
    words: /is paused|paused container|is already paused/i,
    read: (answer) => ({
      message: `The ${answer.subject} is paused`,
      hint: 'Continue it with `docker unpause`, or apply again.',
    }),
  },
  {
    code: 'ContainerRunning',
    operations: ['removeContainer'],
    words:
      /cannot remove (?:a (?:running|restarting) )?container|is (?:running|restarting): stop the container/i,
    read: (answer) => ({ message: `The ${answer.subject} runs`, hint: 'Stop it first.' }),
  },
  {
    code: 'ContainerNotRunning',
    words: /is not running|container not running/i,
    read: (answer) => ({
      message: `The ${answer.subject} does not run`,
      hint: 'Start it first; `l9 describe` says why it stopped.',
    }),
  },
];
