import { existsSync } from 'node:fs';
import { readdir, writeFile } from 'node:fs/promises';
import type { SnapshotKeys } from '@countersign/protocol/backup/snapshot-keys';
import { snapshotKeyList } from './keys/snapshot-key-list.ts';
import { readSecret, secretUnusable } from './secret.ts';
import type { SecretReference } from './serve-config.ts';
import type { StorePaths } from './store-paths.ts';

/** What a snapshot lies in: DIR/PROJECT/SNAPSHOT. */
const SNAPSHOT = /^snp_[0-9A-Z]{26}$/;

/**
 * The keys that snapshots are signed and checked with, newest first: a JSON array of JSON Web Keys, in the variable or
 * file that the configuration names, else in the store, where the first start makes one. Throws `ServeFault`
 * `secrets_unusable`, which names the place and never what was found there.
 */
export async function readSnapshotKeys(
  reference: SecretReference | undefined,
  { snapshotKeys }: Pick<StorePaths, 'snapshotKeys'>,
  backups: string,
  environment: NodeJS.ProcessEnv,
): Promise<SnapshotKeys> {
  if (reference === undefined && !existsSync(snapshotKeys)) await makeKey(snapshotKeys, backups);
  const { place, text } = await readSecret(reference ?? { file: snapshotKeys }, environment);
  const keys = snapshotKeyList.parse(text);
  if (keys !== undefined) return [...keys];
  throw secretUnusable(
    `${place} does not hold the keys of snapshots: a JSON array of Ed25519 keys as JSON Web Keys, each with a kid of its own, the first with its private part`,
    'docs/operations/keys.md says how to make one',
  );
}

/** Another key in place of one that was lost would know none of the snapshots that are there. */
async function makeKey(file: string, backups: string): Promise<void> {
  if (await holdsSnapshots(backups)) {
    throw secretUnusable(
      `${file} is not there, and ${backups} holds snapshots: without the key that signed them none can be brought back`,
      'put it back from where you keep it, or say under "secrets" where the keys are',
    );
  }
  const text = snapshotKeyList.print([snapshotKeyList.make()]);
  await writeFile(file, text, { mode: 0o600, flag: 'wx' });
}

async function holdsSnapshots(backups: string): Promise<boolean> {
  const found = await readdir(backups, { recursive: true, withFileTypes: true });
  return found.some((entry) => entry.isDirectory() && SNAPSHOT.test(entry.name));
}
