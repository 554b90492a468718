import { globSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** Brings what SQLite keeps beside its files into them; nobody may have them open. */
export function settleFiles(plane: string): void {
  for (const file of globSync(join(plane, '**/*.sqlite'))) {
    const database = new DatabaseSync(file);
    database.exec('PRAGMA wal_checkpoint(TRUNCATE); VACUUM');
    database.close();
    for (const beside of ['-wal', '-shm']) rmSync(`${file}${beside}`, { force: true });
  }
}
