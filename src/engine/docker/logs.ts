import type { Engine, LogOptions } from '../api.ts';
import { readChunks } from './chunks.ts';
import { inspectContainer } from './container-reads.ts';
import { framedLines, terminalLines } from './log-lines.ts';
import { containerPath, containerSubject, query } from './paths.ts';
import { engineTime } from './time.ts';
import { DEFAULT_DEADLINE_MS, type Transport } from './transport.ts';

const logQuery = (options: LogOptions): string =>
  query({
    stdout: 1,
    stderr: 1,
    timestamps: 1,
    follow: options.follow === true ? 1 : undefined,
    tail: options.tail,
    since: engineTime(options.since),
    until: engineTime(options.until),
  });

export const logCalls = (transport: Transport): Pick<Engine, 'logs'> => ({
  async *logs(id, options = {}) {
    const subject = containerSubject(id);
    // Only inspect tells on all versions whether there is a terminal, and with it how the stream is made.
    const { Config } = await inspectContainer(transport, id, options);
    const response = await transport.stream({
      operation: 'logs',
      subject,
      method: 'GET',
      path: containerPath(id, `/logs${logQuery(options)}`),
      idempotent: true,
      options,
    });
    // Who follows waits for ever; else the whole log is there to be sent.
    const idleMs =
      options.follow === true ? undefined : (options.deadlineMs ?? DEFAULT_DEADLINE_MS);
    const chunks = readChunks(response, { signal: options.signal, idleMs });
    try {
      yield* Config.Tty ? terminalLines(chunks) : framedLines(chunks);
    } catch (error) {
      throw transport.explain(error, { what: `logs of ${subject}`, deadlineMs: idleMs ?? 0 });
    }
  },
});
