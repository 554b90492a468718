import { once } from 'node:events';
import { createConnection, type Socket } from 'node:net';

/* What the database's tests speak PostgreSQL's protocol with, where a client library would be too tidy. */

const PROTOCOL_3_0 = 196_608;
const SSL_REQUEST = 80_877_103;

/** A frontend message; the startup messages have no type. */
export function frontendMessage(type: string, ...body: string[]): Buffer {
  const text = body.join('');
  return Buffer.from(type + int32(4 + text.length) + text, 'latin1');
}

export const FLUSH = frontendMessage('H');
export const SYNC = frontendMessage('S');
/** Of the unnamed statement, without parameters. */
export const BIND = frontendMessage('B', '\0'.repeat(8));
export const EXECUTE = frontendMessage('E', '\0'.repeat(5));

/** The unnamed statement. */
export function parse(sql: string): Buffer {
  return frontendMessage('P', '\0', sql, '\0\0\0');
}

/** A connection that sends exactly the bytes that it is told to, when it is told to. */
export class RawClient {
  readonly #socket: Socket;
  #received = Buffer.alloc(0);

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (chunk) => {
      this.#received = Buffer.concat([this.#received, chunk]);
    });
  }

  static async connect(url: string): Promise<RawClient> {
    const client = new RawClient(dial(url));
    client.send(frontendMessage('', int32(PROTOCOL_3_0), 'user\0postgres\0database\0postgres\0\0'));
    await client.until('Z');
    return client;
  }

  send(...messages: Buffer[]): void {
    this.#socket.write(Buffer.concat(messages));
  }

  /** What the server has sent up to its next message of this type, as text. */
  async until(type: string): Promise<string> {
    let end = 0;
    for (;;) {
      while (this.#received.length < end + 5) await once(this.#socket, 'data');
      const found = this.#received.toString('latin1', end, end + 1);
      end += 1 + this.#received.readInt32BE(end + 1);
      while (this.#received.length < end) await once(this.#socket, 'data');
      if (found !== type) continue;
      const text = this.#received.toString('latin1', 0, end);
      this.#received = this.#received.subarray(end);
      return text;
    }
  }

  /** Breaks the connection without a word. */
  vanish(): void {
    this.#socket.destroy();
  }
}

/**
 * Waits until the server has read what was sent to it before, also what it does not answer yet: a request
 * for SSL on a new connection is answered at once, and comes after all that.
 */
export async function untilServerHasRead(url: string): Promise<void> {
  const socket = dial(url);
  socket.write(frontendMessage('', int32(SSL_REQUEST)));
  await once(socket, 'data');
  socket.destroy();
}

function dial(url: string): Socket {
  const { hostname, port } = new URL(url);
  return createConnection({ host: hostname, port: Number(port) });
}

function int32(value: number): string {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes.toString('latin1');
}
