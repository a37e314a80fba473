import { describe, expect, test } from 'vitest';
import type { ServiceSpec } from '../../../src/model/documents.ts';
import { label } from '../../../src/model/labels.ts';
import type { ProjectView, ServiceResource } from '../../../src/model/status.ts';
import { fillOutputs, reachableHost } from '../../../src/operations/outputs.ts';
import { buildView } from '../../../src/operations/view.ts';
import type { ViewInput } from '../../../src/operations/view.ts';
import { applied, config, pin, project, secret, service, volume } from '../render/applied.ts';
import type { Applied } from '../render/applied.ts';
import { Stage, STACK } from '../plan/stage.ts';

type Services = Readonly<Record<string, ServiceSpec>>;

const viewOf = (
  stage: Stage,
  services: Services,
  more: { readonly parts?: Applied; readonly input?: Partial<ViewInput> } = {},
): ProjectView => {
  const { parts = {}, input = {} } = more;
  stage.apply(services, parts);
  const documents = [
    ...Object.entries(services).map(([name, spec]) => service(name, spec)),
    ...(parts.documents ?? []),
  ];
  return buildView({
    project: 'memory',
    record: applied({ ...parts, documents }),
    desired: stage.desired,
    observed: stage.world.observe('memory'),
    recovery: stage.world.recovery,
    probes: stage.world.probes,
    guardian: 'engine',
    now: stage.world.now,
    ...input,
  });
};

const find = (view: ProjectView, name: string): ServiceResource => {
  const found = view.services.find((one) => one.metadata.name === name);
  if (found === undefined) throw new Error(`the view has no ${name}`);
  return found;
};

const conditionOf = (resource: ServiceResource, type: string) =>
  resource.status.conditions.find((one) => one.type === type);

const phases = (view: ProjectView): Record<string, string> =>
  Object.fromEntries(view.services.map((one) => [one.metadata.name, one.status.phase]));

const WEB = {
  web: {
    image: 'web:1',
    ports: [{ name: 'http', container: 80, host: 8080 }],
    healthcheck: { exec: 'ok' },
  },
} as const;

describe('a healthy project', () => {
  const stage = new Stage().up(STACK);
  const view = viewOf(stage, STACK);

  test('is ready, with its services, networks and volumes', () => {
    expect(view.project.status).toMatchObject({
      phase: 'Ready',
      services: 2,
      ready: 2,
      generation: 1,
      path: '/srv/memory',
      guardian: 'engine',
    });
    expect(view.project.status.conditions[0]).toMatchObject({ type: 'Ready', status: 'True' });
    expect(phases(view)).toEqual({ db: 'Ready', web: 'Ready' });
    expect(view.networks.map(({ metadata, status }) => [metadata.name, status])).toEqual([
      ['default', { engineName: 'memory_default', subnets: ['10.212.212.0/24'], exists: true }],
    ]);
    expect(view.volumes.map(({ metadata, status }) => [metadata.name, status])).toEqual([
      [
        'data',
        { engineName: 'memory_data', driver: 'local', exists: true, reclaimPolicy: 'Retain' },
      ],
    ]);
  });

  test('tells each service as the contract says', () => {
    const db = find(view, 'db');
    expect(db).toMatchObject({
      apiVersion: 'l9.dev/v1',
      kind: 'Service',
      metadata: { name: 'db', project: 'memory', generation: 1 },
      spec: STACK.db,
      status: { replicas: 1, ready: 1, observedGeneration: 1 },
    });
    expect(db.metadata.creationTimestamp).toMatch(/^2026-01-01T00:00:/);
    expect(db.status.instances).toEqual([
      {
        name: 'memory_db_1',
        containerId: expect.stringMatching(/^[0-9a-f]{64}$/),
        state: 'healthy',
        health: 'healthy',
        reason: 'ChecksPass',
        message: 'its health checks pass',
        restarts: 0,
        recoveries: 0,
        ports: [],
        image: 'db:1',
        startedAt: expect.stringMatching(/Z$/),
      },
    ]);
    expect(db.status.conditions.map(({ type, status, reason }) => [type, status, reason])).toEqual([
      ['Ready', 'True', 'ChecksPass'],
      ['Progressing', 'False', 'Settled'],
      ['Healthy', 'True', 'ChecksPass'],
      ['Diverged', 'False', 'AsApplied'],
    ]);
    expect(conditionOf(db, 'Ready')?.lastTransitionTime).toBe(db.status.instances[0]?.startedAt);
    expect(conditionOf(find(view, 'web'), 'Healthy')?.reason).toBe('NoHealthCheck');
  });
});

