import { PassThrough, Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import type { ExecOptions, LogLine, LogOptions } from '../../src/engine/api.ts';
import { until } from '../setup/until.ts';
import { commands, type Subject, workbench } from './subject.ts';

export const outputContract = (subject: Subject): void => {
  describe('output', () => {
    const bench = workbench(subject);
    const read = async (id: string, options?: LogOptions): Promise<LogLine[]> => {
      const lines: LogLine[] = [];
      for await (const line of bench.engine().logs(id, options)) lines.push(line);
      return lines;
    };
    const spoken = (id: string) =>
      until(() => read(id), { what: 'three lines', is: (lines) => lines.length === 3 });

    it('reads the lines of both streams, with their times', async () => {
      const before = Date.now() - 60_000;
      const id = await bench.run({ command: commands.speaks });
      const lines = await spoken(id);
      // Docker keeps the order within a stream, not between the two.
      const of = (stream: string) =>
        lines.filter((line) => line.stream === stream).map((line) => line.text);
      expect(of('stdout')).toEqual(['one', 'three']);
      expect(of('stderr')).toEqual(['two']);
      for (const { at } of lines) expect(at).toBeGreaterThan(before);
    });

    it('reads the end, and what came since', async () => {
      const id = await bench.run({ command: commands.speaks });
      const lines = await spoken(id);
      expect(await read(id, { tail: 1 })).toEqual([lines.at(-1)]);
      expect(await read(id, { tail: 0 })).toEqual([]);
      const last = lines.at(-1)?.at ?? 0;
      expect(await read(id, { since: last + 60_000 })).toEqual([]);
      expect(await read(id, { since: last - 60_000 })).toHaveLength(3);
      expect(await read(id, { until: last - 60_000 })).toEqual([]);
    });

    it('reads the lines of a terminal', async () => {
      const id = await bench.run({ command: commands.speaks, tty: true });
      const lines = await spoken(id);
      expect(lines.map((line) => line.text)).toEqual(['one', 'two', 'three']);
      expect(lines.every((line) => line.stream === 'stdout' && line.at !== null)).toBe(true);
    });

    it('reads what is gone by now, as long as its container is there', async () => {
      const id = await bench.run({ command: commands.speaks });
      await spoken(id);
      await bench.engine().stopContainer(id, 0);
      expect(await read(id)).toHaveLength(3);
    });

    it('follows what is said later, until nobody listens', async () => {
      const id = await bench.run({ command: commands.counts });
      const seen: string[] = [];
      for await (const line of bench.engine().logs(id, { follow: true })) {
        seen.push(line.text);
        if (seen.length === 5) break;
      }
      expect(seen).toEqual(['line 1', 'line 2', 'line 3', 'line 4', 'line 5']);
    });

    it('ends following when the container ends', async () => {
      const id = await bench.run({ command: commands.speaks });
      await spoken(id);
      const reading = read(id, { follow: true });
      await bench.engine().stopContainer(id, 0);
      expect(await reading).toHaveLength(3);
    });

    it('ends following with the reason of the signal', async () => {
      const id = await bench.run({ command: commands.speaks });
      const abort = new AbortController();
      const reason = new Error('enough');
      const reading = read(id, { follow: true, signal: abort.signal });
      const ended = expect(reading).rejects.toBe(reason);
      await spoken(id);
      abort.abort(reason);
      await ended;
    });

    const exec = async (id: string, options: Omit<ExecOptions, 'stdout' | 'stderr'>) => {
      const [stdout, stderr] = [new PassThrough(), new PassThrough()];
      const [out, err] = [text(stdout), text(stderr)];
      const code = await bench.engine().exec(id, { ...options, stdout, stderr });
      stdout.end();
      stderr.end();
      return { code, out: await out, err: await err };
    };

    it('runs a command in a container and tells how it ended', async () => {
      const id = await bench.run();
      const command = ['sh', '-c', 'echo out; echo err >&2; exit 3'];
      expect(await exec(id, { command })).toEqual({ code: 3, out: 'out\n', err: 'err\n' });
    });

    it('gives a command its input, environment and folder', async () => {
      const id = await bench.run();
      const stdin = Readable.from(['first\n', 'second\n']);
      expect(await exec(id, { command: ['cat'], stdin })).toEqual({
        code: 0,
        out: 'first\nsecond\n',
        err: '',
      });
      const command = ['sh', '-c', 'echo $WHO in $(pwd)'];
      const told = await exec(id, { command, env: { WHO: 'me' }, workingDir: '/tmp' });
      expect(told.out).toBe('me in /tmp\n');
    });

    it('gives a command a terminal of the right size', async () => {
      const id = await bench.run();
      const stdin = new PassThrough();
      const size = { columns: 91, rows: 33 };
      // The size arrives a moment after the command has started.
      const command = [
        'sh',
        '-c',
        'until [ "$(stty size 2>/dev/null)" = "33 91" ]; do sleep 0.05; done; stty size',
      ];
      const { code, out } = await exec(id, { command, tty: true, stdin, size });
      expect(code).toBe(0);
      expect(out).toBe('33 91\r\n');
    });

    it('tells that a command is not there by code 126 or 127, as a shell does', async () => {
      const id = await bench.run();
      const { code } = await exec(id, { command: ['/no/such/program'] });
      expect([126, 127]).toContain(code);
    });

    it('stops waiting for a command when told to', async () => {
      const id = await bench.run();
      const abort = new AbortController();
      const reason = new Error('enough');
      const running = exec(id, { command: ['sleep', '1000'], signal: abort.signal });
      const ended = expect(running).rejects.toBe(reason);
      setTimeout(() => abort.abort(reason), 100);
      await ended;
    });

    it('measures what a container uses', async () => {
      const id = await bench.run({ limits: { memoryBytes: 64 * 1024 * 1024 } });
      const stats = await bench.engine().stats(id);
      expect(stats.id).toBe(id);
      expect(stats.memoryLimitBytes).toBe(64 * 1024 * 1024);
      expect(stats.memoryBytes).toBeGreaterThan(0);
      expect(stats.memoryBytes).toBeLessThan(64 * 1024 * 1024);
      expect(stats.cpuCores).toBeGreaterThanOrEqual(0);
      expect(stats.cpuCores).toBeLessThan(1);
      expect(stats.pids).toBeGreaterThan(0);
      const unlimited = await bench.run();
      expect((await bench.engine().stats(unlimited)).memoryLimitBytes).toBe(0);
    });
  });
};
