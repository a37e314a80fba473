import type { AnswerRule } from '../answers.ts';
import { shortId, startLike, words } from './words.ts';

/** What is not there (any more). */
export const notThere: readonly AnswerRule[] = [
  {
    code: 'NoSuchContainer',
    status: [404],
    words: /no such container/i,
    read: (answer) => ({
      message: `The ${answer.subject} is not there`,
      hint: 'Somebody removed it; apply again to have it made.',
    }),
  },
  {
    // A container keeps the id of its network: one that is made again by the same name does not help.
    code: 'NetworkGone',
    operations: [...startLike, 'createContainer'],
    status: [400, 404],
    words: /network (\S+) not found|could not find a network matching network mode (\S+)/i,
    read: (answer, match) => ({
      message: `The ${answer.subject} cannot start: its network ${shortId(match[1] ?? match[2] ?? '')} was removed`,
      hint: 'It must be recreated, even where a network of the same name exists again; apply does that.',
    }),
  },
  {
    code: 'NoSuchNetwork',
    status: [404],
    words: /network (\S+) not found|no such network/i,
    read: (answer) => ({
      message: `The ${answer.subject} is not there`,
      hint: 'Somebody removed it; apply again to have it made.',
    }),
  },
  {
    code: 'NoSuchVolume',
    status: [404],
    words: /no such volume/i,
    read: (answer) => ({
      message: `The ${answer.subject} is not there`,
      hint: 'Somebody removed it; apply again to have it made, or restore its data first.',
    }),
  },
  {
    code: 'NoSuchImage',
    operations: ['createContainer', 'findImage', 'tagImage', 'removeImage'],
    status: [404],
    words: /no such image:? ?(\S*)/i,
    read: (_answer, match) => ({
      message: `The engine does not have the image ${match[1] ?? ''}`.trimEnd(),
      hint: 'Pull it with `l9 apply --pull`, or build or load it.',
    }),
  },
  {
    code: 'PathNotFound',
    operations: ['putArchive', 'getArchive'],
    words: /could not find the file (\S+)|not a directory|no such file or directory/i,
    read: (answer) => ({
      message: `The ${answer.subject} has no such folder: ${words(answer)}`,
      hint: 'Name a folder that its image or its mounts provide.',
    }),
  },
  {
    code: 'ReadOnlyFilesystem',
    words: /rootfs is marked read-only|read-only file system/i,
    read: (answer) => ({
      message: `The filesystem of ${answer.subject} is read-only`,
      hint: 'Write to one of its volumes.',
    }),
  },
  {
    code: 'DriverMissing',
    words: /plugin "?([^"\s]+)"? not found|error looking up (?:\w+ )?plugin (\S+?):/i,
    read: (answer, match) => ({
      message: `The engine has no driver "${match[1] ?? match[2]}" for the ${answer.subject}`,
      hint: 'Install the plugin on the engine, or use another driver.',
    }),
  },
];
