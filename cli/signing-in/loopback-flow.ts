import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { exitCodes } from '../exit-codes.ts';
import { CliFault } from '../fault.ts';
import type { Tokens } from '../profiles/profile.ts';
import type { OidcClient } from './client.ts';
import { type Issuer, IssuerRefusal, requestTokens } from './issuer.ts';

const LOOPBACK = '127.0.0.1';
const CALLBACK_PATH = '/callback';
/** How long somebody may take to sign in. */
const PATIENCE_MS = 300_000;

/**
 * Signs in by a browser on this machine (RFC 8252): the issuer sends it back to a port that is open here for as long as
 * this takes. PKCE ties the code to this process, and the state ties the answer to this question. `show` is given the
 * address to open. Throws `CliFault`.
 */
export async function loopbackFlow(
  issuer: Issuer,
  { clientId, scope }: OidcClient,
  show: (url: string) => void,
  signal: AbortSignal,
): Promise<Tokens> {
  const server = createServer();
  server.listen(0, LOOPBACK);
  await once(server, 'listening');
  try {
    const redirectUri = `http://${LOOPBACK}:${portOf(server)}${CALLBACK_PATH}`;
    const verifier = secret();
    const state = secret();
    const code = codeFrom(server, { issuer, state, signal });
    show(addressOf(issuer, { clientId, scope, redirectUri, state, challenge: challengeOf(verifier) }));
    const form = {
      grant_type: 'authorization_code',
      client_id: clientId,
      redirect_uri: redirectUri,
      code: await code,
      code_verifier: verifier,
    };
    return await requestTokens(issuer, form, signal);
  } catch (error) {
    if (!(error instanceof IssuerRefusal)) throw error;
    throw new CliFault(refusalText(error), {
      code: exitCodes.refused,
      next: 'countersign login',
      cause: error,
    });
  } finally {
    server.close();
    server.closeAllConnections();
  }
}

function refusalText({ code, message }: IssuerRefusal): string {
  return code === 'access_denied' ? 'the login was canceled' : `the issuer refused (${code}): ${message}`;
}

interface Question {
  readonly clientId: string;
  readonly scope: string;
  readonly redirectUri: string;
  readonly state: string;
  readonly challenge: string;
}

function addressOf({ authorization_endpoint }: Issuer, question: Question): string {
  const url = new URL(authorization_endpoint);
  const parameters = {
    response_type: 'code',
    client_id: question.clientId,
    redirect_uri: question.redirectUri,
    scope: question.scope,
    state: question.state,
    code_challenge: question.challenge,
    code_challenge_method: 'S256',
  };
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  return url.href;
}

interface Expected {
  readonly issuer: Issuer;
  readonly state: string;
  readonly signal: AbortSignal;
}

/** The code that the browser brings. Anything else that comes to the port is answered and changes nothing. */
function codeFrom(server: Server, expected: Expected): Promise<string> {
  const { signal } = expected;
  const settled = new AbortController();
  const code = new Promise<string>((resolve, reject) => {
    server.on('request', (request, response) => {
      const found = receive(request, response, expected);
      if (typeof found === 'string') resolve(found);
      else if (found !== undefined) reject(found);
    });
    const late = setTimeout(
      () =>
        reject(new CliFault('nobody has signed in', { code: exitCodes.failed, next: 'countersign login' })),
      PATIENCE_MS,
    );
    const abort = () => reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true, signal: settled.signal });
    settled.signal.addEventListener('abort', () => clearTimeout(late));
  });
  return code.finally(() => settled.abort());
}

/** A code, why there is none, or undefined for what is not the answer that is waited for. */
function receive(
  { method, url }: IncomingMessage,
  response: ServerResponse,
  { issuer, state }: Expected,
): string | IssuerRefusal | undefined {
  const { pathname, searchParams } = new URL(url ?? '/', `http://${LOOPBACK}`);
  if (method !== 'GET' || pathname !== CALLBACK_PATH) {
    answer(response, 404, 'Not found.');
    return undefined;
  }
  if (!isSame(searchParams.get('state') ?? '', state) || !isOf(searchParams.get('iss'), issuer)) {
    answer(response, 400, 'This is not the answer that is waited for.');
    return undefined;
  }
  const code = searchParams.get('code');
  const error = searchParams.get('error');
  const isGood = code !== null && error === null;
  answer(response, 200, `${isGood ? 'Signed in' : 'Not signed in'}. You can close this page.`);
  if (isGood) return code;
  return new IssuerRefusal(error ?? 'invalid_response', searchParams.get('error_description') ?? undefined);
}

/** An answer that names its issuer (RFC 9207) must name the one that was asked. */
function isOf(named: string | null, { issuer }: Issuer): boolean {
  return named === null || named === issuer;
}

function isSame(one: string, other: string): boolean {
  const [left, right] = [one, other].map((text) => createHash('sha256').update(text).digest());
  return left !== undefined && right !== undefined && timingSafeEqual(left, right);
}

function answer(response: ServerResponse, status: number, text: string): void {
  response
    .writeHead(status, {
      'content-type': 'text/plain; charset=utf-8',
      'cache-control': 'no-store',
      connection: 'close',
    })
    .end(`${text}\n`);
}

function secret(): string {
  return randomBytes(32).toString('base64url');
}

function challengeOf(verifier: string): string {
  return createHash('sha256').update(verifier).digest('base64url');
}

function portOf(server: Server): number {
  const address = server.address();
  if (typeof address === 'object' && address !== null) return address.port;
  throw new TypeError('the server does not listen on a port');
}