describe('the phase of a service', () => {
  test('before anything was made', () => {
    const view = viewOf(new Stage(), WEB);
    expect(phases(view)).toEqual({ web: 'Pending' });
    expect(view.project.status.phase).toBe('Pending');
    expect(find(view, 'web').status.instances[0]).toMatchObject({
      name: 'memory_web_1',
      containerId: null,
      state: 'absent',
      health: 'none',
      startedAt: null,
    });
  });

  test('while it starts', () => {
    const stage = new Stage().apply(WEB).run();
    const web = find(viewOf(stage, WEB), 'web');
    expect(web.status.phase).toBe('Progressing');
    expect(conditionOf(web, 'Progressing')).toMatchObject({ status: 'True', reason: 'Starting' });
    expect(conditionOf(web, 'Ready')).toMatchObject({ status: 'False', reason: 'Starting' });
  });

  test('when its checks fail', () => {
    const stage = new Stage().up(WEB);
    stage.world.health('memory_web_1', 'unhealthy');
    const web = find(viewOf(stage, WEB), 'web');
    expect(web.status.phase).toBe('Degraded');
    expect(conditionOf(web, 'Healthy')).toMatchObject({ status: 'False', reason: 'Unhealthy' });
  });

  test('when it died', () => {
    const stage = new Stage().up(WEB);
    stage.world.now += 1_000;
    stage.world.exit('memory_web_1', 137);
    const web = find(viewOf(stage, WEB), 'web');
    expect(web.status.phase).toBe('Degraded');
    expect(conditionOf(web, 'Ready')?.message).toContain('exited with code 137');
    expect(conditionOf(web, 'Ready')?.lastTransitionTime).toBe(
      new Date(stage.world.now).toISOString(),
    );
    // Its port is its own until it is removed.
    expect(web.status.instances[0]?.ports).toMatchObject([{ name: 'http', host: 8080 }]);
  });

  test('when it ran to its end, and when that failed', () => {
    const once = { job: { image: 'job:1', restart: 'never' } } as const;
    const stage = new Stage().up(once);
    stage.world.exit('memory_job_1', 0);
    expect(phases(viewOf(stage, once))).toEqual({ job: 'Completed' });
    expect(viewOf(stage, once).project.status).toMatchObject({ phase: 'Completed', ready: 1 });
    stage.world.exit('memory_job_1', 3);
    expect(phases(viewOf(stage, once))).toEqual({ job: 'Failed' });
    expect(viewOf(stage, once).project.status.phase).toBe('Failed');
    // Its container was pruned; the record still knows.
    stage.world.remove('memory_job_1');
    const specHash = stage.desired.services[0]?.specHash ?? '';
    const completions = { job: { specHash, exitCode: 0, finishedAt: stage.world.now } };
    expect(phases(viewOf(stage, once, { parts: { completions } }))).toEqual({ job: 'Completed' });
  });

  test('when it was stopped, or scaled to nothing', () => {
    const stage = new Stage().up(WEB);
    const parts = { overrides: { web: { stopped: true } } };
    expect(phases(viewOf(stage, WEB, { parts }))).toEqual({ web: 'Progressing' });
    stage.apply(WEB, parts).run();
    const view = viewOf(stage, WEB, { parts });
    expect(phases(view)).toEqual({ web: 'Stopped' });
    expect(view.project.status.phase).toBe('Stopped');
    expect(conditionOf(find(view, 'web'), 'Ready')).toMatchObject({
      status: 'False',
      reason: 'Stopped',
    });
    const none = { web: { image: 'web:1', replicas: 0 } };
    expect(phases(viewOf(new Stage(), none))).toEqual({ web: 'Stopped' });
  });

  test('while too many run', () => {
    const many = { web: { image: 'web:1', replicas: 2 } };
    const view = viewOf(new Stage().up(many), { web: { image: 'web:1', replicas: 1 } });
    const web = find(view, 'web');
    expect(web.status.phase).toBe('Progressing');
    expect(web.status.instances.map(({ name, state }) => [name, state])).toEqual([
      ['memory_web_1', 'healthy'],
      ['memory_web_2', 'stopping'],
    ]);
    expect(conditionOf(web, 'Diverged')).toMatchObject({ status: 'True', reason: 'Surplus' });
  });
});

