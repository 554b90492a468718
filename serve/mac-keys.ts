import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { macKeysSchema } from '@countersign/protocol/gateway-settings';
import { readSecret, secretUnusable } from './secret.ts';
import type { SecretReference } from './serve-config.ts';
import type { StorePaths } from './store-paths.ts';

const KEY_BYTES = 32;

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
  return keysIn(text, place);
}

/** Another key in place of one that was lost would refuse every token that is out there. */
async function makeKey({ macKeys, plane }: Pick<StorePaths, 'macKeys' | 'plane'>): Promise<void> {
  if (existsSync(plane)) {
    throw secretUnusable(
      `${macKeys} is not there, and the store has been served before: its tokens need their key`,
      'put it back from a copy of the store, or say under "secrets" where the keys are',
    );
  }
  await writeFile(macKeys, `${randomBytes(KEY_BYTES).toString('base64url')}\n`, { mode: 0o600, flag: 'wx' });
}

function keysIn(text: string, place: string): string[] {
  const keys = text.split(/\s+/).filter((key) => key !== '');
  const parsed = macKeysSchema.safeParse(keys);
  if (parsed.success) return parsed.data;
  throw secretUnusable(
    `${place} does not hold one to five keys of 32 characters or more, one a line`,
    "make one: node -p \"require('node:crypto').randomBytes(32).toString('base64url')\"",
  );
}
