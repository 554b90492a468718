import { Buffer } from 'node:buffer';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

export interface HttpAnswer {
  readonly status: number;
  readonly body: string;
}

const LINE_END = '\r\n';
const HEAD_END = '\r\n\r\n';
const LENGTH = /\r\ncontent-length: *(\d+)/i;

/**
 * One keep-alive connection that carries one request at a time. It knows of HTTP only what workerd answers with,
 * since the load generator shares the cores with what it loads: Node's own client costs several times as much.
 */
export class HttpConnection {
  readonly #socket: Socket;
  #received: Buffer = Buffer.alloc(0);
  #answer: PromiseWithResolvers<HttpAnswer> | undefined;
  #isClosed = false;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.on('data', (chunk: Buffer) => this.#take(chunk));
    socket.on('error', (cause) => this.#end(cause));
    socket.on('close', () => this.#end());
  }

  static async open(origin: URL): Promise<HttpConnection> {
    const socket = connect({ host: origin.hostname, port: Number(origin.port) });
    await once(socket, 'connect');
    return new HttpConnection(socket);
  }

  /**
   * Sends a request and waits for its answer.
   *
   * @param head the request line and headers, each ended by CR LF, without a content-length
   */
  send(head: string, body = ''): Promise<HttpAnswer> {
    if (this.#isClosed) throw new Error('the connection is closed');
    if (this.#answer !== undefined) throw new Error('the connection still waits for an answer');
    this.#answer = Promise.withResolvers();
    this.#socket.write(`${head}content-length: ${Buffer.byteLength(body)}${HEAD_END}${body}`);
    return this.#answer.promise;
  }

  /** Whoever still waits for an answer is told that there will be none. */
  close(): void {
    this.#socket.destroy();
  }

  #take(chunk: Buffer): void {
    this.#received = this.#received.length === 0 ? chunk : Buffer.concat([this.#received, chunk]);
    const headEnd = this.#received.indexOf(HEAD_END);
    if (headEnd < 0) return;
    const head = this.#received.toString('latin1', 0, headEnd);
    const rest = this.#received.subarray(headEnd + HEAD_END.length);
    const length = LENGTH.exec(head)?.[1];
    const body = length === undefined ? chunkedBody(rest) : bodyOfLength(rest, Number(length));
    if (body === undefined) return;
    this.#received = Buffer.alloc(0);
    const answer = this.#answer;
    this.#answer = undefined;
    answer?.resolve({ status: Number(head.slice(9, 12)), body });
  }

  #end(cause?: Error): void {
    this.#isClosed = true;
    this.#answer?.reject(new Error('the connection ended before the answer', { cause }));
    this.#answer = undefined;
    this.#socket.destroy();
  }
}

/** Undefined while the body is not all there. */
function bodyOfLength(received: Buffer, length: number): string | undefined {
  return received.length < length ? undefined : received.toString('utf8', 0, length);
}

function chunkedBody(received: Buffer): string | undefined {
  const chunks: Buffer[] = [];
  for (let place = 0; ; ) {
    const lineEnd = received.indexOf(LINE_END, place);
    if (lineEnd < 0) return undefined;
    const size = Number.parseInt(received.toString('latin1', place, lineEnd), 16);
    const begin = lineEnd + LINE_END.length;
    const end = begin + size;
    if (received.length < end + LINE_END.length) return undefined;
    if (size === 0) return Buffer.concat(chunks).toString('utf8');
    chunks.push(received.subarray(begin, end));
    place = end + LINE_END.length;
  }
}

/** Opens a connection for `work`, and closes it after it. */
export async function withConnection<Result>(
  origin: URL,
  work: (connection: HttpConnection) => Promise<Result>,
): Promise<Result> {
  const connection = await HttpConnection.open(origin);
  try {
    return await work(connection);
  } finally {
    connection.close();
  }
}

/** As `withConnection`, with several. For a round, not for longer: workerd closes those that rest for a while. */
export async function withConnections<Result>(
  origin: URL,
  count: number,
  work: (connections: readonly HttpConnection[]) => Promise<Result>,
): Promise<Result> {
  const connections = await Promise.all(Array.from({ length: count }, () => HttpConnection.open(origin)));
  try {
    return await work(connections);
  } finally {
    for (const connection of connections) connection.close();
  }
}
