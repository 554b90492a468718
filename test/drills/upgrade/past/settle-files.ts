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

/**
 * Leaves what nobody can settle as builds before the lane `unknown` have left it: in no lane, and not counted. The schema's
 * second release mends such rows.
 */
export function leaveAsOlderBuildsDid(plane: string, project: string): void {
  for (const file of globSync(join(plane, 'd1/miniflare-D1DatabaseObject/*.sqlite'))) {
    const database = new DatabaseSync(file);
    const tables = database.prepare("SELECT 1 FROM sqlite_master WHERE name = 'proposals'").all();
    if (tables.length > 0) {
      database
        .prepare("UPDATE proposals SET lane = NULL, rank = NULL WHERE tenant = ? AND lane = 'unknown'")
        .run(project);
      database
        .prepare("UPDATE heads SET counters = json_remove(counters, '$.unknown') WHERE tenant = ?")
        .run(project);
    }
    database.close();
  }
}
