import type { LogLine } from '../api.ts';
import { type Frame, FrameReader } from './frames.ts';

const NEWLINE = 0x0a;
const SPACE = 0x20;
/** A line without an end is handed out in pieces of this size, so that it cannot fill the memory. */
const LONGEST = 1024 * 1024;

interface Pending {
  at: number | null;
  parts: Buffer[];
  size: number;
}

/** Cuts the engine's timestamp off: `2026-11-21T06:09:07.297298086Z text`. */
const splitTimestamp = (data: Buffer): { at: number | null; text: Buffer } => {
  const space = data.indexOf(SPACE);
  if (space < 20 || space > 40) return { at: null, text: data };
  const at = Date.parse(data.toString('latin1', 0, space));
  return Number.isNaN(at) ? { at: null, text: data } : { at, text: data.subarray(space + 1) };
};

/** Lines out of messages. A line over 16 KiB comes as several messages, each with a timestamp. */
class LineAssembler {
  readonly #stream: Frame['stream'];
  #pending: Pending | undefined;

  constructor(stream: Frame['stream']) {
    this.#stream = stream;
  }

  push(message: Buffer): LogLine | undefined {
    const { at, text } = splitTimestamp(message);
    this.#pending ??= { at, parts: [], size: 0 };
    this.#pending.parts.push(text);
    this.#pending.size += text.length;
    return text.at(-1) === NEWLINE || this.#pending.size >= LONGEST ? this.end() : undefined;
  }

  end(): LogLine | undefined {
    const pending = this.#pending;
    if (pending === undefined) return undefined;
    this.#pending = undefined;
    const text = Buffer.concat(pending.parts)
      .toString('utf8')
      .replace(/\r?\n$/, '');
    return { stream: this.#stream, at: pending.at, text };
  }
}

/** Lines of a multiplexed log: every message is one frame. */
export async function* framedLines(chunks: AsyncIterable<Buffer>): AsyncGenerator<LogLine> {
  const reader = new FrameReader();
  const assemblers = { stdout: new LineAssembler('stdout'), stderr: new LineAssembler('stderr') };
  for await (const chunk of chunks) {
    for (const { stream, data } of reader.push(chunk)) {
      const line = assemblers[stream].push(data);
      if (line !== undefined) yield line;
    }
  }
  for (const assembler of Object.values(assemblers)) {
    const line = assembler.end();
    if (line !== undefined) yield line;
  }
}

/** Lines of a terminal's log, which is not multiplexed: all of it is stdout. */
export async function* terminalLines(chunks: AsyncIterable<Buffer>): AsyncGenerator<LogLine> {
  const assembler = new LineAssembler('stdout');
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of chunks) {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    for (let end = rest.indexOf(NEWLINE); end >= 0; end = rest.indexOf(NEWLINE)) {
      const line = assembler.push(rest.subarray(0, end + 1));
      rest = rest.subarray(end + 1);
      if (line !== undefined) yield line;
    }
    if (rest.length >= LONGEST) {
      const line = assembler.push(rest);
      rest = Buffer.alloc(0);
      if (line !== undefined) yield line;
    }
  }
  if (rest.length > 0) assembler.push(rest);
  const line = assembler.end();
  if (line !== undefined) yield line;
}
