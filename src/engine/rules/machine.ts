import type { AnswerRule } from '../answers.ts';
import { words } from './words.ts';

/** The engine and its machine: versions, encryption. */
export const versions: readonly AnswerRule[] = [
  {
    code: 'EngineTooOld',
    status: [400],
    words: /client version (\S+) is too new\. Maximum supported API version is (\S+)/i,
    read: (_answer, match) => ({
      message: `The engine speaks API ${match[2]}; l9 asked in ${match[1]}`,
      hint: 'Run the command again; upgrade Docker if it stays.',
    }),
  },
  {
    code: 'EngineTooNew',
    status: [400],
    words: /client version (\S+) is too old\. Minimum supported API version is (\S+?),?( |$)/i,
    read: (_answer, match) => ({
      message: `The engine speaks API ${match[2]} and newer; this l9 knows ${match[1]}`,
      hint: 'Upgrade l9.',
    }),
  },
  {
    code: 'EngineForbidden',
    status: [400],
    words: /HTTP request to an HTTPS server/i,
    read: () => ({
      message: 'The engine wants an encrypted connection',
      hint: 'Set DOCKER_TLS_VERIFY=1 and DOCKER_CERT_PATH, or use a context that has certificates.',
    }),
  },
];

/** The machine is full. */
export const full: readonly AnswerRule[] = [
  {
    code: 'DiskFull',
    words: /no space left on device|disk quota exceeded/i,
    read: (answer) => ({
      message: `The engine's disk is full: ${words(answer)}`,
      hint: '`docker system df` shows what takes the space.',
    }),
  },
  {
    code: 'OutOfMemory',
    words: /cannot allocate memory/i,
    read: (answer) => ({
      message: `The engine's machine has no memory left for the ${answer.subject}`,
      hint: 'Stop something, or lower the limits.',
    }),
  },
];
