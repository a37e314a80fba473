import { describe, expect, test } from 'vitest';
import { label } from '../../../src/model/labels.ts';
import { network, service, volume } from '../render/applied.ts';
import { Stage, STACK, up } from './stage.ts';

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
