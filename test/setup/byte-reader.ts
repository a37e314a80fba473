import type { Socket } from 'node:net';

/** Read ahead this far; then the sender has to wait. */
const highWater = 256 * 1024;

/** Pulls a socket's bytes, so that nobody is given more than he asked for, and gives some back. */
export class ByteReader {
  /** Settles when the other side has ended and every byte of it was taken. */
  readonly drained: Promise<void>;
  readonly #socket: Socket;
  readonly #pieces: Buffer[] = [];
  #size = 0;
  #ended = false;
  #wake: () => void = () => undefined;
  #drain: () => void = () => undefined;

  constructor(socket: Socket) {
    this.#socket = socket;
    this.drained = new Promise((resolve) => (this.#drain = resolve));
    // Reading goes on when nobody asks: only a reader hears that the other side has left.
    socket.on('data', (piece: Buffer) => {
      this.#pieces.push(piece);
      this.#size += piece.length;
      if (this.#size > highWater) socket.pause();
      this.#wake();
    });
    const end = (): void => {
      this.#ended = true;
      this.#wake();
      this.#settle();
    };
    socket.on('end', end).on('close', end).on('error', end);
  }

  /** The next bytes, or undefined at the end. One reader at a time. */
  async next(): Promise<Buffer | undefined> {
    for (;;) {
      const piece = this.#pieces.shift();
      if (piece !== undefined) {
        this.#size -= piece.length;
        this.#settle();
        return piece;
      }
      if (this.#ended) return undefined;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
        this.#socket.resume();
      });
    }
  }

  /** Puts bytes back to the front. */
  unread(piece: Buffer): void {
    if (piece.length === 0) return;
    this.#pieces.unshift(piece);
    this.#size += piece.length;
  }

  /** A message's head with its empty line, or undefined when the connection ends first. */
  async head(): Promise<Buffer | undefined> {
    let bytes = Buffer.alloc(0);
    for (;;) {
      const piece = await this.next();
      if (piece === undefined) return undefined;
      bytes = Buffer.concat([bytes, piece]);
      const end = bytes.indexOf('\r\n\r\n');
      if (end === -1) continue;
      this.unread(bytes.subarray(end + 4));
      return bytes.subarray(0, end + 4);
    }
  }

  #settle(): void {
    if (this.#ended && this.#pieces.length === 0) this.#drain();
  }
}
