import { globSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { tokenKinds } from '@countersign/protocol/token';
import * as z from 'zod';

/** The credentials that count, each with the key that made its token, where somebody noted it. For each database of tenants. */
export const HOLDERS_SQL =
  'SELECT c.tenant AS project_id, c.credential_id, c.kind, c.name, c.expires_at, ' +
  "coalesce(json_extract(tip.body, '$.mac_key'), json_extract(begun.body, '$.mac_key')) AS key_id " +
  'FROM credentials c LEFT JOIN ledger tip ON tip.tenant = c.tenant AND tip.seq = c.tip_seq ' +
  'LEFT JOIN ledger begun ON begun.tenant = c.tenant AND begun.seq = tip.prev_subject_seq ' +
  "WHERE c.status <> 'revoked' AND (c.expires_at IS NULL OR c.expires_at > 1000 * unixepoch()) " +
  'ORDER BY c.tenant, c.credential_id';

const holderSchema = z.strictObject({
  project_id: z.string(),
  credential_id: z.string(),
  kind: z.enum(Object.values(tokenKinds) as ['runner', 'agent', 'service']),
  name: z.string(),
  /** Unix milliseconds; null for one that does not end. */
  expires_at: z.int().nullable(),
  /** Null where nobody noted it, as in older records. */
  key_id: z.string().nullable(),
});
export type TokenHolder = z.infer<typeof holderSchema>;

/** What `wrangler d1 execute --json` says of one statement. */
export const wranglerHoldersSchema = z
  .tuple([z.object({ success: z.literal(true), results: z.array(holderSchema) })])
  .transform(([{ results }]) => results);

/** Those of the tenants in a plane's files, whether it runs or not. Throws where they cannot be read. */
export function readHolders(persist: string): readonly TokenHolder[] {
  const all = globSync(join(persist, 'd1/miniflare-D1DatabaseObject/*.sqlite')).flatMap(holdersIn);
  // A proof has copies of the rows for as long as it lasts.
  return [...new Map(all.map((one) => [`${one.project_id} ${one.credential_id}`, one])).values()];
}

/** A database that cannot be read may hold anybody: only one that has no credentials has nobody. */
function holdersIn(file: string): readonly TokenHolder[] {
  const database = new DatabaseSync(file, { readOnly: true, timeout: BUSY_MS });
  try {
    const known = database.prepare("SELECT 1 FROM sqlite_master WHERE name = 'credentials'").get();
    return known === undefined ? [] : z.array(holderSchema).parse(database.prepare(HOLDERS_SQL).all());
  } finally {
    database.close();
  }
}

const BUSY_MS = 5_000;

/** Those that would be shut out without a key. Where nobody noted which key it was, it may be any. */
export function dependingOn(holders: readonly TokenHolder[], keyId: string): readonly TokenHolder[] {
  return holders.filter(({ key_id }) => key_id === keyId || key_id === null);
}
