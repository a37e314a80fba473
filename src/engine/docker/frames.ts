/** A piece of a container's output. */
export interface Frame {
  readonly stream: 'stdout' | 'stderr';
  readonly data: Buffer;
}

const HEADER = 8;
const STDERR = 2;

/** Cuts the engine's multiplexed stream into frames: one byte of kind, three of nothing, four of length. */
export class FrameReader {
  #rest: Buffer = Buffer.alloc(0);

  /** The frames that these bytes complete. */
  push(chunk: Buffer): Frame[] {
    let buffer = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    const frames: Frame[] = [];
    while (buffer.length >= HEADER) {
      const end = HEADER + buffer.readUInt32BE(4);
      if (buffer.length < end) break;
      const stream = buffer[0] === STDERR ? 'stderr' : 'stdout';
      frames.push({ stream, data: buffer.subarray(HEADER, end) });
      buffer = buffer.subarray(end);
    }
    this.#rest = buffer;
    return frames;
  }
}
