import { randomUUID } from 'node:crypto';

/** What somebody has done with the code of a login, or what the issuer makes of it. */
export type Entered = 'pending' | 'slow' | 'allowed' | 'canceled' | 'expired';

/** How an issuer behaves as to device login; what is not said is as it should be. */
export type Misbehaving =
  | 'not_offered'
  | 'another_name'
  | 'another_host'
  | 'client_refused'
  | 'no_json'
  | 'endless'
  | 'down';

interface Answered {
  readonly status: number;
  readonly body: string;
}

const json = (body: object, status = 200): Answered => ({ status, body: JSON.stringify(body) });
const refused = (error: string): Answered => json({ error }, 400);

const SECONDS = 600;
const ENDLESS = 1_000_000;

/** The device login of a test issuer (RFC 8628): codes that a test enters by itself. */
export class TestDevices {
  readonly #issuer: string;
  readonly #url: string;
  readonly #sign: (subject: string) => Promise<string>;
  readonly #codes = new Map<string, { entered: Entered; subject: string; readonly userCode: string }>();
  misbehaving: Misbehaving | undefined;
  /** The forms that came, newest last. */
  readonly forms: Readonly<Record<string, string>>[] = [];

  constructor(issuer: string, url: string, sign: (subject: string) => Promise<string>) {
    this.#issuer = issuer;
    this.#url = url;
    this.#sign = sign;
  }

  /** Somebody does something with the code that they were shown. */
  enter(userCode: string, entered: Entered, subject = 'olivia'): void {
    for (const code of this.#codes.values())
      if (code.userCode === userCode) Object.assign(code, { entered, subject });
  }

  /** Undefined where there is nothing at this path. */
  async answer(path: string, form: Readonly<Record<string, string>>): Promise<Answered | undefined> {
    if (path === '/.well-known/openid-configuration') return this.#discovery();
    if (path !== '/device' && path !== '/token') return undefined;
    this.forms.push(form);
    if (this.misbehaving === 'no_json') return { status: 200, body: '<html>maintenance</html>' };
    if (this.misbehaving === 'endless') return { status: 200, body: `"${'x'.repeat(ENDLESS)}"` };
    return path === '/device' ? this.#begin() : this.#poll(form);
  }

  #discovery(): Answered {
    if (this.misbehaving === 'down') return json({}, 500);
    const issuer = this.misbehaving === 'another_name' ? 'https://another.example' : this.#issuer;
    const base = this.misbehaving === 'another_host' ? 'https://another.example' : this.#url;
    return json({
      issuer,
      authorization_endpoint: `${this.#url}/auth`,
      token_endpoint: `${this.#url}/token`,
      ...(this.misbehaving === 'not_offered' ? {} : { device_authorization_endpoint: `${base}/device` }),
    });
  }

  #begin(): Answered {
    if (this.misbehaving === 'client_refused') return refused('unauthorized_client');
    const [device_code, userCode] = [randomUUID(), randomUUID().slice(0, 8)];
    this.#codes.set(device_code, { entered: 'pending', subject: '', userCode });
    return json({
      device_code,
      user_code: userCode,
      verification_uri: `${this.#url}/enter`,
      expires_in: SECONDS,
      interval: 1,
    });
  }

  async #poll({ device_code = '' }: Readonly<Record<string, string>>): Promise<Answered> {
    const code = this.#codes.get(device_code);
    switch (code?.entered) {
      case undefined:
        return refused('invalid_grant');
      case 'pending':
        return refused('authorization_pending');
      case 'slow':
        return refused('slow_down');
      case 'canceled':
        return refused('access_denied');
      case 'expired':
        return refused('expired_token');
      case 'allowed':
        return json({
          access_token: await this.#sign(code.subject),
          token_type: 'Bearer',
          expires_in: SECONDS,
          refresh_token: 'a refresh token of the issuer',
        });
    }
  }
}
