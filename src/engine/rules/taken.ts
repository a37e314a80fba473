import type { AnswerRule } from '../answers.ts';
import { shortId, startLike } from './words.ts';

/** Names, ports and addresses that belong to somebody else. */
export const taken: readonly AnswerRule[] = [
  {
    code: 'NameTaken',
    status: [409],
    words: /container name "\/?([^"]+)" is already in use by container "?([0-9a-f]+)"?/i,
    read: (_answer, match) => ({
      message: `The container name ${match[1]} is taken by container ${shortId(match[2] ?? '')}`,
      hint: `See what it is with \`docker inspect ${shortId(match[2] ?? '')}\`, then rename or remove it, or choose another name.`,
      holder: match[2] ?? '',
    }),
  },
  {
    code: 'NameTaken',
    operations: ['createNetwork'],
    status: [409],
    words: /network with name (\S+) already exists/i,
    read: (_answer, match) => ({
      message: `The network name ${match[1]} is taken`,
      hint: `See who made it with \`docker network inspect ${match[1]}\`.`,
    }),
  },
  {
    code: 'PortsExhausted',
    words: /all ports are allocated/i,
    read: (answer) => ({
      message: `The engine has no free port left for the ${answer.subject}`,
      hint: 'Remove containers that publish ports and are not needed.',
    }),
  },
  {
    code: 'PortTaken',
    operations: startLike,
    words:
      /bind for (\S+?) failed: port is already allocated|listen (?:tcp|udp)\d? (\S+): bind: address already in use|failed to bind host port (?:for )?(\S+?):? |port is already allocated|bind: address already in use/i,
    read: (answer, match) => {
      const port = match[1] ?? match[2] ?? match[3];
      const byContainer = /port is already allocated/i.test(answer.message);
      return {
        message: `The host port ${port === undefined ? '' : `${port} `}of ${answer.subject} is taken by ${byContainer ? 'another container' : 'a process of the host'}`,
        hint: `${byContainer ? 'See `docker ps`' : 'See `ss -ltnp`'} for the holder; stop it, choose another port, or write \`host: auto\`.`,
      };
    },
  },
  {
    code: 'AddressTaken',
    operations: [...startLike, 'connectNetwork'],
    words: /address already in use/i,
    read: (answer) => ({
      message: `The fixed address of ${answer.subject} is taken on its network`,
      hint: 'Choose another address, or let the engine choose.',
    }),
  },
  {
    code: 'PoolOverlap',
    words: /pool overlaps with other one/i,
    read: (answer) => ({
      message: `The subnet of ${answer.subject} overlaps with another network's`,
      hint: 'Choose another subnet, or leave it out and l9 finds a free one.',
    }),
  },
  {
    code: 'PoolExhausted',
    words:
      /non-overlapping IPv[46] address pool|address pools have been fully subnetted|no available (?:ipv4 )?addresses/i,
    read: (answer) => ({
      message: `The engine has no addresses left for the ${answer.subject}`,
      hint: 'Remove networks that nobody uses, or give this one a subnet of its own.',
    }),
  },
  {
    code: 'NetworkAmbiguous',
    words: /network (\S+) is ambiguous/i,
    read: (_answer, match) => ({
      message: `Several networks are called ${match[1]}`,
      hint: `\`docker network ls -f name=${match[1]}\` shows them; remove the ones without containers.`,
    }),
  },
];
