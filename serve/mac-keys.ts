import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tokenKeys } from './keys/token-keys.ts';
import { readSecret, secretUnusable } from './secret.ts';
import type { SecretReference } from './serve-config.ts';
import type { ServeFault } from './serve-fault.ts';
import type { StorePaths } from './store-paths.ts';

/**
 * The keys that tokens are made and checked with, newest first: one a line, in the variable or file that the
 * configuration names, else in the store, where the first start makes one. Throws `ServeFault` `secrets_unusable`, which
 * names the place and never what was found there.
 */
export async function readMacKeys(
  reference: SecretReference | undefined,
  paths: Pick<StorePaths, 'macKeys' | 'plane'>,
  environment: NodeJS.ProcessEnv,
): Promise<string[]> {
  if (reference === undefined && !existsSync(paths.macKeys)) await makeKey(paths);
  const { place, text } = await readSecret(reference ?? { file: paths.macKeys }, environment);
  const keys = tokenKeys.parse(text);
  if (keys === undefined) throw noKeys(place);
  return [...keys];
}

/** Another key in place of one that was lost would refuse every token that is out there. */
async function makeKey({ macKeys, plane }: Pick<StorePaths, 'macKeys' | 'plane'>): Promise<void> {
  if (existsSync(plane)) {
    throw secretUnusable(
      `${macKeys} is not there, and the store has been served before: its tokens need their key`,
      'put it back from a copy of the store, or say under "secrets" where the keys are',
    );
  }
  await writeFile(macKeys, tokenKeys.print([tokenKeys.make()]), { mode: 0o600, flag: 'wx' });
}

function noKeys(place: string): ServeFault {
  return secretUnusable(
    `${place} does not hold one to five keys of 32 characters or more, one a line`,
    "make one: node -p \"require('node:crypto').randomBytes(32).toString('base64url')\"",
  );
}
