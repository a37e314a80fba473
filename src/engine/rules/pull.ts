import type { AnswerRule, Operation } from '../answers.ts';
import { words } from './words.ts';

const pulls: readonly Operation[] = ['pullImage', 'buildImage'];

/** What the engine says of registries, for pulls and for the base images of builds. */
export const pullRules: readonly AnswerRule[] = [
  {
    code: 'RegistryUnreachable',
    operations: pulls,
    words:
      /toomanyrequests|too many requests|rate limit|no such host|connection refused|connection reset|i\/o timeout|TLS handshake|network is unreachable|no route to host|server misbehaving|context deadline exceeded|request canceled|unexpected EOF|: EOF$|temporary failure|5\d\d (?:internal|bad gateway|service|gateway)|unexpected status(?: code)?:? .*5\d\d|status:? 5\d\d/i,
    read: (answer) => ({
      message: `The registry of ${answer.subject} does not answer: ${words(answer)}`,
      hint: 'Check the network, the proxy and the registry; then try again.',
    }),
  },
  {
    // Registries say "denied" of what is private and of what does not exist alike.
    code: 'RegistryDenied',
    operations: pulls,
    words:
      /pull access denied|requested access to the resource is denied|unauthorized|authentication required|no basic auth credentials|incorrect username or password|denied:|40[13] (?:unauthorized|forbidden)|unexpected status(?: code)?:? .*40[13]/i,
    read: (answer) => ({
      message: `The registry does not let us have ${answer.subject}: ${words(answer)}`,
      hint: 'Log in with `docker login`, or correct the reference: registries hide what is private.',
    }),
  },
  {
    code: 'ImageUnknown',
    operations: pulls,
    words:
      /manifest unknown|manifest for \S+ not found|no matching manifest|name unknown|repository name not known|: not found$|does not match the specified platform|no match for platform/i,
    read: (answer) => ({
      message: `The registry has no ${answer.subject}: ${words(answer)}`,
      hint: 'Correct the reference or the platform; nothing is tried again until then.',
    }),
  },
  {
    code: 'BadRequest',
    operations: ['pullImage'],
    status: [400],
    words: /^/,
    read: (answer) => ({
      message: `The engine does not understand ${answer.subject}: ${words(answer)}`,
      hint: 'Correct the reference.',
    }),
  },
  {
    code: 'PullFailed',
    operations: ['pullImage'],
    words: /^/,
    read: (answer) => ({
      message: `The ${answer.subject} could not be pulled: ${words(answer)}`,
      hint: "The engine's own words say what is wrong.",
    }),
  },
  {
    code: 'BuildFailed',
    operations: ['buildImage'],
    words: /^/,
    read: (answer) => ({
      message: `The ${answer.subject} could not be built: ${words(answer)}`,
      hint: "Correct the Dockerfile or its context; the build's output says where it stopped.",
    }),
  },
];
