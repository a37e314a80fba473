import { describe, expect, test } from 'vitest';
import { label } from '../../../src/model/labels.ts';
import { network, pin, service, volume } from '../render/applied.ts';
import { Stage } from './stage.ts';

/** What people may hold down, delete or scale; `web` needs `db`. */
const STACK = {
  db: {
    image: 'db:1',
    volumes: [{ volume: 'data', path: '/data' }],
    healthcheck: { exec: 'ready' },
  },
  web: { image: 'web:1', dependsOn: { db: 'healthy' } },
} as const;

const up = (): Stage => new Stage().up(STACK);

describe('a first apply', () => {
  test('makes networks and volumes, and starts what depends once its dependency is ready', () => {
    const stage = new Stage().apply(STACK);
    expect(stage.text).toMatchInlineSnapshot(`
      "Plan for memory: 7 actions
        1 +  network default  create network memory_default (bridge, 10.212.212.0/24)  it does not exist
        2 +  volume data      create volume memory_data                                it does not exist
        3 +  db-1             create memory_db_1 from db:1                             there is no container  [after 1, 2]
        4 ~  db-1             start memory_db_1                                        there is no container  [after 3]
        5 .  db               wait until memory_db_1 is healthy                        others wait for it  [after 4]
        6 +  web-1            create memory_web_1 from web:1                           there is no container  [after 1]
        7 ~  web-1            start memory_web_1                                       there is no container  [after 5, 6]"
    `);
    stage.run();
    expect(stage.world.containers).toEqual(['memory_db_1 running healthy', 'memory_web_1 running']);
  });

  test('again does nothing', () => {
    expect(up().text).toBe('Plan for memory: nothing to do');
  });

  test('a one-shot runs to its end before what needs it, and never again', () => {
    const services = {
      migrate: { image: 'm:1', restart: 'never' },
      web: { image: 'web:1', dependsOn: { migrate: 'completed' } },
    } as const;
    const stage = new Stage().apply(services);
    expect(stage.text).toMatchInlineSnapshot(`
      "Plan for memory: 6 actions
        1 +  network default  create network memory_default (bridge, 10.212.212.0/24)  it does not exist
        2 +  migrate-1        create memory_migrate_1 from m:1                         there is no container  [after 1]
        3 ~  migrate-1        start memory_migrate_1                                   there is no container  [after 2]
        4 .  migrate          wait until memory_migrate_1 is completed                 others wait for it  [after 3]
        5 +  web-1            create memory_web_1 from web:1                           there is no container  [after 1]
        6 ~  web-1            start memory_web_1                                       there is no container  [after 4, 5]"
    `);
    stage.run();
    expect(stage.world.containers).toEqual(['memory_migrate_1 exited', 'memory_web_1 running']);
    expect(stage.text).toBe('Plan for memory: nothing to do');
    // Its container is pruned; the record of its completion stays.
    const [migrate] = stage.desired.services;
    const completion = { specHash: migrate?.specHash ?? '', exitCode: 0, finishedAt: 0 };
    stage.world.remove('memory_migrate_1');
    stage.apply(services, { completions: { migrate: completion } });
    expect(stage.text).toBe('Plan for memory: nothing to do');
    stage.apply(
      { ...services, migrate: { ...services.migrate, image: 'm:2' } },
      { completions: { migrate: completion } },
    );
    expect(stage.text).toMatchInlineSnapshot(`
      "Plan for memory: 2 actions
        1 +  migrate-1  create memory_migrate_1 from m:2  there is no container
        2 ~  migrate-1  start memory_migrate_1            there is no container  [after 1]"
    `);
  });

  test('configs and secrets are written before the container that mounts them is made', () => {
    const stage = new Stage().apply(
      { web: { image: 'web:1', volumes: [{ secret: 'pw', path: '/run/pw' }] } },
      { secretHashes: { pw: 'k.0123456789abcdef' } },
    );
    expect(stage.text).toMatchInlineSnapshot(`
      "Plan for memory: 5 actions
        1 +  network default  create network memory_default (bridge, 10.212.212.0/24)  it does not exist
        2 +  web              create volume l9-files.memory.web                        it does not exist
        3 ~  web              write /run/pw into l9-files.memory.web                   a new container needs its configs and secrets  [after 2]
        4 +  web-1            create memory_web_1 from web:1                           there is no container  [after 1, 3]
        5 ~  web-1            start memory_web_1                                       there is no container  [after 4]"
    `);
  });

  test('volumes behind an image’s own paths get a steady name', () => {
    const stage = new Stage().apply(
      { db: { image: 'db:1' } },
      { images: { db: pin('db:1', { volumes: ['/var/lib/db'] }) } },
    );
    expect(stage.text).toMatchInlineSnapshot(`
      "Plan for memory: 4 actions
        1 +  network default  create network memory_default (bridge, 10.212.212.0/24)  it does not exist
        2 +  db-1             create volume memory_db_1_4fd5db0e                       it does not exist
        3 +  db-1             create memory_db_1 from db:1                             there is no container  [after 1, 2]
        4 ~  db-1             start memory_db_1                                        there is no container  [after 3]"
    `);
    stage.run();
    const before = stage.world.volumes;
    stage.given({ request: { forceRecreate: new Set(['db']) } }).run();
    expect(stage.world.volumes).toEqual(before);
  });
});

