import { describe, expect, test } from 'vitest';
import type { Action, Plan } from '../../../src/model/action.ts';
import type { ContainerSpec } from '../../../src/model/container.ts';
import { actionText, formatPlan, subjectText } from '../../../src/plan/format.ts';

const container = { name: 'memory_web_1', id: 'abcdef0123456789' };

const spec: ContainerSpec = {
  name: 'memory_web_1',
  image: 'sha256:0123456789abcdef0123',
  labels: { note: 'hunter2' },
  env: { PASSWORD: 'hunter2' },
  command: ['--password', 'hunter2'],
  ports: [
    { container: 80, host: 8080, hostIP: '127.0.0.1', protocol: 'tcp' },
    { container: 53, host: 5353, hostIP: '0.0.0.0', protocol: 'udp' },
  ],
  mounts: [],
  network: { mode: 'none' },
  restartPolicy: 'no',
  limits: {},
};

/** One of every type, which the compiler checks. */
const actions: { readonly [T in Action['type']]: readonly [Extract<Action, { type: T }>, string] } =
  {
    createNetwork: [
      {
        type: 'createNetwork',
        name: 'memory_default',
        driver: 'bridge',
        subnet: '10.212.0.0/24',
        internal: true,
        labels: {},
      },
      'create network memory_default (bridge, 10.212.0.0/24, internal)',
    ],
    removeNetwork: [
      { type: 'removeNetwork', id: 'x', name: 'memory_default' },
      'remove network memory_default',
    ],
    createVolume: [
      { type: 'createVolume', name: 'memory_data', driver: 'nfs', driverOpts: {}, labels: {} },
      'create volume memory_data (nfs)',
    ],
    removeVolume: [
      { type: 'removeVolume', name: 'memory_data' },
      'remove volume memory_data with its data',
    ],
    pullImage: [{ type: 'pullImage', reference: 'redis:7' }, 'pull redis:7'],
    writeFiles: [
      {
        type: 'writeFiles',
        project: 'memory',
        volume: 'l9-files.memory.web',
        files: [
          {
            volume: 'l9-files.memory.web',
            file: 'conf.1',
            content: { config: 'hunter2' },
            path: '/etc/conf',
            mode: 0o444,
          },
        ],
        image: 'web:1',
        user: '',
      },
      'write /etc/conf into l9-files.memory.web',
    ],
    createContainer: [
      { type: 'createContainer', spec },
      'create memory_web_1 from 0123456789ab, ports 127.0.0.1:8080→80/tcp 0.0.0.0:5353→53/udp',
    ],
    startContainer: [
      { type: 'startContainer', container: { name: 'memory_web_1' } },
      'start memory_web_1',
    ],
    stopContainer: [
      { type: 'stopContainer', container, graceMs: 1_500 },
      'stop memory_web_1 (abcdef012345) within 1.5 s',
    ],
    restartContainer: [
      { type: 'restartContainer', container, graceMs: 10_000 },
      'restart memory_web_1 (abcdef012345), stopping within 10 s',
    ],
    unpauseContainer: [
      { type: 'unpauseContainer', container },
      'unpause memory_web_1 (abcdef012345)',
    ],
    removeContainer: [
      { type: 'removeContainer', container, force: false },
      'remove memory_web_1 (abcdef012345)',
    ],
    renameContainer: [
      { type: 'renameContainer', container, name: 'memory_web_1_old' },
      'rename memory_web_1 (abcdef012345) to memory_web_1_old',
    ],
    updateContainer: [
      {
        type: 'updateContainer',
        container,
        limits: {
          memoryBytes: 64 * 2 ** 20,
          memoryReservationBytes: 2 ** 20,
          nanoCpus: 5e8,
          pids: 9,
        },
        restartPolicy: 'no',
      },
      'update memory_web_1 (abcdef012345): memory 64 MiB, memory reservation 1 MiB, cpus 0.5, pids 9, restart policy no',
    ],
    connectNetwork: [
      {
        type: 'connectNetwork',
        container,
        network: 'memory_a',
        aliases: ['web', 'www'],
        ipv4: '10.0.0.7',
      },
      'connect memory_web_1 (abcdef012345) to memory_a as web, www at 10.0.0.7',
    ],
    disconnectNetwork: [
      { type: 'disconnectNetwork', container, network: 'memory_a' },
      'disconnect memory_web_1 (abcdef012345) from memory_a',
    ],
    awaitContainer: [
      { type: 'awaitContainer', container, condition: 'healthy', timing: null, oneShot: false },
      'wait until memory_web_1 (abcdef012345) is healthy',
    ],
    writeRecovery: [
      {
        type: 'writeRecovery',
        record: {
          project: 'memory',
          service: 'web',
          instance: 1,
          containerId: 'x',
          startedAt: null,
          attempts: 2,
          lastAction: 'restart',
          lastActionAt: 0,
          deadline: null,
          lastExitCode: null,
          healthySince: null,
        },
      },
      'remember restart of web-1, attempt 2',
    ],
    removeRecovery: [
      { type: 'removeRecovery', project: 'memory', instance: 'web-1' },
      'forget the recovery of web-1',
    ],
    keepEvidence: [
      { type: 'keepEvidence', project: 'memory', service: 'web', container, cause: 'x' },
      'keep the last words of memory_web_1 (abcdef012345)',
    ],
  };

describe('every action is told in words, and none with a secret', () => {
  test.each(Object.entries(actions))('%s', (...[, [action, text]]) => {
    expect(actionText(action)).toBe(text);
    expect(text).not.toContain('hunter2');
  });
});

test.each([
  [{ kind: 'service', name: 'web', instance: 2 }, 'web-2'],
  [{ kind: 'service', name: 'web' }, 'web'],
  [{ kind: 'network', name: 'default' }, 'network default'],
] as const)('%j is called %s', (subject, text) => {
  expect(subjectText(subject)).toBe(text);
});

const emptyPlan: Plan = { project: 'memory', actions: [], blockers: [], notes: [], instances: [] };

describe('a plan', () => {
  test('with nothing in it says so', () => {
    expect(formatPlan(emptyPlan)).toBe('Plan for memory: nothing to do');
  });

  test('tells each action with its cause and what it waits for, then what stands in the way', () => {
    const subject = { kind: 'service', name: 'web', instance: 1 } as const;
    const many = Array.from({ length: 10 }, (_, index) => ({
      id: `a${index}`,
      action: { type: 'removeVolume', name: `v${index}` } as const,
      cause: { reason: 'Removed', message: 'it goes' } as const,
      subject,
      after: index < 2 ? [] : [`a${index - 1}`, 'a0'],
    }));
    const text = formatPlan({
      ...emptyPlan,
      actions: many,
      blockers: [{ code: 'NameTaken', subject, message: 'taken', hint: 'free it' }],
      notes: [{ subject: { kind: 'image', name: 'web:1' }, message: 'moved' }],
    });
    const lines = text.split('\n');
    expect(lines[0]).toBe('Plan for memory: 10 actions, 1 blocker');
    expect(lines[1]).toBe('   1 -  web-1  remove volume v0 with its data  it goes');
    expect(lines[10]).toBe('  10 -  web-1  remove volume v9 with its data  it goes  [after 1, 9]');
    expect(lines.slice(11)).toEqual([
      '  ! web-1: taken',
      '    free it',
      '  note image web:1: moved',
    ]);
  });
});
