import '../require-node-24.mjs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { settings } from '@countersign/durable-objects/tenant/governance-schema';
import { TOUCHED, unlockStatements } from '@countersign/durable-objects/tenant/maintenance/unlock';
import { heads } from '@countersign/durable-objects/tenant/schema';
import { decodeRow, selectList } from '@countersign/durable-objects/tenant/storage/rows';
import { localRecord, type Record, remoteRecord } from './record.ts';

const USAGE = `Takes the permission rules of a project out of force, when they let nobody change them any more.

  npm run unlock -- --project ID --operator NAME --reason TEXT [--remote DATABASE]

  --remote DATABASE   the D1 database on Cloudflare, with wrangler's login; else the local stack's, which must be stopped

The rules stay saved, and the ledger says who did this and why.
`;

const STATE = join(import.meta.dirname, '..', '..', '.countersign');

/** Does it; what to tell whoever asked. */
export async function unlock(
  record: Record,
  tenant: string,
  { operator, reason }: { readonly operator: string; readonly reason: string },
): Promise<string> {
  const [head] = await record.read({
    sql: `SELECT ${selectList(heads, 'h')} FROM heads h WHERE h.tenant = ?1`,
    params: [tenant],
  });
  if (head === undefined) return `there is no project ${tenant} in this database`;
  const found = await record.read({
    sql: `SELECT ${selectList(settings, 's')} FROM settings s WHERE s.tenant = ?1 AND s.name IN (SELECT value FROM json_each(?2))`,
    params: [tenant, JSON.stringify(TOUCHED)],
  });
  const locked = {
    head: decodeRow(heads, head),
    settings: found.map((raw) => decodeRow(settings, raw)),
  };
  await record.write(
    unlockStatements(locked, { operator, reason, nonce: crypto.randomUUID(), now: Date.now() }),
  );
  return `the permission rules of ${tenant} are out of force; the ledger says so`;
}

function readOptions() {
  try {
    const { values } = parseArgs({
      options: {
        project: { type: 'string' },
        operator: { type: 'string' },
        reason: { type: 'string' },
        remote: { type: 'string' },
      },
    });
    const { project, operator, reason, remote } = values;
    if (!project || !operator || !reason) return undefined;
    return { project, operator, reason, remote };
  } catch {
    return undefined;
  }
}

async function main(): Promise<void> {
  const options = readOptions();
  if (options === undefined) {
    process.stdout.write(USAGE);
    process.exitCode = 2;
    return;
  }
  const { project, remote, ...word } = options;
  const record = remote === undefined ? await localRecord(STATE) : remoteRecord(remote);
  try {
    process.stdout.write(`${await unlock(record, project, word)}\n`);
  } finally {
    await record.close();
  }
}

if (import.meta.main) await main();
