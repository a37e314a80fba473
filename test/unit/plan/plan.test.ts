import { describe, expect, test } from 'vitest';
import { network, pin } from '../render/applied.ts';
import { Stage, STACK, up } from './stage.ts';

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

  test('names that Docker adds by itself are no difference', () => {
    const web = { web: { image: 'web:1', replicas: 2, hostname: 'web-${L9_INSTANCE}' } };
    expect(new Stage().up(web).text).toBe('Plan for memory: nothing to do');
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
