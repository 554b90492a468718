import { globSync } from 'node:fs';
import { cp, mkdir, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { backup, DatabaseSync } from 'node:sqlite';
import * as z from 'zod';
import { errorCode } from './error-code.ts';
import { ServeFault } from './serve-fault.ts';

/** In the backup destination it begins with what no project is called, so no list of snapshots shows it. */
export const BEFORE_UPGRADES = '_before-upgrades';

const countSchema = z.tuple([z.object({ rows: z.int() })]);
const namesSchema = z.array(z.object({ name: z.string() }));
const checkSchema = z.tuple([z.object({ integrity_check: z.string() })]);
const headsSchema = z.array(z.object({ tenant: z.string(), seq: z.int(), hash: z.string() }));

/** Where a copy goes: the backup destination, or beside the plane's files where there is none. */
export function copiesBeside(persist: string, backups: string | undefined): string {
  return backups === undefined ? `${persist}.before-upgrades` : join(backups, BEFORE_UPGRADES);
}

/**
 * Copies all that a plane keeps, before its schema is changed, by SQLite's own backup, and compares the copy with it.
 * Nobody may have it open. The copy stands under its name only once it is whole; put in the plane's place it is served
 * by the program before.
 *
 * @returns the folder of the copy
 * Throws `ServeFault` `copy_failed`, and then nothing of what is kept has changed.
 */
export async function copyBefore(persist: string, copies: string, now: Date): Promise<string> {
  const name = now.toISOString().replaceAll(/[:.]/g, '-');
  const draft = join(copies, `.unfinished-${name}`);
  const copy = join(copies, name);
  try {
    await mkdir(draft, { recursive: true, mode: 0o700 });
    for (const path of globSync('**', { cwd: persist, withFileTypes: true }))
      if (path.isFile()) await copyFile(persist, join(path.parentPath, path.name), draft);
    await rename(draft, copy);
    await flush(copies);
    return copy;
  } catch (cause) {
    await rm(draft, { recursive: true, force: true }).catch(() => undefined);
    throw copyFailed(copies, cause);
  }
}

async function copyFile(persist: string, file: string, draft: string): Promise<void> {
  // What SQLite keeps beside a file goes into its copy.
  if (/\.sqlite-(wal|shm)$/.test(file)) return;
  const target = join(draft, relative(persist, file));
  await mkdir(dirname(target), { recursive: true, mode: 0o700 });
  if (!file.endsWith('.sqlite')) return cp(file, target);
  const source = new DatabaseSync(file);
  try {
    await backup(source, target);
    assertSame(source, target);
  } finally {
    source.close();
  }
  await flush(target);
}

/** Every page is sound, each table has as many rows, and each ledger ends with the same entry. */
function assertSame(source: DatabaseSync, target: string): void {
  const copy = new DatabaseSync(target, { readOnly: true });
  try {
    const [{ integrity_check: verdict }] = checkSchema.parse(copy.prepare('PRAGMA integrity_check').all());
    if (verdict !== 'ok') throw new Error(`${basename(target)} is not sound`);
    if (JSON.stringify(outlineOf(source)) !== JSON.stringify(outlineOf(copy)))
      throw new Error(`${basename(target)} is not what it was copied from`);
  } finally {
    copy.close();
  }
}

function outlineOf(database: DatabaseSync): unknown {
  const tables = namesSchema
    .parse(database.prepare("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").all())
    .map(({ name }) => name);
  const counts = tables.map((name) => {
    const quoted = name.replaceAll('"', '""');
    const [{ rows }] = countSchema.parse(database.prepare(`SELECT count(*) AS rows FROM "${quoted}"`).all());
    return [name, rows];
  });
  const ends = tables.includes('heads')
    ? headsSchema.parse(database.prepare('SELECT tenant, seq, hash FROM heads ORDER BY tenant').all())
    : [];
  return { counts, ends };
}

async function flush(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function copyFailed(copies: string, cause: unknown): ServeFault {
  const why = errorCode(cause) === 'unknown' && cause instanceof Error ? cause.message : errorCode(cause);
  return new ServeFault(
    {
      code: 'copy_failed',
      message: `the schema is to be changed, and what the store holds could not be copied to ${copies} before (${why})`,
      holds: 'no migration was applied, nothing was served, and nothing in the store has changed',
      next: 'make room there and the right to write, then: countersign serve --daemon; the version before serves it as it is',
    },
    { cause },
  );
}
