import * as z from 'zod';
import { exitCodes } from '../exit-codes.ts';
import { CliFault } from '../fault.ts';
import type { Tokens } from '../profiles/profile.ts';
import type { World } from '../world.ts';
import type { OidcClient } from './client.ts';
import { type Issuer, IssuerRefusal, postForm, requestTokens } from './issuer.ts';

const USUAL_INTERVAL_SECONDS = 5;
const SLOWER_SECONDS = 5;

const deviceSchema = z.looseObject({
  device_code: z.string().min(1),
  user_code: z.string().min(1),
  verification_uri: z.string(),
  verification_uri_complete: z.string().optional(),
  expires_in: z.number().positive(),
  interval: z.number().min(0).optional(),
});
export type DeviceCode = z.infer<typeof deviceSchema>;

/**
 * Signs in on a machine without a browser (RFC 8628): somebody enters the code elsewhere, while this asks whether they
 * have. `show` is given what they need. Throws `CliFault`.
 */
export async function deviceFlow(
  issuer: Issuer,
  { clientId, scope }: OidcClient,
  show: (device: DeviceCode) => void,
  { pause, signal }: Pick<World, 'pause' | 'signal'>,
): Promise<Tokens> {
  if (issuer.device_authorization_endpoint === undefined) {
    throw new CliFault('the issuer does not offer the device flow', {
      code: exitCodes.failed,
      next: 'countersign login without --device',
    });
  }
  const form = { client_id: clientId, scope };
  const device = deviceSchema.parse(await postForm(issuer.device_authorization_endpoint, form, signal));
  show(device);
  return poll(issuer, clientId, device, { pause, signal });
}

async function poll(
  issuer: Issuer,
  clientId: string,
  device: DeviceCode,
  { pause, signal }: Pick<World, 'pause' | 'signal'>,
): Promise<Tokens> {
  const form = {
    grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
    client_id: clientId,
    device_code: device.device_code,
  };
  const endsAt = Date.now() + device.expires_in * 1_000;
  let seconds = device.interval ?? USUAL_INTERVAL_SECONDS;
  while (Date.now() < endsAt) {
    await pause(seconds * 1_000);
    try {
      return await requestTokens(issuer, form, signal);
    } catch (error) {
      if (!(error instanceof IssuerRefusal)) throw error;
      if (error.code === 'slow_down') seconds += SLOWER_SECONDS;
      else if (error.code !== 'authorization_pending') throw ended(error);
    }
  }
  throw new CliFault('the code has expired', { code: exitCodes.refused, next: 'countersign login --device' });
}

function ended({ code, message }: IssuerRefusal): CliFault {
  const why = { access_denied: 'the login was canceled', expired_token: 'the code has expired' }[code];
  return new CliFault(why ?? `the issuer refused (${code}): ${message}`, {
    code: exitCodes.refused,
    next: 'countersign login --device',
  });
}
