import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { text } from 'node:stream/consumers';

export interface SeenRequest {
  /** Method and path, with the query. */
  readonly line: string;
  readonly body: unknown;
  readonly token: string | undefined;
  readonly idempotencyKey: string | undefined;
}

/** An answer: its body as an object, or as text or bytes that go out as they are. */
export type Reply = { readonly status?: number; readonly body: object | string | Uint8Array };

/** A control plane that answers what a test tells it to, over real HTTP, and remembers what it was asked. */
export class FakePlane {
  readonly seen: SeenRequest[] = [];
  readonly #server: Server;
  readonly #replies = new Map<string, readonly Reply[]>();

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(): Promise<FakePlane> {
    const server = createServer();
    const plane = new FakePlane(server);
    server.on('request', async (request, response) => {
      const body = await text(request);
      const { authorization, 'idempotency-key': key } = request.headers;
      plane.seen.push({
        line: `${request.method} ${request.url}`,
        body: bodyOf(body, request.headers['content-type']),
        token: authorization?.replace('Bearer ', ''),
        idempotencyKey: typeof key === 'string' ? key : undefined,
      });
      const reply = plane.#next(`${request.method} ${request.url?.split('?')[0]}`);
      const { body: answer, status = 200 } = reply;
      const isRaw = typeof answer === 'string' || answer instanceof Uint8Array;
      response.writeHead(status, { 'content-type': isRaw ? 'application/x-ndjson' : 'application/json' });
      response.end(isRaw ? answer : JSON.stringify(answer));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return plane;
  }

  get url(): string {
    const address = this.#server.address();
    return typeof address === 'object' && address !== null ? `http://127.0.0.1:${address.port}` : '';
  }

  /** What a route answers, one reply after the other; the last stays. */
  on(route: string, ...replies: readonly Reply[]): void {
    this.#replies.set(route, replies);
  }

  #next(route: string): Reply {
    const [reply = problem(404, 'not_found', `nothing was said of ${route}`), ...rest] =
      this.#replies.get(route) ?? [];
    if (rest.length > 0) this.#replies.set(route, rest);
    return reply;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }
}

/** JSON as its value, a form as an object. */
function bodyOf(text: string, type: string | undefined): unknown {
  if (text === '') return undefined;
  return type?.startsWith('application/json') === true
    ? JSON.parse(text)
    : Object.fromEntries(new URLSearchParams(text));
}

/** An error as the control plane words it. */
export function problem(status: number, code: string, message: string, more: object = {}): Reply {
  const body = { ok: false, error: code, error_code: code, message, request_id: 'req_1', ...more };
  return { status, body };
}
