import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { bareContainer } from '../../../src/records/bare-container.ts';
import { observe } from '../../../src/engine/observe.ts';
import { acquireLock, removeDeadLock } from '../../../src/records/lock.ts';
import type { LockRequest } from '../../../src/records/lock.ts';
import { isProvedDead, thisProcess } from '../../../src/records/machine.ts';
import { label } from '../../../src/model/labels.ts';
import { realClock } from '../../setup/clock.ts';
import { realEngine } from '../../setup/docker.ts';
import { testProject } from '../../setup/project.ts';

const engine = await realEngine();

const request = (project: string, more: Partial<LockRequest> = {}): LockRequest => ({
  engine,
  clock: realClock,
  project,
  purpose: 'a test',
  waitMs: 0,
  ...more,
});

/** A lock as another process would have made it. */
const foreignLock = async (project: string, holder: object): Promise<string> =>
  engine.createContainer(
    bareContainer({
      name: `l9-lock.${project}`,
      image: await engine.ensureEmptyImage(),
      labels: {
        [label.managed]: 'true',
        [label.project]: project,
        [label.kind]: 'lock',
        'com.l9.holder': JSON.stringify({ ...thisProcess(), purpose: 'l9 apply', ...holder }),
      },
    }),
  );

test('of many that ask at once exactly one gets the lock', async () => {
  const { name } = testProject();
  const asked = await Promise.allSettled(
    Array.from({ length: 8 }, () => acquireLock(request(name))),
  );
  const winners = asked.filter((one) => one.status === 'fulfilled');
  expect(winners).toHaveLength(1);
  for (const loser of asked.filter((one) => one.status === 'rejected')) {
    expect(loser.reason).toMatchObject({ code: 'ProjectLocked' });
    expect(String(loser.reason)).toContain(`pid ${process.pid}`);
  }
  await winners[0]?.value.release();
});

test('who waits gets it when it is released, and is told who held it', async () => {
  const { name } = testProject();
  const first = await acquireLock(request(name));
  const holders: string[] = [];
  const second = acquireLock(
    request(name, {
      waitMs: 20_000,
      onWait: (holder) => {
        holders.push(holder);
        void first.release();
      },
    }),
  );
  await (await second).release();
  expect(holders).toEqual([`a test (pid ${process.pid})`]);
});

test('a lock of a process that is gone is taken over', async () => {
  const { name } = testProject();
  const child = spawn(process.execPath, ['-e', '']);
  await once(child, 'exit');
  const old = await foreignLock(name, { pid: child.pid, started: '1' });
  const lock = await acquireLock(request(name));
  expect(lock.id).not.toBe(old);
  await lock.release();
});

test('a reused pid is not the process that held it; another machine or pid namespace proves nothing', () => {
  const me = thisProcess();
  expect(isProvedDead(me)).toBe(false);
  expect(isProvedDead({ ...me, started: '1' })).toBe(true);
  expect(isProvedDead({ ...me, boot: 'another' })).toBe(true);
  expect(isProvedDead({ ...me, pid: 2 ** 22 - 1 })).toBe(true);
  expect(isProvedDead({ ...me, machine: 'another', pid: 2 ** 22 - 1 })).toBe(false);
  expect(isProvedDead({ ...me, pidNamespace: 'pid:[1]', pid: 2 ** 22 - 1 })).toBe(false);
});

test('a lock of another machine is taken over after 30 s without a beat, and not before', async () => {
  const { name } = testProject();
  const old = await foreignLock(name, { machine: 'another', pid: 1 });
  let now = 0;
  let beats = 0;
  const clock = {
    now: () => now,
    monotonic: () => now,
    // Virtual time: each wait is ten seconds long, and the holder beats during the first three.
    sleep: async () => {
      now += 10_000;
      if (beats >= 3) return;
      beats += 1;
      await engine.createVolume({
        name: `l9-beat.${old.slice(0, 12)}.${beats}`,
        driver: 'local',
        driverOpts: {},
        labels: { [label.managed]: 'true', [label.project]: name, [label.kind]: 'beat' },
      });
    },
  };
  const lock = await acquireLock({ ...request(name), clock, waitMs: 1_000_000 });
  expect(now).toBeGreaterThan(60_000);
  expect(await engine.findContainer(old)).toBeUndefined();
  const volumes = await engine.listVolumes({ labels: [`${label.kind}=beat`] });
  expect(volumes.filter((one) => one.name.includes(old.slice(0, 12)))).toEqual([]);
  await engine.removeContainer(lock.id, true);
});

test('a holder whose lock was taken away is told at its next look', async () => {
  const { name } = testProject();
  const lock = await acquireLock(request(name));
  await lock.check();
  await engine.removeContainer(lock.id, true);
  await expect(lock.check()).rejects.toMatchObject({ code: 'LockLost' });
  await lock.release();
});

test('a dead holder’s lock, and beats whose lock is gone, are taken away where nothing is left to do', async () => {
  const { name } = testProject();
  const old = await foreignLock(name, { started: '1' });
  const beat = (lock: string) =>
    engine.createVolume({
      name: `l9-beat.${lock.slice(0, 12)}.4`,
      driver: 'local',
      driverOpts: {},
      labels: { [label.managed]: 'true', [label.project]: name, [label.kind]: 'beat' },
    });
  await beat(old);
  await beat(`${name}-pruned-lock`);
  const observed = await observe(engine, { project: name, imageReferences: [], clock: realClock });
  await removeDeadLock(engine, name, observed);
  const left = await observe(engine, { project: name, imageReferences: [], clock: realClock });
  const ours = [...left.all, ...left.volumes].filter((one) => one.labels[label.project] === name);
  expect(ours).toEqual([]);
});

test('a living holder keeps its lock and its beats', async () => {
  const { name } = testProject();
  const lock = await acquireLock(request(name));
  const observed = await observe(engine, { project: name, imageReferences: [], clock: realClock });
  await removeDeadLock(engine, name, observed);
  await lock.check();
  await lock.release();
});
