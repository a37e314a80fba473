// As much of HTTP/1.1 as a proxy needs that passes bytes through unchanged: where a message's head ends, and
// where its body ends. node:http would take apart and rebuild what we want to leave as it is, and cannot hand
// over a connection that Docker hijacks.

/** The first lines of a request or response. */
export interface Head {
  /** The first line, split at its spaces: method, path, version; or version, status, reason. */
  readonly first: readonly [string, string, string];
  /** Names in lower case. */
  readonly headers: ReadonlyMap<string, string>;
  /** All of it as it came, with the empty line. */
  readonly bytes: Buffer;
}

/** How the end of a body is found. */
export type Framing =
  | { readonly kind: 'none' }
  | { readonly kind: 'length'; readonly bytes: number }
  | { readonly kind: 'chunked' }
  /** It ends with the connection: Docker's old way to take a connection over, and HTTP/1.0. */
  | { readonly kind: 'close' };

export const parseHead = (bytes: Buffer): Head => {
  const [start = '', ...lines] = bytes.toString('latin1').trimEnd().split('\r\n');
  const [one = '', two = '', ...rest] = start.split(' ');
  const headers = new Map(
    lines.map((line): [string, string] => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
    }),
  );
  return { first: [one, two, rest.join(' ')], headers, bytes };
};

const declared = ({ headers }: Head): Framing | undefined => {
  if (headers.get('transfer-encoding')?.toLowerCase().includes('chunked'))
    return { kind: 'chunked' };
  const length = headers.get('content-length');
  return length === undefined ? undefined : { kind: 'length', bytes: Number(length) };
};

/** A request without a declared body has none. */
export const requestFraming = (head: Head): Framing => declared(head) ?? { kind: 'none' };

/** A response's body depends on its status and on the request's method. */
export const responseFraming = (head: Head, method: string): Framing => {
  const status = Number(head.first[1]);
  if (method === 'HEAD' || status < 200 || status === 204 || status === 304)
    return { kind: 'none' };
  return declared(head) ?? { kind: 'close' };
};

/** What one piece of a body held. */
export interface BodyPiece {
  /** How many of the bytes belong to this body; the rest begins the next message. */
  readonly used: number;
  /** The content without chunk sizes. */
  readonly content: readonly Buffer[];
  readonly ended: boolean;
}

/** Follows one body through pieces that are cut anywhere. */
export const bodyTracker = (framing: Framing): ((piece: Buffer) => BodyPiece) => {
  switch (framing.kind) {
    case 'none':
      return () => ({ used: 0, content: [], ended: true });
    case 'close':
      return (piece) => ({ used: piece.length, content: [piece], ended: false });
    case 'length': {
      let left = framing.bytes;
      return (piece) => {
        const content = piece.subarray(0, left);
        left -= content.length;
        return { used: content.length, content: [content], ended: left === 0 };
      };
    }
    case 'chunked':
      return chunkTracker();
  }
};

/** size CRLF data CRLF … 0 CRLF trailer lines, an empty one at the end */
const chunkTracker = (): ((piece: Buffer) => BodyPiece) => {
  let state: 'size' | 'data' | 'after-data' | 'trailer' = 'size';
  let line = '';
  let left = 0;
  return (piece) => {
    const content: Buffer[] = [];
    let at = 0;
    while (at < piece.length) {
      if (state === 'data') {
        const part = piece.subarray(at, at + left);
        content.push(part);
        at += part.length;
        left -= part.length;
        if (left === 0) state = 'after-data';
        continue;
      }
      const end = piece.indexOf(10, at);
      line += piece.toString('latin1', at, end === -1 ? piece.length : end + 1);
      if (end === -1) return { used: piece.length, content, ended: false };
      at = end + 1;
      const text = line.trim();
      line = '';
      if (state === 'after-data') {
        state = 'size';
      } else if (state === 'size') {
        left = Number.parseInt(text, 16);
        state = left === 0 ? 'trailer' : 'data';
      } else if (text === '') {
        return { used: at, content, ended: true };
      }
    }
    return { used: at, content, ended: false };
  };
};
