import type { IncomingMessage } from 'node:http';
import { HttpFault } from './http-fault.ts';

/** All that anybody looks at. What a library would print for its provider stays outside with the rest. */
const KEPT_HEADERS = [
  'content-type',
  'retry-after',
  'request-id',
  'idempotent-replayed',
  'stripe-should-retry',
  'x-idempotency-lookup',
] as const;

const WITHOUT_BODY = [204, 205, 304];

/** Reads an answer of at most so many bytes; throws `HttpFault`, or what the connection's end threw. */
export async function readAnswer(message: IncomingMessage, mostBytes: number): Promise<Response> {
  const status = message.statusCode ?? 0;
  const fault = faultOfStatus(status);
  if (fault !== undefined) {
    message.destroy();
    throw new HttpFault(fault, { wasSent: true, status });
  }
  const body = await readBody(message, status, mostBytes);
  return new Response(WITHOUT_BODY.includes(status) ? null : body, { status, headers: keptHeaders(message) });
}

function faultOfStatus(status: number): 'redirect_refused' | 'answer_invalid' | undefined {
  if (status >= 300 && status <= 399) return 'redirect_refused';
  return status < 200 || status > 599 ? 'answer_invalid' : undefined;
}

async function readBody(
  message: IncomingMessage,
  status: number,
  mostBytes: number,
): Promise<Buffer<ArrayBuffer>> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of message) {
    bytes += chunk.length;
    // Leaving the loop destroys the message and with it the connection.
    if (bytes > mostBytes) throw new HttpFault('answer_too_large', { wasSent: true, status });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function keptHeaders(message: IncomingMessage): Headers {
  const headers = new Headers();
  for (const name of KEPT_HEADERS) {
    const value = message.headers[name];
    if (typeof value === 'string') headers.set(name, value);
  }
  return headers;
}

/** What `Retry-After` says, in ms from now, as seconds or as a date; undefined where it says nothing of use. */
export function retryAfterMs(text: string | null | undefined, now = Date.now()): number | undefined {
  if (text === null || text === undefined || text.trim() === '') return undefined;
  if (/^\s*\d{1,9}\s*$/.test(text)) return Number(text) * 1_000;
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : Math.max(0, at - now);
}
