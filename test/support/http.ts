import { Agent, request } from 'node:http';
import type { LedgerEntry } from '@countersign/protocol/ledger';

/** What the plane answers, as far as tests look: every field that they name, all others as unknown. */
export interface WireBody {
  readonly [field: string]: unknown;
  readonly ok?: boolean;
  readonly error?: string;
  readonly error_code?: string;
  readonly message?: string;
  readonly next?: string;
  readonly errors?: readonly { readonly path: string; readonly code: string; readonly message: string }[];
  readonly proposal_id?: string;
  readonly effect_digest?: string;
  readonly status?: string | number;
  readonly job_id?: string | null;
  readonly ledger_seq?: number;
  readonly approvals_missing?: number;
  readonly jobs?: readonly WireJob[];
  readonly job?: { readonly status: string; readonly attempt_count: number } | null;
  readonly proposals?: readonly WireBody[];
  readonly entries?: readonly LedgerEntry[];
  readonly decisions?: readonly { readonly verdict: string; readonly name: string }[];
  readonly result?: {
    readonly status: string;
    readonly receipt_id: string | null;
    readonly discrepancy: unknown;
  } | null;
  readonly step_ids?: readonly string[];
  readonly next_cursor?: string | null;
  readonly runners?: readonly { readonly runner_id: string; readonly status: string }[];
}

export interface WireJob {
  readonly job_id: string;
  readonly proposal_id: string;
  readonly lease_id: string;
  readonly lease_expires_at: string;
  readonly attempt_count: number;
  readonly write_by: string;
  readonly idempotency_key: string;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: WireBody;
  readonly text: string;
}

export interface Sending {
  readonly method: string;
  readonly path: string;
  readonly token?: string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
  /** JSON, unless it is bytes or text already. */
  readonly body?: unknown;
  readonly signal?: AbortSignal | undefined;
  /** Sent in pieces, without saying how long it will be. */
  readonly isChunked?: boolean;
}

/** Node's own client: a fraction of what `fetch` costs, and tests send tens of thousands of requests. */
const agent = new Agent({ keepAlive: true, maxSockets: 64 });

/** Sends a request as it is told, good or bad, and reads the whole answer. Rejects when the connection breaks. */
export function send(origin: string, sending: Sending): Promise<Answer> {
  const { body, token, headers = {}, method, path, signal, isChunked = false } = sending;
  const bytes = body === undefined ? undefined : bytesOf(body);
  const sent: Record<string, string | number> = {
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    ...(bytes === undefined ? {} : { 'content-type': 'application/json' }),
    ...(bytes === undefined || isChunked ? {} : { 'content-length': bytes.byteLength }),
    ...headers,
  };
  return new Promise((resolve, reject) => {
    const outgoing = request(`${origin}${path}`, { method, headers: sent, agent, signal }, (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('error', reject);
      incoming.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        resolve({
          status: incoming.statusCode ?? 0,
          headers: incoming.headers,
          // A file is its lines.
          body: isFile(incoming.headers) || !text.trimStart().startsWith('{') ? {} : JSON.parse(text),
          text,
        });
      });
    });
    outgoing.on('error', reject);
    if (bytes !== undefined && isChunked) writeInPieces(outgoing, bytes);
    else outgoing.end(bytes);
  });
}

function isFile(headers: Answer['headers']): boolean {
  return headers['content-disposition'] !== undefined;
}

function bytesOf(body: unknown): Uint8Array {
  if (body instanceof Uint8Array) return body;
  return Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
}

const PIECE = 65_536;

function writeInPieces(outgoing: ReturnType<typeof request>, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.byteLength; at += PIECE) outgoing.write(bytes.subarray(at, at + PIECE));
  outgoing.end();
}
