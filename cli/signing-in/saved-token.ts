import type { Context } from '../command/context.ts';
import { usageFault } from '../fault.ts';
import { originOf, urlOf } from '../plane.ts';
import { PROFILE_NAME, type Profile, profileOf } from '../profiles/profile.ts';
import { ProfileStore } from '../profiles/profile-store.ts';

/** The profile that is to keep a token, and the control plane that the token is for. */
export interface TokenPlace {
  readonly store: ProfileStore;
  readonly name: string;
  readonly url: string;
  readonly projectId: string | undefined;
  readonly before: Profile | undefined;
}

/** Where a token will be kept, by options, environment and profile. Throws `CliFault`, before anything is made. */
export async function tokenPlaceOf({ common, world }: Context): Promise<TokenPlace> {
  const { environment } = world;
  const store = new ProfileStore(environment);
  const profiles = await store.read();
  const name = common.profile ?? profiles.current;
  if (!PROFILE_NAME.test(name)) throw usageFault('--profile must be letters, digits and . _ -');
  const before = profileOf(profiles, name);
  const url = urlOf(common.url ?? (environment.COUNTERSIGN_URL || undefined), before);
  // Another control plane has other projects.
  const known = before !== undefined && originOf(before.url) === url ? before.project_id : undefined;
  const projectId = common.project ?? (environment.COUNTERSIGN_PROJECT || known);
  return { store, name, url, projectId, before };
}

/** Keeps a token that does not renew itself in place of what the profile had, and makes the profile the current one. */
export async function saveToken({ name, projectId, store, url }: TokenPlace, token: string): Promise<void> {
  const profile = {
    url,
    ...(projectId === undefined ? {} : { project_id: projectId }),
    tokens: { access_token: token },
  };
  await store.update((now) => ({ current: name, profiles: { ...now.profiles, [name]: profile } }));
}