describe('a changed spec', () => {
  test('replaces the container and keeps its volumes', () => {
    const stage = up()
      .apply({ ...STACK, db: { ...STACK.db, user: '999' } })
      .given({ changes: new Map([['db', ['user: (unset) → 999']]]) });
    expect(stage.text).toMatchInlineSnapshot(`
      "Plan for memory: 5 actions
        1 ~  db-1  rename memory_db_1 (a00000020000) to memory_db_1_old_a0000002  user: (unset) → 999
        2 +  db-1  create memory_db_1 from db:1                                   user: (unset) → 999  [after 1]
        3 ~  db-1  stop memory_db_1 (a00000020000) within 10 s                    user: (unset) → 999  [after 2]
        4 ~  db-1  start memory_db_1                                              user: (unset) → 999  [after 2, 3]
        5 -  db-1  remove memory_db_1 (a00000020000)                              user: (unset) → 999  [after 3, 4]"
    `);
    stage.run();
    stage.world.settle();
    expect(stage.world.containers).toEqual(['memory_db_1 running healthy', 'memory_web_1 running']);
    expect(stage.world.volumes).toEqual(['memory_data']);
    expect(stage.text).toBe('Plan for memory: nothing to do');
  });

  test('a limit is changed in place', () => {
    const services = { web: { image: 'web:1', resources: { memory: '64Mi', cpus: 1 } } };
    const stage = new Stage().up(services);
    stage.apply({ web: { image: 'web:1', resources: { memory: '128Mi', cpus: 1 } } });
    expect(stage.text).toMatchInlineSnapshot(`
      "Plan for memory: 1 action
        1 ~  web-1  update memory_web_1 (a00000020000): memory 128 MiB, cpus 1  memory: 64Mi → 128Mi"
    `);
    stage.run();
    expect(stage.text).toBe('Plan for memory: nothing to do');
    stage.apply({ web: { image: 'web:1', resources: { memory: '128Mi' } } });
    expect(stage.text).toContain('create memory_web_1');
  });

  test('who restarts what dies is changed in place', () => {
    const stage = up().given({ guardian: 'engine' });
    expect(stage.text).toMatchInlineSnapshot(`
      "Plan for memory: 2 actions
        1 ~  db-1   update memory_db_1 (a00000020000): restart policy unless-stopped   restart policy: no → unless-stopped
        2 ~  web-1  update memory_web_1 (a00000030000): restart policy unless-stopped  restart policy: no → unless-stopped"
    `);
  });

  test('networks are joined and left without a new container', () => {
    const stage = new Stage()
      .up({ web: { image: 'web:1', networks: ['a', 'b'] } })
      .apply({ web: { image: 'web:1', networks: ['a', { name: 'c', aliases: ['www'] }] } });
    expect(stage.text).toMatchInlineSnapshot(`
      "Plan for memory: 3 actions
        1 +  network c  create network memory_c (bridge, 10.214.0.0/24)                                 it does not exist
        2 ~  web-1      disconnect memory_web_1 (a00000030000) from memory_b                            leaves or rejoins network memory_b
        3 ~  web-1      connect memory_web_1 (a00000030000) to memory_c as web, web-1, web.memory, www  not connected to memory_c as wanted  [after 1]"
    `);
    stage.run();
    expect(stage.text).toBe('Plan for memory: nothing to do');
  });

  test('an alias that is taken away makes the attachment anew', () => {
    const web = (aliases: string[]) => ({
      web: { image: 'web:1', networks: [{ name: 'a', aliases }] },
    });
    const stage = new Stage().up(web(['x'])).apply(web([]));
    expect(stage.text).toMatchInlineSnapshot(`
      "Plan for memory: 2 actions
        1 ~  web-1  disconnect memory_web_1 (a00000020000) from memory_a                       leaves or rejoins network memory_a
        2 ~  web-1  connect memory_web_1 (a00000020000) to memory_a as web, web-1, web.memory  not connected to memory_a as wanted  [after 1]"
    `);
    stage.run();
    expect(stage.text).toBe('Plan for memory: nothing to do');
  });

  test('a network that is to be another is made anew around its containers', () => {
    const web = { web: { image: 'web:1', networks: ['a'] } };
    const stage = new Stage().up(web).apply(web, { documents: [network('a', { internal: true })] });
    expect(stage.text).toMatchInlineSnapshot(`
      "Plan for memory: 4 actions
        1 ~  network a  disconnect memory_web_1 (a00000020000) from memory_a                       internal: false → true
        2 -  network a  remove network memory_a                                                    internal: false → true  [after 1]
        3 +  network a  create network memory_a (bridge, 10.213.39.0/24, internal)                 internal: false → true  [after 2]
        4 ~  web-1      connect memory_web_1 (a00000020000) to memory_a as web, web-1, web.memory  not connected to memory_a as wanted  [after 3]"
    `);
    stage.run();
    expect(stage.text).toBe('Plan for memory: nothing to do');
  });

  test('an image that was resolved anew replaces the container', () => {
    const stage = up();
    stage.world.image('web:1', { id: 'sha256:newer' });
    stage.apply(STACK, { images: { web: pin('web:1', { id: 'sha256:newer' }) } });
    expect(stage.text).toMatchInlineSnapshot(`
      "Plan for memory: 5 actions
        1 ~  web-1  rename memory_web_1 (a00000030000) to memory_web_1_old_a0000003  web:1 now means another image (web:1 → newer)
        2 +  web-1  create memory_web_1 from web:1                                   web:1 now means another image (web:1 → newer)  [after 1]
        3 ~  web-1  stop memory_web_1 (a00000030000) within 10 s                     web:1 now means another image (web:1 → newer)  [after 2]
        4 ~  web-1  start memory_web_1                                               web:1 now means another image (web:1 → newer)  [after 2, 3]
        5 -  web-1  remove memory_web_1 (a00000030000)                               web:1 now means another image (web:1 → newer)  [after 3, 4]"
    `);
  });

  test('a secret with a new value does, a key that is gone does not', () => {
    const services = { web: { image: 'web:1', env: { P: { secret: 'pw' } } } };
    const stage = new Stage().up(services, { secretHashes: { pw: 'k1.aaaa' } });
    expect(stage.apply(services, { secretHashes: {} }).plan().actions).toEqual([]);
    expect(stage.apply(services, { secretHashes: { pw: 'k2.bbbb' } }).plan().actions).toEqual([]);
    expect(stage.apply(services, { secretHashes: { pw: 'k1.cccc' } }).text).toContain(
      'create memory_web_1',
    );
  });
});

