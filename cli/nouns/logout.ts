import { createCallApi } from '@countersign/client/call-api';
import { createSessionApi } from '@countersign/client/session-api';
import { command } from '../command/command.ts';
import { exitCodes } from '../exit-codes.ts';
import { type Profile, profileOf } from '../profiles/profile.ts';
import { ProfileStore } from '../profiles/profile-store.ts';
import { USUAL_CLIENT_ID } from '../signing-in/client.ts';
import { discover, postForm } from '../signing-in/issuer.ts';
import { cliVersion } from '../version.ts';

export const logout = command({
  name: 'logout',
  summary: 'forget the login, and end it where it came from',
  example: 'countersign logout',
  run: async (context) => {
    const { common, world } = context;
    const store = new ProfileStore(world.environment);
    const profiles = await store.read();
    const name = common.profile ?? profiles.current;
    const profile = profileOf(profiles, name);
    await store.update((now) => {
      const { tokens, ...rest } = profileOf(now, name) ?? { url: '' };
      return tokens === undefined ? now : { ...now, profiles: { ...now.profiles, [name]: rest } };
    });
    // It is forgotten here whether or not anybody listens there.
    const ended = {
      control_plane: await isDone(() => endSession(profile, world.signal)),
      issuer: await isDone(() => revokeRefresh(profile, world.signal)),
    };
    const where = [ended.control_plane ? 'the control plane' : '', ended.issuer ? 'the issuer' : ''].filter(
      Boolean,
    );
    context.answer(
      { ok: true, profile: name, ended },
      `profile ${name} is signed out${where.length === 0 ? '' : `; its login is ended at ${where.join(' and ')}`}\n`,
    );
    return exitCodes.ok;
  },
});

async function isDone(work: () => Promise<boolean>): Promise<boolean> {
  try {
    return await work();
  } catch {
    return false;
  }
}

/** The access token is good for a while yet: the control plane is told to refuse it. */
async function endSession(profile: Profile | undefined, signal: AbortSignal): Promise<boolean> {
  const token = profile?.tokens?.access_token;
  if (profile === undefined || token === undefined) return false;
  const { url, project_id: projectId } = profile;
  const connection = { url, projectId, token: () => token, userAgent: `countersign/${cliVersion}` };
  await createSessionApi(createCallApi(connection)).revoke({ signal });
  return true;
}

/** No new access token comes of it then (RFC 7009), where the issuer offers that. */
async function revokeRefresh(profile: Profile | undefined, signal: AbortSignal): Promise<boolean> {
  const token = profile?.tokens?.refresh_token;
  if (profile?.issuer === undefined || token === undefined) return false;
  const { revocation_endpoint } = await discover(profile.issuer, signal);
  if (revocation_endpoint === undefined) return false;
  const client_id = profile.client_id ?? USUAL_CLIENT_ID;
  await postForm(revocation_endpoint, { token, token_type_hint: 'refresh_token', client_id }, signal);
  return true;
}
