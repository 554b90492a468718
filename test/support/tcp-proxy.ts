import { once } from 'node:events';
import { createConnection, createServer, type Server, type Socket } from 'node:net';

/** A TCP proxy on 127.0.0.1 that can lose connections at chosen moments, delay them, or refuse new ones. */
export class TcpProxy {
  readonly #server: Server;
  readonly #target: { readonly host: string; readonly port: number };
  readonly #pairs = new Set<{ client: Socket; upstream: Socket }>();
  #refusing = false;
  #delayMs = 0;
  #cutBeforeAnswer: (() => boolean) | undefined;
  #holding = false;
  #isMute = false;
  readonly #sent: Buffer[] = [];

  private constructor(server: Server, target: { host: string; port: number }) {
    this.#server = server;
    this.#target = target;
  }

  static async start(target: { host: string; port: number }): Promise<TcpProxy> {
    // What one side ends is ended on the other side too, in its direction alone.
    const server = createServer({ allowHalfOpen: true });
    const proxy = new TcpProxy(server, target);
    server.on('connection', (client) => proxy.#connect(client));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return proxy;
  }

  get port(): number {
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('the proxy does not listen');
    return address.port;
  }

  /** Everything that clients have sent so far. */
  get sent(): string {
    return Buffer.concat(this.#sent).toString();
  }

  /** How many connections stand. */
  get connections(): number {
    return this.#pairs.size;
  }

  /** Resets every connection. */
  cut(): void {
    for (const { client, upstream } of this.#pairs) {
      client.resetAndDestroy();
      upstream.destroy();
    }
  }

  /** From now on, or no longer, new connections are reset at once. */
  refuse(refusing: boolean): void {
    this.#refusing = refusing;
  }

  /** Every piece of an answer comes this much later. */
  delay(ms: number): void {
    this.#delayMs = ms;
  }

  /** Takes what both sides send and hands nothing on: a line that is dead without anybody having hung up. */
  hold(holding: boolean): void {
    this.#holding = holding;
  }

  /** Hands on what clients send, and none of the answers: what they asked for is done, and nobody hears of it. */
  mute(muting: boolean): void {
    this.#isMute = muting;
  }

  /** Ends every connection in the direction of the client: it may still send, and gets no more answers. */
  halfClose(): void {
    for (const { client } of this.#pairs) client.end();
  }

  /**
   * The next time that the target answers and `chosen` says so, the answer is thrown away and the connection reset:
   * what was asked has been done, and nobody hears of it. Resolves when that has happened.
   */
  cutNextAnswer(chosen: () => boolean = () => true): Promise<void> {
    return new Promise((resolve) => {
      this.#cutBeforeAnswer = () => {
        if (!chosen()) return false;
        this.#cutBeforeAnswer = undefined;
        resolve();
        return true;
      };
    });
  }

  async stop(): Promise<void> {
    this.cut();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #connect(client: Socket): void {
    if (this.#refusing) {
      client.resetAndDestroy();
      return;
    }
    const upstream = createConnection({ ...this.#target, allowHalfOpen: true });
    const pair = { client, upstream };
    this.#pairs.add(pair);
    const end = () => {
      this.#pairs.delete(pair);
      client.destroy();
      upstream.destroy();
    };
    for (const socket of [client, upstream]) {
      socket.setNoDelay(true);
      socket.on('error', end);
      socket.on('close', end);
    }
    client.on('end', () => upstream.end());
    upstream.on('end', () => client.end());
    client.on('data', (data) => {
      this.#sent.push(data);
      if (!this.#holding) upstream.write(data);
    });
    upstream.on('data', (data) => this.#answer(client, data, end));
  }

  #answer(client: Socket, data: Buffer, end: () => void): void {
    if (this.#holding || this.#isMute) return;
    if (this.#cutBeforeAnswer?.() === true) {
      client.resetAndDestroy();
      end();
    } else if (this.#delayMs === 0) {
      if (client.writable) client.write(data);
    } else {
      setTimeout(() => client.writable && client.write(data), this.#delayMs);
    }
  }
}
