import { exitCodes } from '../exit-codes.ts';
import { CliFault, usageFault } from '../fault.ts';
import { readText } from '../files.ts';
import { type Profile, profileOf, type Tokens } from '../profiles/profile.ts';
import type { ProfileStore } from '../profiles/profile-store.ts';
import { USUAL_CLIENT_ID } from './client.ts';
import { discover, IssuerRefusal, requestTokens } from './issuer.ts';

/** A token that ends sooner might end on the way. */
const SPARE_MS = 30_000;

/** A token that does not come from a profile: from a file, the standard input, or the environment. */
export async function givenToken(
  tokenFile: string | undefined,
  environment: NodeJS.ProcessEnv,
  readInput: () => Promise<string>,
): Promise<string | undefined> {
  if (tokenFile === undefined) return environment.COUNTERSIGN_TOKEN || undefined;
  const token = (tokenFile === '-' ? await readInput() : await readText(tokenFile)).trim();
  if (token === '' || /\s/.test(token)) throw usageFault('--token-file does not hold one token');
  return token;
}

/** The token of a profile, renewed where it has to be and can be. Throws `CliFault`. */
export async function profileToken(store: ProfileStore, name: string, signal: AbortSignal): Promise<string> {
  const current = profileOf(await store.read(), name)?.tokens;
  if (current === undefined) throw loginNeeded(name, 'is not signed in');
  if (isFresh(current)) return current.access_token;
  // A refresh token works once: of two processes the second must take what the first got.
  const after = await store.update(async (profiles) => {
    const profile = profileOf(profiles, name);
    if (profile?.tokens === undefined || isFresh(profile.tokens)) return profiles;
    const tokens = await renewed(name, profile, profile.tokens, signal);
    return { ...profiles, profiles: { ...profiles.profiles, [name]: { ...profile, tokens } } };
  });
  const token = profileOf(after, name)?.tokens?.access_token;
  if (token === undefined) throw loginNeeded(name, 'is not signed in');
  return token;
}

function isFresh({ expires_at }: Tokens): boolean {
  return expires_at === undefined || Date.parse(expires_at) - SPARE_MS > Date.now();
}

async function renewed(name: string, profile: Profile, tokens: Tokens, signal: AbortSignal): Promise<Tokens> {
  const { issuer, client_id = USUAL_CLIENT_ID } = profile;
  const { refresh_token } = tokens;
  if (refresh_token === undefined || issuer === undefined) throw loginNeeded(name, 'has expired');
  try {
    const form = { grant_type: 'refresh_token', client_id, refresh_token };
    const fresh = await requestTokens(await discover(issuer, signal), form, signal);
    return { refresh_token, ...fresh };
  } catch (error) {
    if (error instanceof IssuerRefusal) throw loginNeeded(name, 'has expired');
    throw error;
  }
}

function loginNeeded(name: string, what: string): CliFault {
  return new CliFault(`the login of profile ${name} ${what}`, {
    code: exitCodes.refused,
    next: 'countersign login',
  });
}
