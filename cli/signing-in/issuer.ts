import * as z from 'zod';
import { exitCodes } from '../exit-codes.ts';
import { CliFault } from '../fault.ts';
import type { Tokens } from '../profiles/profile.ts';
import { isSafeUrl, safeUrl } from '../profiles/safe-url.ts';

const TIMEOUT_MS = 15_000;

const endpoint = z.string().refine((text) => URL.canParse(text) && isSafeUrl(new URL(text)));
const discoverySchema = z.looseObject({
  issuer: z.string(),
  authorization_endpoint: endpoint,
  token_endpoint: endpoint,
  device_authorization_endpoint: endpoint.optional(),
  revocation_endpoint: endpoint.optional(),
});
export type Issuer = z.infer<typeof discoverySchema>;

const tokenAnswerSchema = z.looseObject({
  access_token: z.string().min(1),
  token_type: z.string().regex(/^bearer$/i),
  refresh_token: z.string().min(1).optional(),
  expires_in: z.number().positive().optional(),
});
const errorAnswerSchema = z.looseObject({ error: z.string(), error_description: z.string().optional() });

/** The issuer said no, in the words of OAuth (RFC 6749, 5.2). */
export class IssuerRefusal extends Error {
  override name = 'IssuerRefusal';
  readonly code: string;

  constructor(code: string, description: string | undefined) {
    super(description ?? code);
    this.code = code;
  }
}

/** Reads what the issuer says of itself (OpenID Connect Discovery). Throws `CliFault`. */
export async function discover(issuer: string, signal: AbortSignal): Promise<Issuer> {
  const base = safeUrl(issuer, '--issuer').href.replace(/\/$/, '');
  const answer = await ask(`${base}/.well-known/openid-configuration`, {}, signal);
  const parsed = discoverySchema.safeParse(answer.body);
  if (!answer.isOk || !parsed.success) {
    throw new CliFault(`there is no OpenID issuer at ${issuer}`, {
      code: exitCodes.failed,
      next: 'check --issuer: its /.well-known/openid-configuration must answer',
    });
  }
  // Another name than the one that was asked would let one issuer's tokens pass for another's.
  if (parsed.data.issuer.replace(/\/$/, '') !== base)
    throw new CliFault(`${issuer} calls itself ${parsed.data.issuer}`, { code: exitCodes.refused });
  return parsed.data;
}

/** Posts a form and returns what was answered. Throws `IssuerRefusal`, or `CliFault` where nothing sensible came. */
export async function postForm(
  url: string,
  form: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<unknown> {
  const answer = await ask(url, { method: 'POST', body: new URLSearchParams(form) }, signal);
  if (answer.isOk) return answer.body;
  const refusal = errorAnswerSchema.safeParse(answer.body);
  if (refusal.success) throw new IssuerRefusal(refusal.data.error, refusal.data.error_description);
  throw new CliFault(`the issuer answered ${answer.status}`, { code: exitCodes.unreachable });
}

/** Asks the token endpoint. Throws `IssuerRefusal` or `CliFault`. */
export async function requestTokens(
  { token_endpoint }: Issuer,
  form: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<Tokens> {
  const answer = tokenAnswerSchema.safeParse(await postForm(token_endpoint, form, signal));
  if (!answer.success)
    throw new CliFault('the issuer gave no token that can be used', { code: exitCodes.failed });
  const { access_token, expires_in, refresh_token } = answer.data;
  return {
    access_token,
    ...(refresh_token === undefined ? {} : { refresh_token }),
    ...(expires_in === undefined
      ? {}
      : { expires_at: new Date(Date.now() + expires_in * 1_000).toISOString() }),
  };
}

async function ask(url: string, init: RequestInit, signal: AbortSignal) {
  try {
    const response = await fetch(url, {
      ...init,
      headers: { accept: 'application/json' },
      redirect: 'error',
      signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
    });
    const body: unknown = await response.json().catch(() => undefined);
    return { isOk: response.ok, status: response.status, body };
  } catch (cause) {
    signal.throwIfAborted();
    throw new CliFault(`the issuer at ${new URL(url).origin} cannot be reached`, {
      code: exitCodes.unreachable,
      next: 'check --issuer and the way to it',
      cause,
    });
  }
}
