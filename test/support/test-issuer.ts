import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { text } from 'node:stream/consumers';
import { exportJWK, generateKeyPair, type JWK, type JWTPayload, SignJWT } from 'jose';
import { TestDevices } from './test-devices.ts';

export const AUDIENCE = 'countersign-test';
const LIFETIME_SECONDS = 3_600;

/** How an issuer answers whoever asks for its keys. */
export type Serving = 'keys' | 'no_answer' | 'error' | 'not_json' | 'no_key_set' | 'redirect';

/** What a token may deviate in; everything else is as a good one has it. */
export interface TokenChanges {
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly without?: readonly string[];
  readonly kid?: string;
}

interface Key {
  readonly kid: string;
  readonly privateKey: Awaited<ReturnType<typeof generateKeyPair>>['privateKey'];
  readonly jwk: JWK;
}

/** One OIDC issuer as far as a gateway sees it: it signs, publishes its keys, rotates them, and breaks on demand. */
export class TestIssuer {
  readonly issuer: string;
  readonly audience = AUDIENCE;
  readonly jwks_uri: string;
  serving: Serving = 'keys';
  /** How often its keys were asked for. */
  fetches = 0;
  readonly devices: TestDevices;
  #current: Key;
  #published: readonly JWK[];

  private constructor(issuer: string, url: string, key: Key) {
    this.issuer = issuer;
    this.jwks_uri = `${url}/jwks`;
    this.#current = key;
    this.#published = [key.jwk];
    this.devices = new TestDevices(issuer, url, (subject) => this.sign(subject));
  }

  /** @param issuer what it calls itself; its keys are to be had at the URL */
  static async create(issuer: string, url: string): Promise<TestIssuer> {
    return new TestIssuer(issuer, url, await newKey());
  }

  get settings() {
    const { issuer, audience, jwks_uri } = this;
    return { issuer, audience, jwks_uri };
  }

  /** The member that a token of this subject stands for. */
  personOf(subject: string): string {
    return `${this.issuer} ${subject}`;
  }

  sign(subject: string, { claims = {}, without = [], kid }: TokenChanges = {}): Promise<string> {
    const now = Math.floor(Date.now() / 1_000);
    const payload: JWTPayload = {
      iss: this.issuer,
      aud: this.audience,
      sub: subject,
      iat: now,
      exp: now + LIFETIME_SECONDS,
      ...claims,
    };
    for (const name of without) delete payload[name];
    return new SignJWT(payload)
      .setProtectedHeader({ alg: 'ES256', kid: kid ?? this.#current.kid })
      .sign(this.#current.privateKey);
  }

  /** Signs with a new key from now on; the old one is no longer published. */
  async rotate(): Promise<void> {
    this.#current = await newKey();
    this.#published = [this.#current.jwk];
  }

  get publicKey(): JWK {
    return this.#current.jwk;
  }

  /** What it answers whoever asks for its keys; undefined when it hangs up. */
  answer(): Served | undefined {
    this.fetches += 1;
    switch (this.serving) {
      case 'keys':
        return { status: 200, body: JSON.stringify({ keys: this.#published }) };
      case 'error':
        return { status: 500, body: '{}' };
      case 'not_json':
        return { status: 200, body: '<html>maintenance</html>' };
      case 'no_key_set':
        return { status: 200, body: '{"keys":"soon"}' };
      case 'redirect':
        return { status: 302, body: '', location: this.jwks_uri };
      case 'no_answer':
        return undefined;
    }
  }
}

interface Served {
  readonly status: number;
  readonly body: string;
  readonly location?: string;
}

async function newKey(): Promise<Key> {
  const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });
  const kid = crypto.randomUUID();
  return { kid, privateKey, jwk: { ...(await exportJWK(publicKey)), kid, alg: 'ES256', use: 'sig' } };
}

/** Several issuers behind one loopback server, so that each case can break its own. */
export class TestIssuers {
  readonly #server: Server;
  readonly #issuers: ReadonlyMap<string, TestIssuer>;

  private constructor(server: Server, issuers: ReadonlyMap<string, TestIssuer>) {
    this.#server = server;
    this.#issuers = issuers;
  }

  /** @param origin what they call themselves begins with it, for those who are to be the same in another run */
  static async start(names: readonly string[], origin?: string): Promise<TestIssuers> {
    const issuers = new Map<string, TestIssuer>();
    const server = createServer(serve(issuers));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    if (address === null || typeof address === 'string') throw new TypeError('the issuers have no port');
    for (const name of names) {
      const here = `http://127.0.0.1:${address.port}`;
      issuers.set(name, await TestIssuer.create(`${origin ?? here}/${name}`, `${here}/${name}`));
    }
    return new TestIssuers(server, issuers);
  }

  get(name: string): TestIssuer {
    const issuer = this.#issuers.get(name);
    if (issuer === undefined) throw new TypeError(`there is no issuer ${name}`);
    return issuer;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

function serve(issuers: ReadonlyMap<string, TestIssuer>): RequestListener {
  return (request, response) => {
    const [, name = '', path = ''] = /^\/([^/]+)(\/.*)$/.exec(request.url ?? '') ?? [];
    const issuer = issuers.get(name);
    void answerOf(issuer, path, request).then((served) => {
      if (served === undefined) {
        request.socket.destroy();
        return;
      }
      const { status, body, ...headers } = served;
      response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body);
    });
  };
}

/** Undefined when it hangs up. */
async function answerOf(
  issuer: TestIssuer | undefined,
  path: string,
  request: IncomingMessage,
): Promise<Served | undefined> {
  if (issuer !== undefined && path === '/jwks') return issuer.answer();
  const form = Object.fromEntries(new URLSearchParams(await text(request)));
  return (await issuer?.devices.answer(path, form)) ?? { status: 404, body: '' };
}
