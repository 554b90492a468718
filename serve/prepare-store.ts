import { globSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { schemaState } from '@countersign/protocol/schema-state';
import { appliedMigrations, applyMigrations, knownMigrations } from './apply-migrations.ts';
import { copyBefore } from './copy-before.ts';
import { openStore } from './open-store.ts';
import { readAppliedMigrations } from './read-record.ts';
import { ServeFault } from './serve-fault.ts';
import { serveVersion } from './version.ts';

/**
 * Brings what lies in a folder up to this program, before anything of it is served: what is missing of the schema is
 * applied, and before that all that is there is copied into a new folder in `copies`. A store that the next release has served is taken as it is. Throws `ServeFault` `store_newer` where it is of a
 * later one, or has had steps that nobody knows, and `copy_failed`; then nothing of it has changed.
 *
 * @returns the folder of the copy; null where nothing was missing, or nothing is there yet
 */
export async function prepareStore(persist: string, copies: string): Promise<string | null> {
  const all = readAppliedMigrations(persist);
  await assertNotNewer([...new Set(all.flat())], persist);
  const isUpToDate = all.length > 0 && all.every((applied) => applied.length >= knownMigrations().length);
  const isNew = globSync(join(persist, 'd1/**/*.sqlite')).length === 0;
  const copy = isUpToDate || isNew ? null : await copyBefore(persist, copies, new Date());
  if (!isUpToDate) await bringUp(persist);
  await writeFile(versionFile(persist), `${serveVersion}\n`, { mode: 0o600 });
  return copy;
}

async function bringUp(persist: string): Promise<void> {
  const { close, database } = await openStore(persist);
  try {
    // Where its files could not be read beside D1, nothing is known of it yet.
    await assertNotNewer(await appliedMigrations(database), persist);
    await applyMigrations(database);
  } finally {
    await close();
  }
}

async function assertNotNewer(applied: readonly string[], persist: string): Promise<void> {
  const state = schemaState(applied, knownMigrations());
  if (state.kind !== 'ahead') return;
  const newer = await readFile(versionFile(persist), 'utf8').catch(() => undefined);
  const wanted = newer === undefined ? 'the newer version' : `version ${newer.trim()} or a later one`;
  throw new ServeFault({
    code: 'store_newer',
    message: `the store was written by a newer program than this one, which is ${serveVersion}: it does not work with ${state.unknown.join(', ')}`,
    holds: 'nothing was served and nothing in the store has changed; a schema goes forward only',
    next: `install ${wanted}, then: countersign serve --daemon`,
  });
}

/** Names the program that served a store last: whoever has an older one is told which they need. */
function versionFile(persist: string): string {
  return `${persist}.version`;
}
