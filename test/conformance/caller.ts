import { strict as assert } from 'node:assert';
import { Agent, type IncomingHttpHeaders, request as sendRequest } from 'node:http';
import { publicIdsIn } from './public-ids.ts';

export interface Json {
  readonly [field: string]: unknown;
}

/** What the plane answered. A body that is no JSON object counts as an empty one, as it does to the clients. */
export interface Answer {
  readonly request: string;
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Json;
  readonly bytes: Uint8Array;
  /** It went over a connection that had brought another one. */
  readonly isReused: boolean;
}

/** Beyond the path and the body. */
export interface Sending {
  /** `idempotency-key`. */
  readonly key?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Somebody who sends requests as existing clients do (PROTOCOL 1.2). */
export interface Caller {
  get(path: string, sending?: Sending): Promise<Answer>;
  post(path: string, body: Json, sending?: Sending): Promise<Answer>;
}

export type Kind = 'human' | 'service' | 'runner';

const agents: Readonly<Record<Kind, string>> = {
  human: 'synapsor-cli/0.1.0-beta.1',
  service: 'synapsor-cli/0.1.0-beta.1',
  runner: 'synapsor-runner-control-plane-client',
};

/** Where a plane listens, and under which name clients reach one project of it: their base URL. */
export interface Address {
  readonly port: number;
  readonly host: string;
}

/** Sockets are kept and used again, as the clients do it (PROTOCOL 1.1). */
const sockets = new Agent({ keepAlive: true, maxSockets: 8 });

/** @param kind what the client calls its credential; undefined for who brings none */
export function caller(address: Address, token?: string, kind?: Kind): Caller {
  const common: Record<string, string> = {
    accept: 'application/json',
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    ...(kind === undefined ? {} : { 'x-synapsor-credential-kind': kind, 'user-agent': agents[kind] }),
  };
  const ask = async (method: string, path: string, body: Json | undefined, { headers, key }: Sending) => {
    const sent = {
      ...common,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(key === undefined ? {} : { 'idempotency-key': key }),
      ...headers,
    };
    const answer = await exchange(address, { method, path, headers: sent }, body);
    assert.deepEqual(publicIdsIn(answer.body), [], `${answer.request}: a public id has the form of a secret`);
    return answer;
  };
  return {
    get: (path, sending = {}) => ask('GET', path, undefined, sending),
    post: (path, body, sending = {}) => ask('POST', path, body, sending),
  };
}

interface Sent {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
}

function exchange({ host, port }: Address, { headers, method, path }: Sent, body?: Json): Promise<Answer> {
  const text = body === undefined ? '' : JSON.stringify(body);
  const length = body === undefined ? {} : { 'content-length': Buffer.byteLength(text) };
  const options = { agent: sockets, host: '127.0.0.1', port, method, path };
  return new Promise((resolve, reject) => {
    const outgoing = sendRequest({ ...options, headers: { ...headers, ...length, host } }, (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('error', reject);
      incoming.on('end', () => {
        const bytes = Buffer.concat(chunks);
        const status = incoming.statusCode ?? 0;
        const request = `${method} ${path}`;
        const isReused = outgoing.reusedSocket;
        resolve({ request, status, headers: incoming.headers, body: bodyOf(bytes), bytes, isReused });
      });
    });
    outgoing.on('error', reject);
    outgoing.end(text);
  });
}

function bodyOf(bytes: Buffer): Json {
  const text = bytes.toString().trim();
  if (!text.startsWith('{')) return {};
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}
