import { globSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import * as z from 'zod';
import type { Mark } from '../facts.ts';

/** Nothing is ever taken out of these. */
const GROWING = [
  'ledger',
  'proposals',
  'sources',
  'members',
  'credentials',
  'invitations',
  'contracts',
  'contract_versions',
  'capabilities',
  'policies',
  'actions',
  'effects',
  'runs',
  'steps',
  'controls',
] as const;

const headsSchema = z.array(z.object({ tenant: z.string(), seq: z.int(), hash: z.string() }));
const countsSchema = z.tuple([z.record(z.string(), z.int())]);

/** Reads the record of a plane where it lies; nobody may serve it. */
export function readMark(when: string, plane: string): Mark {
  for (const file of globSync(join(plane, 'd1/miniflare-D1DatabaseObject/*.sqlite'))) {
    const database = new DatabaseSync(file, { readOnly: true });
    try {
      const heads = headsIn(database);
      if (heads.length > 0)
        return { when, tenants: heads.map((head) => ({ ...head, rows: rowsOf(database, head.tenant) })) };
    } finally {
      database.close();
    }
  }
  throw new Error(`there is no record in ${plane}`);
}

/** None in the scratch database, and in miniflare's own. */
function headsIn(database: DatabaseSync) {
  const [table] = database.prepare("SELECT 1 FROM sqlite_master WHERE name = 'heads'").all();
  if (table === undefined) return [];
  return headsSchema.parse(database.prepare('SELECT tenant, seq, hash FROM heads ORDER BY tenant').all());
}

function rowsOf(database: DatabaseSync, tenant: string): Readonly<Record<string, number>> {
  const counts = GROWING.map((name) => `(SELECT count(*) FROM ${name} WHERE tenant = ?1) AS ${name}`);
  return countsSchema.parse(database.prepare(`SELECT ${counts.join(', ')}`).all(tenant))[0];
}
