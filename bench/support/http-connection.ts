import { Buffer } from 'node:buffer';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

export interface HttpAnswer {
  readonly status: number;
  readonly body: string;
}

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
  send(head: string, body: string): Promise<HttpAnswer> {
    if (this.#isClosed) throw new Error('the connection is closed');
    if (this.#answer !== undefined) throw new Error('the connection still waits for an answer');
    this.#answer = Promise.withResolvers();
    this.#socket.write(`${head}content-length: ${Buffer.byteLength(body)}${HEAD_END}${body}`);
    return this.#answer.promise;
  }

  close(): void {
    this.#socket.destroy();
  }

  #take(chunk: Buffer): void {
    this.#received = this.#received.length === 0 ? chunk : Buffer.concat([this.#received, chunk]);
    const headEnd = this.#received.indexOf(HEAD_END);
    if (headEnd < 0) return;
    const head = this.#received.toString('latin1', 0, headEnd);
    const length = LENGTH.exec(head)?.[1];
    if (length === undefined) return this.#end(new Error('an answer came without a content-length'));
    const bodyEnd = headEnd + HEAD_END.length + Number(length);
    if (this.#received.length < bodyEnd) return;
    const body = this.#received.toString('utf8', headEnd + HEAD_END.length, bodyEnd);
    this.#received = this.#received.subarray(bodyEnd);
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

/** Opens several connections at once. */
export function openConnections(origin: URL, count: number): Promise<HttpConnection[]> {
  return Promise.all(Array.from({ length: count }, () => HttpConnection.open(origin)));
}