describe('a replacement that was interrupted', () => {
  const changed = { ...STACK, db: { ...STACK.db, user: '999' } };
  const length = up().apply(changed).plan().actions.length;

  test.each(Array.from({ length }, (_, index) => index))('after %i actions goes on', (done) => {
    const stage = up().apply(changed).run(done);
    stage.run();
    stage.world.settle();
    stage.run();
    expect(stage.text).toBe('Plan for memory: nothing to do');
    expect(stage.world.containers).toEqual(['memory_db_1 running healthy', 'memory_web_1 running']);
    expect(stage.world.volumes).toEqual(['memory_data']);
  });

  test('after the new one was made stops the old one before the new one starts', () => {
    expect(up().apply(changed).run(2).text).toMatchInlineSnapshot(`
      "Plan for memory: 3 actions
        1 ~  db-1  stop memory_db_1_old_a0000002 (a00000020000) within 10 s  left over from a change that was interrupted
        2 -  db-1  remove memory_db_1_old_a0000002 (a00000020000)            left over from a change that was interrupted  [after 1]
        3 ~  db-1  start memory_db_1 (a00000040000)                          the container is created and was never started  [after 1]"
    `);
  });
});

describe('scaling', () => {
  const web = (replicas: number) =>
    ({
      web: { image: 'web:1', replicas, ports: [{ name: 'http', container: 80, host: 'auto' }] },
    }) as const;

  test('up adds instances with ports of their own', () => {
    const stage = new Stage().up(web(1)).apply(web(3));
    expect(stage.text).toMatchInlineSnapshot(`
      "Plan for memory: 4 actions
        1 +  web-2  create memory_web_2 from web:1, ports 127.0.0.1:32655→80/tcp  there is no container
        2 ~  web-2  start memory_web_2                                            there is no container  [after 1]
        3 +  web-3  create memory_web_3 from web:1, ports 127.0.0.1:30094→80/tcp  there is no container
        4 ~  web-3  start memory_web_3                                            there is no container  [after 3]"
    `);
  });

  test('down removes the highest', () => {
    expect(new Stage().up(web(3)).apply(web(1)).text).toMatchInlineSnapshot(`
      "Plan for memory: 4 actions
        1 ~  web-2  stop memory_web_2 (a00000030000) within 10 s  scaled to 1
        2 -  web-2  remove memory_web_2 (a00000030000)            scaled to 1  [after 1]
        3 ~  web-3  stop memory_web_3 (a00000040000) within 10 s  scaled to 1
        4 -  web-3  remove memory_web_3 (a00000040000)            scaled to 1  [after 3]"
    `);
  });

  test('a port that was chosen once stays over a recreate', () => {
    const stage = new Stage().up(web(2));
    const portsOf = () =>
      stage.world.observe('memory').containers.map((one) => one.labels['com.l9.port.http']);
    const before = portsOf();
    stage.given({ request: { forceRecreate: new Set(['web']) } }).run();
    expect(portsOf()).toEqual(before);
    expect(new Set(before).size).toBe(2);
  });

  test('no port is given that somebody else has, or was found to have', () => {
    const chosen = new Stage().up(web(1)).world.observe('memory').containers[0];
    const port = Number(chosen?.labels['com.l9.port.http']);
    const stage = new Stage().apply(web(1));
    stage.world.stranger({ name: 'other', ports: [port] });
    expect(stage.text).not.toContain(`:${port}→`);
    const other = new Stage().apply(web(1)).given({ excludedPorts: new Set([port]) });
    expect(other.text).not.toContain(`:${port}→`);
  });
});

