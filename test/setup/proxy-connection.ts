import type { Socket } from 'node:net';
import { ByteReader } from './byte-reader.ts';
import type { CallLabels } from './call-label.ts';
import type { CallLog, EngineCall, Outcome } from './call-log.ts';
import { bodyTracker, parseHead, requestFraming, responseFraming } from './http-framing.ts';
import type { Framing, Head } from './http-framing.ts';

export interface ProxiedConnection {
  readonly client: Socket;
  /** A connection to the engine of this client's own, so that keep-alive and closing pass through. */
  readonly engine: Socket;
  readonly labels: CallLabels;
  readonly log: CallLog;
}

/** Calls that are done only when their answer ends; all others are when it begins. */
const worksWhileAnswering = /^POST \/(build|images\/create|images\/load|images\/.*\/push)(\?|$)/;

/** Serves one connection until a side ends it: call after call, then perhaps a hijacked stream. */
export const serveConnection = async (connection: ProxiedConnection): Promise<void> => {
  const { client, engine, log } = connection;
  const requests = new ByteReader(client);
  const responses = new ByteReader(engine);
  try {
    for (;;) {
      const bytes = await requests.head();
      if (bytes === undefined) return;
      const head = parseHead(bytes);
      const call = log.begin(head.first[0], head.first[1]);
      const outcome = await log.take(call, 'before')?.(call);
      if (outcome !== undefined && outcome !== 'continue') {
        await breakOff(connection, { outcome, requests, head });
        return;
      }
      await write(engine, head.bytes);
      const sent = new JsonBody();
      // Side by side: the engine may answer, and even refuse, before it has read all of a body.
      const [, next] = await Promise.all([
        forwardRequestBody(connection, { head, sent, requests }),
        answer(connection, { head, call, sent, requests, responses }),
      ]);
      if (next === 'hijacked') await Promise.all([pour(requests, engine), pour(responses, client)]);
      if (next !== 'done') return;
      // The engine may close a connection that it keeps no longer.
      void responses.drained.then(() => client.end());
    }
  } finally {
    client.destroySoon();
    engine.destroySoon();
  }
};

const forwardRequestBody = async (
  { engine }: ProxiedConnection,
  { head, sent, requests }: { head: Head; sent: JsonBody; requests: ByteReader },
): Promise<void> => {
  await forwardBody(requests, requestFraming(head), async (piece, content) => {
    sent.add(content);
    await write(engine, piece);
  });
  // A client that leaves shows only as the end of what it sends. The engine takes that end as leaving, too: an
  // abandoned events stream must end there.
  void requests.drained.then(() => engine.end());
};

interface PendingCall {
  readonly head: Head;
  readonly call: EngineCall;
  readonly sent: JsonBody;
  readonly requests: ByteReader;
  readonly responses: ByteReader;
}

/** Passes the engine's answer on, or what a fault makes of it. */
const answer = async (
  connection: ProxiedConnection,
  { head: request, call, sent, requests, responses }: PendingCall,
): Promise<'done' | 'hijacked' | 'broken'> => {
  const { client, labels, log } = connection;
  const [method, target] = request.first;
  const head = await finalHead(responses, client);
  if (head === undefined) return 'broken';
  const status = Number(head.first[1]);
  log.answered(call, status);
  const framing = responseFraming(head, method);
  const received = new JsonBody();
  const learn = (ended: boolean): void => {
    // Before the last bytes go out: the next call may name the new id at once.
    if (!ended || status >= 300) return;
    labels.learn({ method, target, request: sent.value(), response: received.value() });
  };

  const act = log.take(call, 'after');
  const held: Buffer[] = [];
  const holdAll = act !== undefined && worksWhileAnswering.test(call.label);
  if (holdAll) {
    await forwardBody(responses, framing, async (piece) => void held.push(piece));
  }
  const outcome = (await act?.(call)) ?? 'continue';
  if (outcome !== 'continue') {
    await breakOff(connection, { outcome, requests });
    return 'broken';
  }
  await write(client, head.bytes);
  for (const piece of held) await write(client, piece);
  if (holdAll) return 'done';
  if (status === 101 || framing.kind === 'close') return 'hijacked';
  const whole = await forwardBody(responses, framing, async (piece, body, ended) => {
    received.add(body);
    learn(ended);
    await write(client, piece);
  });
  return whole ? 'done' : 'broken';
};

