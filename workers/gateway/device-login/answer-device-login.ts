import type { Reply } from '@countersign/durable-objects/tenant/turn/reply';
import type { ErrorCode } from '@countersign/protocol/error-codes';
import { Refused } from '@countersign/protocol/problem';
import * as z from 'zod';
import type { Settings } from '../settings.ts';
import { askIssuer, type IssuerAnswer, unavailable } from './ask-issuer.ts';
import { type DeviceIssuer, deviceIssuer, issuerOfMark } from './device-issuer.ts';
import { assertNotTooMany } from './device-rate.ts';

const GRANT = 'urn:ietf:params:oauth:grant-type:device_code';

const begunSchema = z.looseObject({
  device_code: z.string().min(1).max(1_500),
  user_code: z.string().min(1).max(100),
  verification_uri: z.string().max(2_000),
  verification_uri_complete: z.string().max(2_000).optional(),
  expires_in: z.number().positive(),
  interval: z.number().min(0).optional(),
});
const grantedSchema = z.looseObject({
  access_token: z.string().min(1),
  token_type: z.string().regex(/^bearer$/i),
  expires_in: z.number().positive().optional(),
});
const refusedSchema = z.looseObject({ error: z.string() });

/** Seconds: what RFC 8628 counts on where an issuer says nothing. */
const USUAL_INTERVAL = 5;

/**
 * Begins a login on another device (RFC 8628, PROTOCOL 2.1): the issuer is asked, and its answer handed on. Nothing is
 * kept here; the code that the client asks with later says which issuer gave it. Throws `Refused`.
 */
export async function beginDeviceLogin({ issuers }: Settings): Promise<Reply> {
  assertNotTooMany('begin');
  const issuer = await deviceIssuer(issuers);
  const { clientId: client_id, deviceEndpoint, mark, parameters, scope } = issuer;
  const told = await askIssuer(deviceEndpoint, { ...parameters, client_id, scope });
  if (!told.isOk) throw new Refused(refusalOf(told));
  const begun = begunSchema.safeParse(told.body);
  if (!begun.success) throw unavailable(begun.error);
  const { device_code, expires_in, interval = USUAL_INTERVAL, user_code, ...where } = begun.data;
  const { verification_uri, verification_uri_complete = verification_uri } = where;
  return answered({
    device_code: `${mark}.${device_code}`,
    user_code,
    verification_uri,
    verification_uri_complete,
    expires_in,
    interval,
  });
}

/** Whether the code was entered: then the issuer's access token, and no other token of it. Throws `Refused`. */
export async function pollDeviceLogin({ issuers }: Settings, sent: string): Promise<Reply> {
  assertNotTooMany('poll');
  const point = sent.indexOf('.');
  const issuer = await issuerOfMark(issuers, sent.slice(0, Math.max(point, 0)));
  const told = await askIssuer(issuer.tokenEndpoint, formOf(issuer, sent.slice(point + 1)));
  if (!told.isOk) throw new Refused(refusalOf(told));
  const granted = grantedSchema.safeParse(told.body);
  if (!granted.success) throw unavailable(granted.error);
  const { access_token, expires_in = null } = granted.data;
  return answered({ access_token, token_type: 'Bearer', expires_in });
}

function formOf({ clientId: client_id }: DeviceIssuer, device_code: string) {
  return { grant_type: GRANT, client_id, device_code };
}

/** The issuer's refusals under their own names (RFC 8628, 3.5), for that is what clients read. */
const refusals: Readonly<Record<string, { readonly code: ErrorCode; readonly message: string }>> = {
  authorization_pending: { code: 'authorization_pending', message: 'nobody has entered the code yet' },
  slow_down: { code: 'slow_down', message: 'wait longer before asking again' },
  access_denied: { code: 'access_denied', message: 'the login was canceled' },
  expired_token: { code: 'expired_token', message: 'the code has expired' },
  invalid_grant: { code: 'expired_token', message: 'the code counts no more' },
};

function refusalOf({ body, status }: IssuerAnswer) {
  const told = refusedSchema.safeParse(body);
  if (!told.success || status >= 500) throw unavailable();
  return (
    refusals[told.data.error] ?? {
      code: 'device_login_not_offered' as const,
      message: 'the identity provider does not let this installation use device login',
      next: 'whoever runs it registers a client for it: `device_client_id` in `dashboard` of the setting ISSUERS',
    }
  );
}

function answered(body: { readonly [member: string]: unknown }): Reply {
  return { ok: true, status: 200, body: { ok: true, ...body } };
}