describe('order', () => {
  test('what is stopped stops dependents first', () => {
    const stage = up().apply(STACK, {
      overrides: { db: { stopped: true }, web: { stopped: true } },
    });
    expect(stage.text).toMatchInlineSnapshot(`
      "Plan for memory: 2 actions
        1 ~  web-1  stop memory_web_1 (a00000030000) within 10 s  l9 stop holds it down
        2 ~  db-1   stop memory_db_1 (a00000020000) within 10 s   l9 stop holds it down  [after 1]"
    `);
    stage.run();
    expect(stage.text).toBe('Plan for memory: nothing to do');
  });

  test('what is deleted goes dependents first, then networks; data stays', () => {
    const stage = up().apply(
      {},
      {
        deleting: true,
        tombstones: [
          ...Object.entries(STACK).map(([name, spec]) => ({
            document: service(name, spec),
            withData: false,
          })),
          { document: volume('data', { reclaimPolicy: 'Delete' }), withData: false },
        ],
      },
    );
    expect(stage.text).toMatchInlineSnapshot(`
      "Plan for memory: 5 actions
        1 ~  web-1            stop memory_web_1 (a00000030000) within 10 s  no longer in the manifests
        2 ~  db-1             stop memory_db_1 (a00000020000) within 10 s   no longer in the manifests  [after 1]
        3 -  web-1            remove memory_web_1 (a00000030000)            no longer in the manifests  [after 1]
        4 -  db-1             remove memory_db_1 (a00000020000)             no longer in the manifests  [after 2, 3]
        5 -  network default  remove network memory_default                 no longer in the manifests  [after 3, 4]"
    `);
    stage.run();
    expect([stage.world.containers, stage.world.networks, stage.world.volumes]).toEqual([
      [],
      [],
      ['memory_data'],
    ]);
  });

  test('data goes with consent, after its containers', () => {
    const stage = up().apply(
      {},
      {
        deleting: true,
        tombstones: [
          { document: service('db', STACK.db), withData: true },
          { document: service('web', STACK.web), withData: true },
          { document: volume('data', { reclaimPolicy: 'Delete' }), withData: true },
        ],
      },
    );
    stage.run();
    expect(stage.world.volumes).toEqual([]);
    expect(stage.text).toBe('Plan for memory: nothing to do');
  });

  test('a rolling update replaces one after the other', () => {
    const web = (image: string) =>
      ({
        web: {
          image,
          replicas: 3,
          update: { strategy: 'rolling' },
          healthcheck: { exec: 'ok' },
        },
      }) as const;
    const stage = new Stage().up(web('web:1')).apply(web('web:2'));
    expect(stage.text).toMatchInlineSnapshot(`
      "Plan for memory: 17 actions
         1 ~  web-1  rename memory_web_1 (a00000020000) to memory_web_1_old_a0000002  the manifest changed
         2 +  web-1  create memory_web_1 from web:2                                   the manifest changed  [after 1]
         3 ~  web-1  stop memory_web_1 (a00000020000) within 10 s                     the manifest changed  [after 2]
         4 ~  web-1  start memory_web_1                                               the manifest changed  [after 2, 3]
         5 -  web-1  remove memory_web_1 (a00000020000)                               the manifest changed  [after 3, 4]
         6 .  web    wait until memory_web_1 is healthy                               rolling update: the next one waits for it  [after 4]
         7 ~  web-2  rename memory_web_2 (a00000030000) to memory_web_2_old_a0000003  the manifest changed  [after 6]
         8 +  web-2  create memory_web_2 from web:2                                   the manifest changed  [after 7]
         9 ~  web-2  stop memory_web_2 (a00000030000) within 10 s                     the manifest changed  [after 6, 8]
        10 ~  web-2  start memory_web_2                                               the manifest changed  [after 8, 9]
        11 -  web-2  remove memory_web_2 (a00000030000)                               the manifest changed  [after 9, 10]
        12 .  web    wait until memory_web_2 is healthy                               rolling update: the next one waits for it  [after 10]
        13 ~  web-3  rename memory_web_3 (a00000040000) to memory_web_3_old_a0000004  the manifest changed  [after 12]
        14 +  web-3  create memory_web_3 from web:2                                   the manifest changed  [after 13]
        15 ~  web-3  stop memory_web_3 (a00000040000) within 10 s                     the manifest changed  [after 12, 14]
        16 ~  web-3  start memory_web_3                                               the manifest changed  [after 14, 15]
        17 -  web-3  remove memory_web_3 (a00000040000)                               the manifest changed  [after 15, 16]"
    `);
    stage.run();
    stage.world.settle();
    expect(stage.text).toBe('Plan for memory: nothing to do');
  });

  test('start-first has the new one healthy before the old one stops, on another port', () => {
    const web = (image: string) =>
      ({
        web: {
          image,
          update: { order: 'start-first' },
          healthcheck: { exec: 'ok' },
          ports: [{ name: 'http', container: 80, host: 'auto' }],
        },
      }) as const;
    const stage = new Stage().up(web('web:1'));
    expect(stage.text).toBe('Plan for memory: nothing to do');
    stage.apply(web('web:2'));
    expect(stage.text).toMatchInlineSnapshot(`
      "Plan for memory: 6 actions
        1 ~  web-1  rename memory_web_1 (a00000020000) to memory_web_1_old_a0000002  the manifest changed
        2 +  web-1  create memory_web_1 from web:2, ports 127.0.0.1:30361→80/tcp     the manifest changed  [after 1]
        3 ~  web-1  start memory_web_1                                               the manifest changed  [after 2]
        4 .  web    wait until memory_web_1 is healthy                               the old one stops once the new one is healthy  [after 3]
        5 ~  web-1  stop memory_web_1 (a00000020000) within 10 s                     the manifest changed  [after 4]
        6 -  web-1  remove memory_web_1 (a00000020000)                               the manifest changed  [after 3, 5]"
    `);
    stage.run();
    expect(stage.text).toBe('Plan for memory: nothing to do');
  });

  test('a port that moves from one service to another is let go before it is taken', () => {
    const services = (a: number, b: number) => ({
      a: { image: 'a:1', ports: [{ container: 1, host: a }] },
      b: { image: 'b:1', ports: [{ container: 1, host: b }] },
    });
    const stage = new Stage().up(services(8001, 8002)).apply(services(8003, 8001));
    stage.run();
    expect(stage.text).toBe('Plan for memory: nothing to do');
  });

  test('two services that swap their ports both stop before either starts', () => {
    const services = (a: number, b: number) => ({
      a: { image: 'a:1', ports: [{ container: 1, host: a }] },
      b: { image: 'b:1', ports: [{ container: 1, host: b }] },
    });
    const stage = new Stage().up(services(8001, 8002)).apply(services(8002, 8001));
    stage.run();
    expect(stage.text).toBe('Plan for memory: nothing to do');
  });

  test('a port goes to what its holder depends on', () => {
    const services = (a: number, b: number) =>
      ({
        a: { image: 'a:1', ports: [{ container: 1, host: a }], dependsOn: { b: 'started' } },
        b: { image: 'b:1', ports: [{ container: 1, host: b }] },
      }) as const;
    const stage = new Stage().up(services(8001, 8002)).apply(services(8003, 8001));
    stage.run();
    expect(stage.text).toBe('Plan for memory: nothing to do');
  });

  test('a sidecar follows the container whose network it shares', () => {
    const stack = (image: string) => ({
      app: { image },
      side: { image: 'side:1', networkMode: 'service:app' },
    });
    const stage = new Stage().up(stack('app:1')).apply(stack('app:2'));
    expect(stage.text).toMatchInlineSnapshot(`
      "Plan for memory: 10 actions
         1 ~  app-1   rename memory_app_1 (a00000020000) to memory_app_1_old_a0000002    the manifest changed
         2 +  app-1   create memory_app_1 from app:2                                     the manifest changed  [after 1]
         3 ~  app-1   stop memory_app_1 (a00000020000) within 10 s                       the manifest changed  [after 2]
         4 ~  app-1   start memory_app_1                                                 the manifest changed  [after 2, 3]
         5 -  app-1   remove memory_app_1 (a00000020000)                                 the manifest changed  [after 3, 4]
         6 ~  side-1  rename memory_side_1 (a00000030000) to memory_side_1_old_a0000003  the container whose network it shares was replaced  [after 2]
         7 +  side-1  create memory_side_1 from side:1                                   the container whose network it shares was replaced  [after 2, 6]
         8 ~  side-1  stop memory_side_1 (a00000030000) within 10 s                      the container whose network it shares was replaced  [after 4, 7]
         9 ~  side-1  start memory_side_1                                                the container whose network it shares was replaced  [after 4, 7, 8]
        10 -  side-1  remove memory_side_1 (a00000030000)                                the container whose network it shares was replaced  [after 8, 9]"
    `);
    stage.run();
    expect(stage.text).toBe('Plan for memory: nothing to do');
  });

  test('dependents start anew only where the manifest says so', () => {
    const stack = (user: string) =>
      ({
        db: { image: 'db:1', user },
        a: { image: 'a:1', dependsOn: { db: { condition: 'started', restart: true } } },
        b: { image: 'b:1', dependsOn: { db: 'started' } },
      }) as const;
    const text = new Stage().up(stack('1')).apply(stack('2')).text;
    expect(text).toContain('restart memory_a_1');
    expect(text).not.toContain('memory_b_1');
  });
});

