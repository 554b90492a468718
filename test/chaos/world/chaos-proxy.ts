import { once } from 'node:events';
import { createConnection, createServer, type Server, type Socket } from 'node:net';
import type { CommitWatch } from './commit-watch.ts';
import { Pipe } from './pipe.ts';

const HOST = '127.0.0.1';

/** Where a commit can lose its connection: while the server is at it, or when it is done and nobody has heard. */
export type CommitCut = 'while it commits' | 'after the commit';

export interface ProxyOptions {
  readonly port: number;
  /** For a database: how its connections are followed. */
  readonly watch?: () => CommitWatch;
  /** Asked at each commit whether it is to lose its connection, and how. */
  readonly cutCommit?: () => CommitCut | undefined;
  /** Told when one has. */
  readonly onCommitCut?: (how: CommitCut) => void;
}

/** One connection through the proxy. */
interface Line {
  readonly client: Socket;
  readonly upstream: Socket;
  readonly watch: CommitWatch | undefined;
  /** What the server has answered to a commit that is to be cut when it is done. */
  kept: Buffer | undefined;
  /** Whether bytes of it were swallowed: what came later would make no sense to the other side. */
  hasGap: boolean;
}

/** A TCP line to one server that can be cut, go silent, or become slow. */
export class ChaosProxy {
  readonly #server: Server;
  readonly #options: ProxyOptions;
  readonly #lines = new Set<Line>();
  #isSilent = false;
  #delayMs = 0;

  private constructor(server: Server, options: ProxyOptions) {
    this.#server = server;
    this.#options = options;
  }

  static async start(options: ProxyOptions): Promise<ChaosProxy> {
    const server = createServer();
    const proxy = new ChaosProxy(server, options);
    server.on('connection', (client) => proxy.#connect(client));
    server.listen(0, HOST);
    await once(server, 'listening');
    return proxy;
  }

  get port(): number {
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('the proxy does not listen');
    return address.port;
  }

  /** Resets every connection. */
  cut(): void {
    for (const line of this.#lines) reset(line);
  }

  /** Takes what both sides send and hands nothing on, without a word to either; afterwards those lines are dead. */
  silence(isSilent: boolean): void {
    this.#isSilent = isSilent;
    if (isSilent) return;
    for (const line of this.#lines) if (line.hasGap) reset(line);
  }

  /** Everything arrives this much later, in both directions. */
  slow(delayMs: number): void {
    this.#delayMs = delayMs;
  }

  async stop(): Promise<void> {
    this.cut();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #connect(client: Socket): void {
    const upstream = createConnection({ host: HOST, port: this.#options.port });
    const line: Line = { client, upstream, watch: this.#options.watch?.(), kept: undefined, hasGap: false };
    this.#lines.add(line);
    const end = () => {
      this.#lines.delete(line);
      client.destroy();
      upstream.destroy();
    };
    for (const socket of [client, upstream]) {
      socket.setNoDelay(true);
      socket.on('error', end);
      socket.on('close', end);
    }
    const [up, down] = [new Pipe(upstream), new Pipe(client)];
    client.on('data', (bytes) => this.#fromClient(line, up, bytes));
    upstream.on('data', (bytes) => this.#fromServer(line, down, bytes));
  }

  #fromClient(line: Line, up: Pipe, bytes: Buffer): void {
    if (this.#swallows(line)) return;
    const commits = line.watch?.sent(bytes) === true;
    const cut = commits ? this.#options.cutCommit?.() : undefined;
    if (cut === 'after the commit') line.kept = Buffer.alloc(0);
    if (cut !== 'while it commits') {
      up.push(bytes, this.#delayMs);
      return;
    }
    this.#options.onCommitCut?.(cut);
    // The server has it all, and nobody is there for the answer.
    line.upstream.end(bytes);
    line.client.resetAndDestroy();
  }

  #fromServer(line: Line, down: Pipe, bytes: Buffer): void {
    if (this.#swallows(line)) return;
    if (line.kept === undefined) {
      down.push(bytes, this.#delayMs);
      return;
    }
    const kept = Buffer.concat([line.kept, bytes]);
    const answered = line.watch?.answered(kept);
    line.kept = answered === 'open' ? kept : undefined;
    if (answered === 'open') return;
    if (answered !== 'committed') {
      down.push(kept, this.#delayMs);
      return;
    }
    this.#options.onCommitCut?.('after the commit');
    reset(line);
  }

  #swallows(line: Line): boolean {
    line.hasGap ||= this.#isSilent;
    return line.hasGap;
  }
}

function reset({ client, upstream }: Line): void {
  client.resetAndDestroy();
  upstream.destroy();
}
