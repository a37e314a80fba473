import { describe, expect, it } from 'vitest';
import { decodeContainer, decodeSummary } from '../../../src/engine/docker/decode-container.ts';
import { decodeImage } from '../../../src/engine/docker/decode-objects.ts';
import type { WireContainer, WireSummary } from '../../../src/engine/docker/wire.ts';

const ID = 'fa874cd268df27beadb2feb4c95504e6bc491244daa4f6ed7f6821b6437daf94';

const summary = (wanted: Partial<WireSummary>): WireSummary => ({
  Id: ID,
  Names: ['/shop_web_1'],
  Image: 'web:1',
  ImageID: 'sha256:1',
  Labels: null,
  State: 'running',
  Status: 'Up 3 minutes',
  Created: 1_700_000_000,
  Ports: null,
  ...wanted,
});

describe('a container in a list', () => {
  it.each([
    ['Up 3 minutes', undefined, 'none'],
    ['Up 3 minutes (healthy)', undefined, 'healthy'],
    ['Up About an hour (unhealthy)', undefined, 'unhealthy'],
    ['Up Less than a second (health: starting)', undefined, 'starting'],
    // From API 1.52 on there is a field of its own.
    ['Up 3 minutes', { Status: 'healthy' }, 'healthy'],
    ['Up 3 minutes', { Status: 'none' }, 'none'],
  ] as const)('%s, %j is %s', (Status, Health, health) => {
    const wire = summary({ Status, ...(Health === undefined ? {} : { Health }) });
    expect(decodeSummary(wire).health).toBe(health);
  });

  it.each([
    ['exited', 'Exited (137) 3 minutes ago', 137],
    ['restarting', 'Restarting (1) 2 seconds ago', 1],
    ['running', 'Up 3 minutes', 0],
    ['created', 'Created', 0],
  ])('%s, %s ended with %d', (State, Status, code) => {
    expect(decodeSummary(summary({ State, Status })).exitCode).toBe(code);
  });

  it('is called by its own name, not by those that links gave it', () => {
    expect(decodeSummary(summary({ Names: ['/other/db', '/shop_db_1'] })).name).toBe('shop_db_1');
  });

  it('has the ports that are published, sorted', () => {
    const Ports = [
      { IP: '::', PrivatePort: 80, PublicPort: 8080, Type: 'tcp' },
      { IP: '0.0.0.0', PrivatePort: 80, PublicPort: 8080, Type: 'tcp' },
      { PrivatePort: 443, Type: 'tcp' },
      { IP: '127.0.0.1', PrivatePort: 53, PublicPort: 5353, Type: 'udp' },
    ];
    expect(decodeSummary(summary({ Ports })).ports).toEqual([
      { container: 53, protocol: 'udp', hostIP: '127.0.0.1', host: 5353 },
      { container: 80, protocol: 'tcp', hostIP: '0.0.0.0', host: 8080 },
      { container: 80, protocol: 'tcp', hostIP: '::', host: 8080 },
    ]);
  });

  it('is dead in a state that nobody knows yet', () => {
    expect(decodeSummary(summary({ State: 'teleporting' })).state).toBe('dead');
  });
});

const inspected = (wanted: Partial<WireContainer>): WireContainer => ({
  Id: ID,
  Name: '/shop_web_1',
  Created: '2026-11-21T06:09:07.297298086Z',
  Image: 'sha256:1',
  RestartCount: 0,
  State: {
    Status: 'created',
    ExitCode: 0,
    OOMKilled: false,
    Error: '',
    StartedAt: '0001-01-01T00:00:00Z',
    FinishedAt: '0001-01-01T00:00:00Z',
    Pid: 0,
  },
  Config: { Image: 'web:1', Labels: null, Tty: false },
  HostConfig: {
    NetworkMode: 'default',
    PortBindings: null,
    RestartPolicy: { Name: '' },
    Memory: 0,
    MemoryReservation: 0,
    NanoCpus: 0,
    PidsLimit: null,
  },
  Mounts: null,
  NetworkSettings: { Ports: null, Networks: null },
  ...wanted,
});

describe('a container that is inspected', () => {
  it('has nothing where Go says null or the zero time', () => {
    expect(decodeContainer(inspected({}))).toMatchObject({
      labels: {},
      startedAt: null,
      finishedAt: null,
      createdAt: Date.parse('2026-11-21T06:09:07.297Z'),
      restartPolicy: 'no',
      limits: {},
      bindings: [],
      mounts: [],
      attachments: [],
      probes: [],
      networkMode: 'bridge',
    });
  });

  it('counts only ports that are numbers: the others are chosen anew at each start', () => {
    const PortBindings = {
      '80/tcp': [
        { HostIp: '127.0.0.1', HostPort: '8080' },
        { HostIp: '', HostPort: '' },
        { HostIp: '', HostPort: '0' },
        { HostIp: '', HostPort: '9000-9010' },
      ],
      '81/tcp': null,
    };
    const wire = inspected({});
    const { bindings } = decodeContainer({
      ...wire,
      HostConfig: { ...wire.HostConfig, PortBindings },
    });
    expect(bindings).toEqual([{ container: 80, protocol: 'tcp', hostIP: '127.0.0.1', host: 8080 }]);
  });

  it('has the aliases that somebody gave it, not those of the engine', () => {
    const endpoint = { NetworkID: 'n', IPAddress: '10.0.0.2', IPAMConfig: null };
    const Networks = {
      shop_default: { ...endpoint, Aliases: ['web', ID.slice(0, 12), 'web'] },
      host: { ...endpoint, Aliases: null },
    };
    const { attachments } = decodeContainer(
      inspected({ NetworkSettings: { Ports: null, Networks } }),
    );
    expect(attachments).toEqual([
      { network: 'shop_default', networkId: 'n', aliases: ['web'], ip: '10.0.0.2' },
    ]);
  });
});

describe('an image', () => {
  const wire = {
    Id: 'sha256:1',
    RepoTags: null,
    RepoDigests: null,
    Created: '2026-01-01T00:00:00Z',
    Size: 1,
  };

  it('has nothing where its configuration is empty', () => {
    expect(decodeImage({ ...wire, Config: null })).toMatchObject({
      labels: {},
      volumes: [],
      user: '',
      hasHealthcheck: false,
      command: [],
    });
  });

  it('has no health check where it was switched off', () => {
    const check = (...Test: string[]) =>
      decodeImage({ ...wire, Config: { Healthcheck: { Test } } }).hasHealthcheck;
    expect([check('CMD', 'x'), check('NONE'), check()]).toEqual([true, false, false]);
  });
});
