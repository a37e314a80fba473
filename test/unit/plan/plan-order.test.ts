import { describe, expect, test } from 'vitest';
import { service, volume } from '../render/applied.ts';
import { Stage, STACK, up } from './stage.ts';

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

  test('a port of a service that is deleted is let go before it is taken', () => {
    const old = { image: 'a:1', ports: [{ container: 1, host: 8001 }] };
    const stage = new Stage()
      .up({ a: old })
      .apply(
        { b: { image: 'b:1', ports: [{ container: 1, host: 8001 }] } },
        { tombstones: [{ document: service('a', old), withData: false }] },
      );
    stage.run();
    expect(stage.world.containers).toEqual(['memory_b_1 running']);
  });

  test('what shares the network of a container that does not run waits for it', () => {
    const services = {
      app: { image: 'app:1' },
      side: { image: 'side:1', networkMode: 'service:app' },
    };
    const held = { overrides: { app: { stopped: true } } };
    expect(
      new Stage()
        .apply(services, held)
        .plan()
        .actions.map((one) => one.id),
    ).toEqual(['create:network/default']);
    const stage = new Stage()
      .up(services)
      .apply({ ...services, side: { ...services.side, user: '1' } }, held);
    stage.run();
    expect(stage.world.containers).toEqual(['memory_app_1 exited', 'memory_side_1 running']);
    expect(stage.plan().actions).toEqual([]);
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
