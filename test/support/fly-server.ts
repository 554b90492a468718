import { once } from 'node:events';
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import {
  asked,
  type FlyAnswer,
  type FlyMangling,
  type FlyRoute,
  refusal,
  sendAnswer,
  sendMangled,
} from './fly-wire.ts';
import { FlyWorld } from './fly-world.ts';

/** What one request gets. What is done is done before anything goes out, or does not. */
export interface FlyMishap {
  readonly isDone: boolean;
  /** What goes out: something else, nothing, or the true answer, as it is or spoilt. */
  readonly answer: FlyAnswer | FlyMangling | 'silent' | 'true';
}

const NO_MISHAP: FlyMishap = { isDone: true, answer: 'true' };

export interface FlySeen {
  readonly route: FlyRoute | undefined;
  readonly method: string;
  /** With the query. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** Whether it came with a token that is taken. */
  readonly isKnown: boolean;
}

/**
 * The Machines API of Fly on this machine, by its published pages, as far as a client of ours uses it. It keeps what it is
 * told to make, misbehaves as it is told, and remembers everything that it was sent.
 */
export class FlyServer {
  readonly #server: Server;
  readonly #tokens: Set<string>;
  readonly #mishaps = new Map<FlyRoute, FlyMishap[]>();
  readonly world = new FlyWorld();
  readonly seen: FlySeen[] = [];
  /** Called when a request has come that gets no answer. */
  onSilence: () => void = () => undefined;

  private constructor(server: Server, token: string) {
    this.#server = server;
    this.#tokens = new Set([token]);
  }

  static async start(token: string): Promise<FlyServer> {
    const server = createServer();
    const fly = new FlyServer(server, token);
    server.on('request', (request, response) => void fly.#serve(request, response));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return fly;
  }

  get url(): string {
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('the server does not listen');
    return `http://127.0.0.1:${address.port}`;
  }

  /** Takes another token as well, as after one was made there. */
  addToken(token: string): void {
    this.#tokens.add(token);
  }

  revokeToken(token: string): void {
    this.#tokens.delete(token);
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  /** The next requests on a route end like this. */
  misbehave(route: FlyRoute, ...mishaps: FlyMishap[]): void {
    this.#mishaps.set(route, [...(this.#mishaps.get(route) ?? []), ...mishaps]);
  }

  /** No more mishaps. */
  behave(): void {
    this.#mishaps.clear();
  }

  count(route: FlyRoute): number {
    return this.seen.filter((request) => request.route === route).length;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { headers, method = '', url = '' } = request;
    let body = '';
    for await (const piece of request) body += piece;
    const wanted = asked(request, body === '' ? undefined : JSON.parse(body));
    const isKnown = this.#tokens.has(headers.authorization?.replace('Bearer ', '') ?? '');
    this.seen.push({ route: wanted?.route, method, url, headers, body, isKnown });
    if (wanted === undefined) return sendAnswer(response, refusal(404, 'page not found'));
    const { answer, isDone } = this.#mishaps.get(wanted.route)?.shift() ?? NO_MISHAP;
    if (!isKnown) this.#send(response, answer, refusal(401, 'unauthenticated'));
    else this.#send(response, answer, isDone ? this.world.answer(wanted) : { status: 200 });
  }

  #send(response: ServerResponse, answer: FlyMishap['answer'], truth: FlyAnswer): void {
    if (answer === 'silent') this.onSilence();
    else if (answer === 'true') sendAnswer(response, truth);
    else if (typeof answer === 'string') sendMangled(response, answer, truth.status);
    else sendAnswer(response, answer);
  }
}