describe('drift', () => {
  test('a container that was renamed gets its name back', () => {
    const stage = up();
    stage.world.rename('memory_web_1', 'mine');
    expect(stage.text).toMatchInlineSnapshot(`
      "Plan for memory: 1 action
        1 ~  web-1  rename mine (a00000030000) to memory_web_1  it was renamed to mine"
    `);
    stage.run();
    expect(stage.text).toBe('Plan for memory: nothing to do');
  });

  test('a container that was removed is made again', () => {
    const stage = up();
    stage.world.remove('memory_db_1');
    expect(stage.text).toMatchInlineSnapshot(`
      "Plan for memory: 2 actions
        1 +  db-1  create memory_db_1 from db:1  there is no container
        2 ~  db-1  start memory_db_1             there is no container  [after 1]"
    `);
  });

  test('a container that died is started, and what it left is kept', () => {
    const stage = up();
    stage.world.now += 1_000;
    stage.world.exit('memory_db_1', 137);
    expect(stage.text).toMatchInlineSnapshot(`
      "Plan for memory: 3 actions
        1 .  db-1  keep the last words of memory_db_1 (a00000020000)  exited with code 137 (SIGKILL)
        2 .  db-1  remember restart of db-1, attempt 1                exited with code 137 (SIGKILL)  [after 1]
        3 ~  db-1  start memory_db_1 (a00000020000)                   exited with code 137 (SIGKILL)  [after 1, 2]"
    `);
  });

  test('an unhealthy one is restarted', () => {
    const stage = up();
    stage.world.health('memory_db_1', 'unhealthy');
    expect(stage.text).toMatchInlineSnapshot(`
      "Plan for memory: 3 actions
        1 .  db-1  keep the last words of memory_db_1 (a00000020000)         unhealthy for 0ms: 3 of 3 checks failed
        2 .  db-1  remember restart of db-1, attempt 1                       unhealthy for 0ms: 3 of 3 checks failed  [after 1]
        3 ~  db-1  restart memory_db_1 (a00000020000), stopping within 10 s  unhealthy for 0ms: 3 of 3 checks failed  [after 1, 2]"
    `);
  });
});

