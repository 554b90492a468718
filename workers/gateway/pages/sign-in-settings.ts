import type { SignInSettings } from '@countersign/protocol/sign-in-settings';
import { INSECURE_WARNING, insecureLocalhost } from '../insecure-localhost.ts';
import type { Settings } from '../settings.ts';

/** What anybody may know who has not signed in yet. */
export function signInSettings({ defaultProject, isSignUpOpen, issuers }: Settings): SignInSettings {
  return {
    ok: true,
    issuers: issuers.flatMap(({ dashboard, issuer }) => {
      if (dashboard === undefined) return [];
      const { client_id, name = new URL(issuer).host, parameters, scope } = dashboard;
      return [{ issuer, name, client_id, scope, parameters }];
    }),
    default_project: defaultProject ?? null,
    is_sign_up_open: isSignUpOpen,
    warning: insecureLocalhost() === undefined ? null : INSECURE_WARNING,
  };
}
