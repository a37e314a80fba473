import type { AnswerRule } from '../answers.ts';
import { startLike, words } from './words.ts';

/** A start that the runtime refused: the container stays, with exit code 126, 127 or 128. */
export const starts: readonly AnswerRule[] = [
  {
    code: 'UserNotFound',
    operations: startLike,
    words: /unable to find (?:user|group) (\S+?):|unable to find (?:user|group)/i,
    read: (answer, match) => ({
      message: `The image of ${answer.subject} has no user or group ${match[1] ?? ''}`.trimEnd(),
      hint: "Correct `user`, or use numbers; names are looked up in the image's /etc/passwd.",
    }),
  },
  {
    code: 'BindSourceMissing',
    operations: [...startLike, 'createContainer'],
    words:
      /bind source path does not exist: (\S+)|error while creating mount source path '?([^':]+)/i,
    read: (answer, match) => ({
      message: `The ${answer.subject} mounts ${match[1] ?? match[2]}, which is not there`,
      hint: "Create it on the engine's machine, or correct the path.",
    }),
  },
  {
    code: 'CommandNotFound',
    operations: startLike,
    words:
      /exec: \\?"(.*?)\\?": (?:.*?: )?(no such file or directory|executable file not found in \$PATH|permission denied|is a directory|exec format error)/i,
    read: (answer, match) => ({
      message: `The ${answer.subject} cannot run "${match[1]}": ${match[2]}`,
      hint: 'Correct command, entrypoint or workingDir, or use an image that has the program.',
    }),
  },
  {
    code: 'CommandNotFound',
    operations: startLike,
    words: /exec format error|exec (\S+): no such file or directory/i,
    read: (answer) => ({
      message: `The ${answer.subject} cannot run its command: ${words(answer)}`,
      hint: 'Is the image made for this machine, and is its program there?',
    }),
  },
  {
    code: 'DeviceUnavailable',
    operations: startLike,
    words: /could not select device driver|error gathering device information/i,
    read: (answer) => ({
      message: `The engine has no device for the ${answer.subject}: ${words(answer)}`,
      hint: 'GPUs need the container toolkit on the engine; other devices must exist there.',
    }),
  },
  {
    code: 'StartFailed',
    operations: startLike,
    words:
      /OCI runtime create failed|failed to create (?:shim )?task|error mounting|invalid (?:address|mount|ip)/i,
    read: (answer) => ({
      message: `The ${answer.subject} cannot start: ${words(answer)}`,
      hint: 'Correct what the runtime names: a mount, an address, a limit, a sysctl, a device.',
    }),
  },
];
