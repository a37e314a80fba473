import { describe, expect, it, onTestFinished } from 'vitest';
import type { EngineEvent, EventOptions } from '../../src/engine/api.ts';
import { until } from '../setup/until.ts';
import { commands, type Subject, workbench } from './subject.ts';

export const eventContract = (subject: Subject): void => {
  describe('events', () => {
    const bench = workbench(subject);

    /** Subscribes, and hands out the events as they come in. */
    const listen = async (options: Omit<EventOptions, 'signal' | 'onSubscribed'> = {}) => {
      const abort = new AbortController();
      const events: EngineEvent[] = [];
      let ended: Promise<void> = Promise.resolve();
      await new Promise<void>((resolve, reject) => {
        const run = async (): Promise<void> => {
          const stream = bench
            .engine()
            .events({ ...options, signal: abort.signal, onSubscribed: resolve });
          for await (const event of stream) events.push(event);
        };
        ended = run();
        ended.catch(reject);
      });
      const stop = async (): Promise<void> => {
        abort.abort();
        await ended;
      };
      onTestFinished(stop);
      return { events, stop };
    };
    const of = (events: readonly EngineEvent[], id: string) =>
      events.filter((event) => event.id === id).map(({ action }) => action);

    it('tells the life of a container, with its name and labels', async () => {
      const { events } = await listen();
      const name = bench.name();
      const id = await bench.run({ name, labels: { nonce: name }, command: commands.fails });
      await until(() => of(events, id), { what: 'die', is: (actions) => actions.includes('die') });
      await bench.engine().removeContainer(id, true);
      await until(() => of(events, id), {
        what: 'destroy',
        is: (actions) => actions.includes('destroy'),
      });
      // Not in this order always: the stream is not in time order.
      expect([...of(events, id)].sort()).toEqual(['create', 'destroy', 'die', 'start']);
      const die = events.find((event) => event.id === id && event.action === 'die');
      expect(die).toMatchObject({
        kind: 'container',
        name,
        attributes: { exitCode: '3', nonce: name },
      });
      expect(Math.abs((die?.at ?? 0) - Date.now())).toBeLessThan(60_000);
    });

    it('tells health without what probes do', async () => {
      const { events } = await listen();
      const id = await bench.run({
        healthcheck: {
          test: ['CMD', 'true'],
          intervalMs: 200,
          timeoutMs: 5_000,
          retries: 1,
          startPeriodMs: 0,
        },
      });
      const health = () =>
        events.find((event) => event.id === id && event.action === 'health_status');
      const event = await until(health, { what: 'health_status' });
      expect(event?.attributes['detail']).toBe('healthy');
      expect(of(events, id).filter((action) => action.startsWith('exec'))).toEqual([]);
    });

    it('tells networks and volumes', async () => {
      const { events } = await listen();
      const { id, name } = await bench.network();
      const volume = await bench.volume();
      await bench.run({ network: { mode: 'network', network: name, aliases: [] } });
      await until(() => of(events, id), {
        what: 'connect',
        is: (actions) => actions.includes('connect'),
      });
      expect(of(events, id)).toContain('create');
      expect(events.find((event) => event.id === id)).toMatchObject({ kind: 'network', name });
      const made = events.find((event) => event.kind === 'volume' && event.id === volume);
      expect(made).toMatchObject({ action: 'create', name: volume });
    });

    it('tells only of what has the labels that were asked for', async () => {
      const nonce = bench.name();
      const { events } = await listen({ labels: [`nonce=${nonce}`] });
      const other = await bench.create({ labels: { nonce: `${nonce}x` } });
      await bench.volume({ nonce });
      const own = await bench.create({ labels: { nonce } });
      await until(() => of(events, own), { what: 'create', is: (actions) => actions.length > 0 });
      expect(of(events, other)).toEqual([]);
      expect(events.every(({ kind }) => kind === 'container')).toBe(true);
    });

    it('tells again what happened since a moment', async () => {
      const since = Date.now() - 1;
      const id = await bench.create();
      const { events } = await listen({ since });
      await until(() => of(events, id), {
        what: 'create',
        is: (actions) => actions.includes('create'),
      });
    });

    it('ends without an error when the signal aborts, also with nobody reading', async () => {
      const { stop } = await listen();
      await stop();
      const abort = new AbortController();
      abort.abort();
      for await (const event of bench.engine().events({ signal: abort.signal }))
        expect(event).toBeUndefined();
    });
  });
};