describe('conditions', () => {
  test('tell when what runs is not what was applied', () => {
    const stage = new Stage().up(WEB);
    const changed = { web: { ...WEB.web, user: '1' } };
    const spec = find(viewOf(stage, changed), 'web');
    expect(conditionOf(spec, 'Diverged')).toMatchObject({
      status: 'True',
      reason: 'SpecChanged',
      message: 'memory_web_1 was made from generation 1',
    });
    const images = { web: pin('web:1', { id: 'sha256:newer' }) };
    const image = find(viewOf(stage, WEB, { parts: { images } }), 'web');
    expect(conditionOf(image, 'Diverged')?.message).toContain('another image');
  });

  test('tell of an image that is gone, with the way to get it', () => {
    const stage = new Stage().up(WEB);
    stage.world.images.clear();
    const { observed } = { observed: stage.world.observe('memory') };
    const web = find(viewOf(stage, WEB, { input: { observed } }), 'web');
    expect(conditionOf(web, 'ImageMissing')?.message).toContain('l9 apply --pull web -p memory');
    expect(conditionOf(find(viewOf(stage, WEB), 'web'), 'ImageMissing')).toBeUndefined();
  });

  test('tell of a secret without a value', () => {
    const services = { web: { image: 'web:1', env: { A: { secret: 'pw' } } } };
    const missing = find(viewOf(new Stage(), services), 'web');
    expect(conditionOf(missing, 'SecretMissing')?.message).toContain('pw');
    const parts = { secretHashes: { pw: 'k.1' } };
    const there = find(viewOf(new Stage(), services, { parts }), 'web');
    expect(conditionOf(there, 'SecretMissing')).toBeUndefined();
  });

  test('tell of a pause', () => {
    const view = viewOf(new Stage().up(WEB), WEB, { parts: { paused: true } });
    expect(view.project.status.phase).toBe('Paused');
    expect(phases(view)).toEqual({ web: 'Ready' });
    expect(conditionOf(find(view, 'web'), 'Paused')?.status).toBe('True');
  });
});

describe('the phase of a project', () => {
  test('is degraded by a service that failed, and failed by a critical one', () => {
    const services = (critical: boolean) =>
      ({ ...WEB, job: { image: 'job:1', restart: 'never', critical } }) as const;
    const stage = new Stage().up(services(false));
    stage.world.exit('memory_job_1', 1);
    expect(viewOf(stage, services(false)).project.status.phase).toBe('Degraded');
    expect(viewOf(stage, services(true)).project.status.phase).toBe('Failed');
  });

  test('counts what is stopped or completed as well', () => {
    const services = { ...WEB, job: { image: 'job:1', restart: 'never' } } as const;
    const stage = new Stage().up(services);
    stage.world.exit('memory_job_1', 0);
    expect(viewOf(stage, services).project.status).toMatchObject({ phase: 'Ready', ready: 2 });
  });

  test('of one that is being deleted', () => {
    const stage = new Stage().up(WEB);
    const tombstones = [{ document: service('web', WEB.web), withData: false }];
    const view = viewOf(stage, {}, { parts: { deleting: true, tombstones } });
    expect(view.project.status.phase).toBe('Progressing');
    expect(find(view, 'web').status).toMatchObject({
      phase: 'Progressing',
      conditions: [{ type: 'Ready', status: 'False', reason: 'Removing' }],
    });
  });
});

test('a check of l9’s own is the judge, whatever Docker says', () => {
  const services = { web: { image: 'web:1', healthcheck: { tcp: { port: 80 } } } } as const;
  const stage = new Stage().up(services);
  const id = stage.world.observe('memory').containers[0]?.id ?? '';
  const health = (...oks: boolean[]) => {
    const results = oks.map((ok) => ({ at: stage.world.now, ok, message: 'x' }));
    const probes = new Map([[id, results]]);
    return find(viewOf(stage, services, { input: { probes } }), 'web').status.instances[0]?.health;
  };
  expect(health()).toBe('starting');
  expect(health(true)).toBe('healthy');
  expect(health(true, false, false, false)).toBe('unhealthy');
});

