import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import type { HttpGuard } from './guarded-fetch.ts';

/** For tests: a request as it arrived. */
export interface ProviderRequest {
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface ProviderAnswer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** An object goes out as JSON. */
  readonly body?: string | object;
  readonly lateMs?: number;
}

/** `cut` and `hang` have the whole request by then; `broken_off` has sent the head of a yes. */
export type ProviderBehaviour =
  | ProviderAnswer
  | 'cut'
  | 'hang'
  | 'broken_off'
  | 'garbage'
  | 'endless'
  | 'upgrade';

/** For tests: an HTTP server on this machine that answers as it is told, also badly, and remembers what it was asked. */
export class FakeProvider {
  readonly requests: ProviderRequest[] = [];
  behave: (request: ProviderRequest) => ProviderBehaviour = () => ({});
  readonly #server: Server;

  private constructor() {
    this.#server = createServer(async (incoming, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of incoming) chunks.push(chunk);
      const { headers, method = '', url = '' } = incoming;
      const request = { method, path: url, headers, body: Buffer.concat(chunks).toString('utf8') };
      this.requests.push(request);
      await misbehave(response, this.behave(request));
    });
  }

  static async start(): Promise<FakeProvider> {
    const provider = new FakeProvider();
    await new Promise<void>((resolve) => {
      provider.#server.listen(0, '127.0.0.1', resolve);
    });
    return provider;
  }

  get port(): number {
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('not listening');
    return address.port;
  }

  get origin(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Lets requests through to this provider, for tests that do not wait. */
  guard(more: Partial<HttpGuard> = {}): HttpGuard {
    return { origin: this.origin, allowPrivate: true, timeoutMs: 2_000, mostAnswerBytes: 100_000, ...more };
  }

  /** Answers in this order, and with the last one from then on. */
  answers(...all: ProviderBehaviour[]): void {
    let index = 0;
    this.behave = () => {
      const answer = all[Math.min(index, all.length - 1)] ?? {};
      index += 1;
      return answer;
    };
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => {
      this.#server.close(resolve);
    });
  }
}

async function misbehave(response: ServerResponse, behaviour: ProviderBehaviour): Promise<void> {
  switch (behaviour) {
    case 'hang':
      return;
    case 'cut':
      response.socket?.destroy();
      return;
    case 'garbage':
      response.socket?.end('220 mail.example ESMTP\r\n');
      return;
    case 'upgrade':
      response.socket?.end('HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: h2c\r\n\r\n');
      return;
    case 'broken_off':
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
      response.write('{"id": ', () => response.socket?.destroy());
      return;
    case 'endless':
      response.writeHead(200, { 'content-type': 'application/json' });
      response.on('close', () => clearInterval(flood));
      break;
    default:
      return answer(response, behaviour);
  }
  const flood = setInterval(() => response.write('x'.repeat(50_000)), 1);
}

async function answer(
  response: ServerResponse,
  { body = '', headers = {}, lateMs = 0, status = 200 }: ProviderAnswer,
): Promise<void> {
  if (lateMs > 0) await new Promise((resolve) => setTimeout(resolve, lateMs));
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(text);
}

/** For tests: a port of this machine where nobody listens. */
export async function closedPort(): Promise<number> {
  const server = createTcpServer();
  const port = await new Promise<number>((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
  await new Promise((resolve) => server.close(resolve));
  return port;
}