/** The answer's head, after any `100 Continue`, which is passed on at once. */
const finalHead = async (responses: ByteReader, client: Socket): Promise<Head | undefined> => {
  for (;;) {
    const bytes = await responses.head();
    if (bytes === undefined) return undefined;
    const head = parseHead(bytes);
    const status = Number(head.first[1]);
    if (status >= 200 || status === 101) return head;
    await write(client, bytes);
  }
};

/** Ends a call as a fault wants it; its connection ends with it. */
const breakOff = async (
  { client, engine }: ProxiedConnection,
  call: { outcome: Exclude<Outcome, 'continue'>; requests: ByteReader; head?: Head },
): Promise<void> => {
  const { outcome, requests, head } = call;
  if (outcome === 'hang') {
    await requests.drained;
    return;
  }
  if (outcome === 'reset') {
    client.destroy();
    engine.destroy();
    return;
  }
  // A client that still writes when its peer closes may never see the answer.
  if (head) await forwardBody(requests, requestFraming(head), async () => undefined);
  const body = JSON.stringify({ message: outcome.message });
  await write(
    client,
    Buffer.from(
      `HTTP/1.1 ${outcome.status} Fault\r\nContent-Type: application/json\r\n` +
        `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
    ),
  );
};

/** Passes one body on, piece by piece; false when the connection ended before it. */
const forwardBody = async (
  from: ByteReader,
  framing: Framing,
  to: (piece: Buffer, content: readonly Buffer[], ended: boolean) => Promise<void>,
): Promise<boolean> => {
  if (framing.kind === 'none' || (framing.kind === 'length' && framing.bytes === 0)) {
    await to(Buffer.alloc(0), [], true);
    return true;
  }
  const follow = bodyTracker(framing);
  for (;;) {
    const bytes = await from.next();
    if (bytes === undefined) return false;
    const { used, content, ended } = follow(bytes);
    from.unread(bytes.subarray(used));
    await to(bytes.subarray(0, used), content, ended);
    if (ended) return true;
  }
};

/** One direction of a hijacked connection; its end is passed on, the other direction may still talk. */
const pour = async (from: ByteReader, to: Socket): Promise<void> => {
  for (;;) {
    const bytes = await from.next();
    if (bytes === undefined) break;
    await write(to, bytes);
  }
  to.end();
};

const write = (socket: Socket, bytes: Buffer): Promise<void> =>
  new Promise((resolve, reject) => {
    // Writing nothing is a system call all the same, and fails where the other side has closed.
    if (bytes.length === 0) {
      resolve();
      return;
    }
    socket.write(bytes, (error) => (error ? reject(error) : resolve()));
  });

/** A body kept to learn names from; one that is large or endless is let go. */
class JsonBody {
  #pieces: Buffer[] | undefined = [];
  #size = 0;

  add(pieces: readonly Buffer[]): void {
    for (const piece of pieces) {
      this.#size += piece.length;
      this.#pieces?.push(piece);
    }
    if (this.#size > 1024 * 1024) this.#pieces = undefined;
  }

  /** undefined for what is no JSON: logs, archives, several documents. */
  value(): unknown {
    if (this.#pieces === undefined || this.#size === 0) return undefined;
    try {
      return JSON.parse(Buffer.concat(this.#pieces).toString('utf8'));
    } catch (error) {
      if (error instanceof SyntaxError) return undefined;
      throw error;
    }
  }
}
