import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { HttpConfig } from '../config/runner-config.ts';
import { faultFields, type Log } from '../log.ts';
import { METRICS_CONTENT_TYPE } from './metrics.ts';
import type { ReadinessReport } from './readiness.ts';

/** A request is one line and a few headers, on a line of this machine. */
const LIMITS = {
  maxHeaderSize: 8_192,
  headersTimeout: 3_000,
  requestTimeout: 5_000,
  connectionsCheckingInterval: 1_000,
} as const;
const MOST_CONNECTIONS = 32;
/** For how long an answer under way may go on when the server closes. */
const FAREWELL_MS = 500;

/** What the server tells. It holds names of the configuration, closed lists and numbers, and nothing else. */
export interface Told {
  readonly isTurning: boolean;
  report(): Promise<ReadinessReport>;
  metricsText(): string;
}

export type ListenCode =
  | 'http_port_in_use'
  | 'http_address_not_here'
  | 'http_port_not_allowed'
  | 'http_not_listening';

const listenCodes: Readonly<Record<string, ListenCode>> = {
  EADDRINUSE: 'http_port_in_use',
  EADDRNOTAVAIL: 'http_address_not_here',
  EACCES: 'http_port_not_allowed',
};

/** The server cannot listen where the configuration says. */
export class ListenError extends Error {
  override readonly name = 'ListenError';
  readonly code: ListenCode;

  constructor(code: ListenCode, options: ErrorOptions) {
    super('the http server of the runner cannot listen', options);
    this.code = code;
  }
}

interface Answer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

/** Answers `/healthz`, `/readyz` and `/metrics`, to GET and HEAD, without asking who wants to know. */
export class OperatingServer {
  readonly #server: Server;
  readonly #told: Told;
  readonly #log: Log;

  private constructor(told: Told, log: Log) {
    this.#told = told;
    this.#log = log;
    this.#server = createServer(LIMITS, (request, response) => void this.#serve(request, response));
    this.#server.maxConnections = MOST_CONNECTIONS;
  }

  /** Resolves when the server listens; throws `ListenError`. */
  static async listen({ host, port }: HttpConfig, told: Told, log: Log): Promise<OperatingServer> {
    const operating = new OperatingServer(told, log);
    operating.#server.listen({ host, port });
    try {
      await once(operating.#server, 'listening');
    } catch (cause) {
      throw new ListenError(listenCodeOf(cause), { cause });
    }
    // A connection that could not be taken must not end a runner in the middle of a write.
    operating.#server.on('error', (error) => log('warn', 'http_fault', faultFields(error)));
    log('info', 'http_listening', { port: operating.port });
    return operating;
  }

  get port(): number | undefined {
    const address = this.#server.address();
    return typeof address === 'object' ? address?.port : undefined;
  }

  /** Takes no more requests, and lets the answers under way go out. */
  async close(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    const enough = setTimeout(() => this.#server.closeAllConnections(), FAREWELL_MS);
    await closed;
    clearTimeout(enough);
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { body, contentType, status } = await this.#answer(request).catch((error) => {
      this.#log('error', 'http_fault', faultFields(error));
      return plain(500, 'fault');
    });
    response.writeHead(status, {
      ...(status === 405 ? { allow: 'GET, HEAD' } : {}),
      'content-type': contentType,
      'content-length': Buffer.byteLength(body),
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      // Whoever asks does so every few seconds at most; a connection that is kept would only hold up the end.
      connection: 'close',
    });
    response.end(body);
  }

  async #answer({ method, url = '' }: IncomingMessage): Promise<Answer> {
    if (method !== 'GET' && method !== 'HEAD') return plain(405, 'only GET and HEAD');
    switch (url.split('?', 1)[0]) {
      case '/healthz':
        return this.#told.isTurning ? plain(200, 'ok') : plain(503, 'stalled');
      case '/readyz': {
        const report = await this.#told.report();
        return {
          status: report.ready ? 200 : 503,
          contentType: 'application/json',
          body: `${JSON.stringify(report)}\n`,
        };
      }
      case '/metrics':
        return { status: 200, contentType: METRICS_CONTENT_TYPE, body: this.#told.metricsText() };
      default:
        return plain(404, 'not found');
    }
  }
}

function listenCodeOf(thrown: unknown): ListenCode {
  const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : '';
  return listenCodes[code] ?? 'http_not_listening';
}

function plain(status: number, text: string): Answer {
  return { status, contentType: 'text/plain; charset=utf-8', body: `${text}\n` };
}