describe('a project without a record', () => {
  const stage = new Stage().up(WEB);
  const view = viewOf(stage, WEB, { input: { record: undefined, desired: undefined } });

  test('is told from its containers', () => {
    expect(view.project.status).toMatchObject({
      phase: 'Unrecorded',
      services: 1,
      ready: 1,
      path: '/srv/memory',
    });
    const web = find(view, 'web');
    expect(web.status.phase).toBe('Unrecorded');
    expect(web.metadata.labels).toEqual({});
    expect(web.status.instances[0]).toMatchObject({
      name: 'memory_web_1',
      state: 'healthy',
      ports: [{ name: '80', container: 80, host: 8080 }],
    });
  });
});

test('configs and secrets tell who uses them, and no value', () => {
  const services = {
    a: { image: 'a:1', env: { P: { secret: 'pw' } } },
    b: {
      image: 'b:1',
      volumes: [
        { config: 'conf', path: '/c' },
        { secret: 'pw', path: '/s' },
      ],
    },
  };
  const documents = [config('conf', 'x'), secret('pw'), secret('other'), volume('gone', {})];
  const view = viewOf(new Stage(), services, { parts: { documents } });
  expect(view.configs.map(({ metadata, status }) => [metadata.name, status.usedBy])).toEqual([
    ['conf', ['b']],
  ]);
  expect(view.secrets.map(({ metadata, status }) => [metadata.name, status.usedBy])).toEqual([
    ['other', []],
    ['pw', ['a', 'b']],
  ]);
  expect(view.volumes.find((one) => one.metadata.name === 'gone')?.status.exists).toBe(false);
});

describe('outputs', () => {
  const outputs = {
    URL: 'http://${host.web}:${port.web.http}/x',
    FIRST: '${port.web}',
    UNKNOWN: '${port.web.nope}',
    ABSENT: '${host.other}',
    PLAIN: 'text ${other}',
  };
  const parts = { documents: [project({ outputs })] };

  test('are filled with what is published', () => {
    const view = viewOf(new Stage().up(WEB, parts), WEB, { parts });
    expect(view.outputs).toEqual({
      FIRST: '8080',
      PLAIN: 'text ${other}',
      URL: 'http://127.0.0.1:8080/x',
    });
  });

  test('leave out what is not known yet', () => {
    expect(viewOf(new Stage(), WEB, { parts }).outputs).toEqual({ PLAIN: 'text ${other}' });
  });

  test('a service on the host’s network is reached by its own ports', () => {
    const host = {
      web: { image: 'web:1', networkMode: 'host', ports: [{ name: 'http', container: 80 }] },
    };
    const view = viewOf(new Stage().up(host, parts), host, { parts });
    expect(view.outputs['URL']).toBe('http://127.0.0.1:80/x');
  });

  test.each([
    ['0.0.0.0', '127.0.0.1'],
    ['', '127.0.0.1'],
    ['127.0.0.1', '127.0.0.1'],
    ['10.0.0.5', '10.0.0.5'],
    ['fd00::1', '[fd00::1]'],
  ])('what is bound to %j is reached at %s', (hostIP, host) => {
    expect(reachableHost(hostIP)).toBe(host);
  });

  test('come from the first instance that has ports', () => {
    const instance = (host: number) => ({
      name: 'x',
      containerId: null,
      state: 'healthy' as const,
      health: 'none',
      reason: '',
      message: '',
      restarts: 0,
      recoveries: 0,
      ports: host === 0 ? [] : [{ name: 'p', container: 1, protocol: 'tcp', hostIP: '', host }],
      image: '',
      startedAt: null,
    });
    expect(
      fillOutputs({ A: '${port.w.p}' }, () => [instance(0), instance(7), instance(8)]),
    ).toEqual({ A: '7' });
  });
});

test('labels of l9 stay out of a view of people’s labels', () => {
  const stage = new Stage().up(WEB);
  const view = viewOf(stage, WEB, { input: { record: undefined, desired: undefined } });
  expect(JSON.stringify(view)).not.toContain(label.specHash);
});