describe('what belongs to somebody else is reported and left alone', () => {
  test('a name', () => {
    const stage = new Stage().apply({ web: { image: 'web:1' } });
    stage.world.stranger({
      name: 'memory_web_1',
      labels: { 'com.docker.compose.project': 'shop' },
      image: 'nginx:1',
    });
    expect(stage.text).toMatchInlineSnapshot(`
      "Plan for memory: 1 action, 1 blocker
        1 +  network default  create network memory_default (bridge, 10.212.212.0/24)  it does not exist
        ! web-1: the name memory_web_1 is taken by container a00000010000 (nginx:1, running): Compose project shop has it
          Rename or remove it: docker rename memory_web_1 NEW, docker rm memory_web_1. l9 never takes what is not its own."
    `);
  });

  test('a fixed port', () => {
    const web = (hostIP: string) => ({
      web: { image: 'web:1', ports: [{ container: 80, host: 8080, hostIP }] },
    });
    const stage = new Stage().apply(web('127.0.0.1'));
    stage.world.stranger({
      name: 'other_web_1',
      ports: [8080],
      labels: { [label.managed]: 'true', [label.project]: 'other' },
    });
    expect(stage.text).toMatchInlineSnapshot(`
      "Plan for memory: 1 action, 1 blocker
        1 +  network default  create network memory_default (bridge, 10.212.212.0/24)  it does not exist
        ! web-1: host port 8080 is held by container other_web_1 (other:1): l9 project other has it
          Stop that container, or write another port; host: auto takes a free one from the project’s range."
    `);
  });

  test('the same number for another protocol is another port', () => {
    const stage = new Stage().apply({
      dns: { image: 'dns:1', ports: [{ container: 53, host: 5353, protocol: 'udp' }] },
    });
    stage.world.stranger({ name: 'mdns', ports: [5353] });
    expect(stage.plan().blockers).toEqual([]);
  });

  test('a volume and a network', () => {
    const stage = new Stage().apply(STACK);
    stage.world.volume('memory_data');
    stage.world.network('memory_default', { labels: { [label.project]: 'memory' } });
    expect(stage.text).toMatchInlineSnapshot(`
      "Plan for memory: nothing to do, 2 blockers
        ! network default: a network named memory_default exists and is not this project's: somebody made it without l9
          Use it as it is with external: true, or remove it: docker network rm memory_default.
        ! volume data: a volume named memory_data exists and is not this project's: somebody made it without l9
          To use its data write external: true and name: memory_data in the Volume; otherwise give yours another name."
    `);
  });

  test('what is external has to be there', () => {
    const stage = new Stage().apply(
      {
        web: { image: 'web:1', networks: ['shared'], volumes: [{ volume: 'old', path: '/old' }] },
      },
      {
        documents: [
          network('shared', { external: true }),
          volume('old', { external: true, name: 'old-data' }),
        ],
      },
    );
    expect(stage.text).toMatchInlineSnapshot(`
      "Plan for memory: nothing to do, 2 blockers
        ! network shared: network shared is external and does not exist
          Create it (docker network create shared), or leave external out to have l9 make it.
        ! volume old: volume old-data is external and does not exist
          Create it (docker volume create old-data), or leave external out to have l9 make it."
    `);
    stage.world.network('shared');
    stage.world.volume('old-data');
    stage.run();
    expect(stage.world.containers).toEqual(['memory_web_1 running']);
  });

  test('an image that cannot be got', () => {
    const stage = new Stage().apply({ web: { image: 'web:1', pullPolicy: 'never' } });
    stage.world.images.clear();
    expect(stage.text).toMatchInlineSnapshot(`
      "Plan for memory: 1 action, 1 blocker
        1 +  network default  create network memory_default (bridge, 10.212.212.0/24)  it does not exist
        ! web: the engine does not have the image web:1
          Load it (docker load, docker pull web:1), or write pullPolicy: missing."
    `);
  });

  test('a container with labels that its image handed down', () => {
    const stage = up();
    const [ours] = stage.world.observe('memory').containers;
    stage.world.image('copy:1', { labels: ours?.labels ?? {} });
    stage.world.stranger({ name: 'copy', image: 'copy:1', labels: ours?.labels ?? {} });
    expect(stage.text).toBe('Plan for memory: nothing to do');
    const tombstones = Object.entries(STACK).map(([name, spec]) => ({
      document: service(name, spec),
      withData: false,
    }));
    stage.apply({}, { deleting: true, tombstones }).run();
    expect(stage.world.containers).toEqual(['copy running']);
  });
});

describe('what is left alone for a while', () => {
  test('a paused project', () => {
    const stage = up().apply({ ...STACK, db: { ...STACK.db, user: '1' } }, { paused: true });
    expect(stage.text).toMatchInlineSnapshot(`
      "Plan for memory: nothing to do
        note project memory: paused: nothing is touched until l9 start"
    `);
  });

  test('services that were not named, unless they are needed', () => {
    const stage = new Stage()
      .apply({ ...STACK, other: { image: 'other:2' } })
      .given({ request: { only: new Set(['web']) } });
    const services = new Set(stage.plan().actions.map((action) => action.subject.name));
    expect(services).toContain('db');
    expect(services).toContain('web');
    expect(services).not.toContain('other');
  });

  test('what a spec of another version of l9 made', () => {
    const stage = up();
    const text = JSON.stringify(stage.world.observe('memory'));
    expect(text).toContain('"v1:');
    const observed = JSON.parse(text.replaceAll('"v1:', '"v0:'));
    expect(stage.given({ observed }).plan().actions).toEqual([]);
  });
});
