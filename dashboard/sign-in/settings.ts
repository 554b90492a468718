import { call } from '@countersign/client/http';
import { type SignInSettings, signInSettingsSchema } from '@countersign/protocol/sign-in-settings';

/** What the plane tells whoever has not signed in yet. Throws `ApiError`. */
export function readSignInSettings(signal?: AbortSignal): Promise<SignInSettings> {
  const connection = { url: location.origin, userAgent: '' };
  return call(connection, { method: 'GET', path: '/v1/sign-in', answer: signInSettingsSchema, signal });
}
