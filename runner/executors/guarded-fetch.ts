import * as http from 'node:http';
import * as https from 'node:https';
import { HttpFault } from './http-fault.ts';
import { readAnswer } from './read-answer.ts';
import { pinnedLookup, type ResolveName, resolveHost, resolveName } from './resolve-host.ts';
import { isTlsCode } from './tls-code.ts';

/** Where requests of one target may go, and what they may cost. */
export interface HttpGuard {
  /** Scheme, host and port: nothing else is ever reached. */
  readonly origin: string;
  /** Also this machine and private networks, and there without TLS on this machine. */
  readonly allowPrivate: boolean;
  /** For all of a request, from the name's lookup to the answer's last byte. */
  readonly timeoutMs: number;
  readonly mostAnswerBytes: number;
  /** The system's resolver, unless a test has another one. */
  readonly resolve?: ResolveName;
  /** Certificates to trust instead of the system's. */
  readonly ca?: string;
}

/**
 * As the global `fetch`, for texts and bytes alone, and with the whole answer in hand when it resolves. What the network
 * does rejects with `HttpFault`.
 */
export type GuardedFetch = (input: string | URL | Request, request?: RequestInit) => Promise<Response>;

/**
 * A `fetch` that reaches one origin, on public addresses, over TLS, and follows nothing. Made on Node's own client and
 * not on its `fetch`, because it has to tell a request that never left from one that was lost: only the former may be
 * sent again without asking. Each request has its own connection, so that none is sent into one that is just closing.
 */
export function guardedFetch(guard: HttpGuard, signal: AbortSignal): GuardedFetch {
  return async (input, request = {}) => {
    const url = allowedUrl(input, guard);
    const body = wholeBody(request.body);
    const end = AbortSignal.any([
      signal,
      AbortSignal.timeout(guard.timeoutMs),
      ...(request.signal ? [request.signal] : []),
    ]);
    const { allowPrivate, resolve = resolveName } = guard;
    const mustBeLoopback = url.protocol === 'http:';
    const addresses = await untilAborted(
      resolveHost(url.hostname, { allowPrivate, mustBeLoopback, resolve }),
      end,
    );
    return exchange({ url, request, body, guard, lookup: pinnedLookup(addresses), end });
  };
}

function allowedUrl(input: string | URL | Request, { allowPrivate, origin }: HttpGuard): URL {
  const text = input instanceof Request ? input.url : String(input);
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isAllowed =
    url !== undefined &&
    url.origin === new URL(origin).origin &&
    url.username === '' &&
    url.password === '' &&
    (url.protocol === 'https:' || (url.protocol === 'http:' && allowPrivate));
  if (!isAllowed) throw new HttpFault('url_refused', { wasSent: false });
  return url;
}

type WholeBody = string | Uint8Array | undefined;

function wholeBody(body: RequestInit['body']): WholeBody {
  if (body === undefined || body === null) return undefined;
  if (typeof body === 'string' || body instanceof Uint8Array) return body;
  throw new TypeError('only a text or bytes can be sent');
}

/** A lookup cannot be called off; whoever waits for it can. */
function untilAborted<T>(promise: Promise<T>, end: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(new HttpFault(endCode(end), { wasSent: false }));
    if (end.aborted) stop();
    end.addEventListener('abort', stop, { once: true });
    promise.then(resolve, reject).finally(() => end.removeEventListener('abort', stop));
  });
}

function endCode(end: AbortSignal): 'timed_out' | 'stopped' {
  return end.reason instanceof Error && end.reason.name === 'TimeoutError' ? 'timed_out' : 'stopped';
}

interface Exchange {
  readonly url: URL;
  readonly request: RequestInit;
  readonly body: WholeBody;
  readonly guard: HttpGuard;
  readonly lookup: ReturnType<typeof pinnedLookup>;
  readonly end: AbortSignal;
}

function exchange({ url, request, body, guard, lookup, end }: Exchange): Promise<Response> {
  const { headers, method = 'GET' } = request;
  const isTls = url.protocol === 'https:';
  // Something is sent as soon as there is a connection, or nobody can say that it was not.
  let wasSent = false;
  const faultOf = (cause: unknown, status?: number): HttpFault => {
    if (cause instanceof HttpFault) return cause;
    const code = end.aborted ? endCode(end) : wasSent ? 'connection_lost' : unsentCode(cause);
    return new HttpFault(code, { wasSent, status, cause });
  };
  return new Promise((resolve, reject) => {
    const options = {
      method,
      headers: headersOf(headers, body),
      agent: false as const,
      lookup,
      signal: end,
      ...(guard.ca !== undefined && { ca: guard.ca }),
    };
    const sent = isTls ? https.request(url.href, options) : http.request(url.href, options);
    let isAnswered = false;
    sent.on('socket', (socket) => {
      socket.once(isTls ? 'secureConnect' : 'connect', () => {
        wasSent = true;
      });
    });
    sent.on('response', (message) => {
      isAnswered = true;
      readAnswer(message, guard.mostAnswerBytes).then(resolve, (cause: unknown) => {
        reject(faultOf(cause, message.statusCode));
      });
    });
    sent.on('error', (cause) => reject(faultOf(cause)));
    // Also without an error, as after an answer that changes the protocol.
    sent.on('close', () => {
      if (!isAnswered) reject(faultOf(new Error('closed without an answer')));
    });
    sent.end(body);
  });
}

function headersOf(headers: RequestInit['headers'], body: WholeBody): Record<string, string> {
  const own = Object.fromEntries(new Headers(headers));
  const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
  // What is packed cannot be bounded before it is unpacked.
  return { ...own, ...length, 'accept-encoding': 'identity' };
}

function unsentCode(cause: unknown): 'tls_failed' | 'connect_failed' {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : undefined;
  return isTlsCode(code) ? 'tls_failed' : 'connect_failed';
}
