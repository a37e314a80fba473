import { parseTrusted } from './json.ts';

const NEWLINE = 0x0a;

/** Cuts bytes into JSON objects at newlines: the engine's objects are split over chunks as they come. */
export class JsonLines<T> {
  #rest: Buffer[] = [];

  /** The objects that these bytes complete. */
  push(chunk: Buffer): T[] {
    const objects: T[] = [];
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
      this.#rest.push(chunk.subarray(start, end));
      start = end + 1;
      this.#take(objects);
    }
    if (start < chunk.length) this.#rest.push(chunk.subarray(start));
    return objects;
  }

  /** What stood after the last newline. */
  end(): T[] {
    const objects: T[] = [];
    this.#take(objects);
    return objects;
  }

  #take(objects: T[]): void {
    const text = Buffer.concat(this.#rest).toString('utf8').trim();
    this.#rest = [];
    if (text !== '') objects.push(parseTrusted<T>(text));
  }
}
