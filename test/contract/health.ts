import { describe, expect, it } from 'vitest';
import type { HealthState } from '../../src/model/observed.ts';
import { until } from '../setup/until.ts';
import { healthProbe, type Subject, workbench } from './subject.ts';

const check = {
  test: healthProbe,
  intervalMs: 200,
  timeoutMs: 5_000,
  retries: 2,
  startPeriodMs: 0,
} as const;

export const healthContract = (subject: Subject): void => {
  describe('health', () => {
    const bench = workbench(subject);
    const listed = async (id: string) =>
      (await bench.engine().listContainers()).find((one) => one.id === id)?.health;
    const becomes = (id: string, health: HealthState) =>
      until(() => bench.engine().findContainer(id), {
        what: health,
        is: (one) => one?.health === health,
      });

    it('goes from starting to healthy to unhealthy and back, in inspect and in the list', async () => {
      const id = await bench.run({ healthcheck: { ...check, startPeriodMs: 60_000 } });
      expect(await bench.engine().findContainer(id)).toMatchObject({
        health: 'starting',
        failingStreak: 0,
      });
      expect(await listed(id)).toBe('starting');
      await subject.setHealth(bench.engine(), id, 'healthy');
      const healthy = await becomes(id, 'healthy');
      expect(healthy?.failingStreak).toBe(0);
      expect(healthy?.probes.at(-1)).toMatchObject({ exitCode: 0 });
      expect(await listed(id)).toBe('healthy');
      await subject.setHealth(bench.engine(), id, 'unhealthy');
      const unhealthy = await becomes(id, 'unhealthy');
      expect(unhealthy?.failingStreak).toBeGreaterThanOrEqual(2);
      const probe = unhealthy?.probes.at(-1);
      expect(probe?.exitCode).toBe(1);
      expect(probe?.output).toContain('bad');
      expect(probe?.endedAt).toBeGreaterThanOrEqual(probe?.startedAt ?? Infinity);
      expect(await listed(id)).toBe('unhealthy');
      expect((await bench.engine().findContainer(id))?.state).toBe('running');
      await subject.setHealth(bench.engine(), id, 'healthy');
      await becomes(id, 'healthy');
    });

    it('counts no failure inside the start period', async () => {
      const id = await bench.run({ healthcheck: { ...check, startPeriodMs: 60_000 } });
      await subject.setHealth(bench.engine(), id, 'unhealthy');
      const probed = await until(() => bench.engine().findContainer(id), {
        what: 'three probes',
        is: (one) => (one?.probes.length ?? 0) >= 3,
      });
      expect(probed).toMatchObject({ health: 'starting', failingStreak: 0 });
    });

    it('is starting again after a restart, and stays unhealthy in inspect after a stop', async () => {
      const id = await bench.run({ healthcheck: check });
      await subject.setHealth(bench.engine(), id, 'unhealthy');
      await becomes(id, 'unhealthy');
      await bench.engine().stopContainer(id, 0);
      expect(await bench.engine().findContainer(id)).toMatchObject({
        state: 'exited',
        health: 'unhealthy',
      });
      expect(await listed(id)).toBe('none');
      await bench.engine().startContainer(id);
      expect(await bench.engine().findContainer(id)).toMatchObject({
        health: 'starting',
        failingStreak: 0,
      });
    });

    it('has no health where the check is disabled', async () => {
      const id = await bench.run({ healthcheck: { disable: true } });
      expect(await bench.engine().findContainer(id)).toMatchObject({ health: 'none', probes: [] });
      expect(await listed(id)).toBe('none');
    });
  });
};
