import '../require-node-24.mjs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { settings } from '@countersign/durable-objects/tenant/governance-schema';
import {
  accountIn,
  REOPENED,
  reopenStatements,
} from '@countersign/durable-objects/tenant/maintenance/reopen-bootstrap';
import { TOUCHED, unlockStatements } from '@countersign/durable-objects/tenant/maintenance/unlock';
import { credentials, heads } from '@countersign/durable-objects/tenant/schema';
import { decodeRow, selectList } from '@countersign/durable-objects/tenant/storage/rows';
import { optionsOrUsage } from './options-or-usage.ts';
import { localRecord, type Record, remoteRecord, servedRecord } from './record.ts';

const USAGE = `Takes the permission rules of a project out of force, when they let nobody change them any more.

  npm run unlock -- --project ID --operator NAME --reason TEXT [--bootstrap] [--remote DATABASE | --store FOLDER]

  --bootstrap         instead, lets the bootstrap token be exchanged once more, and ends the account that was made by it
  --remote DATABASE   the D1 database on Cloudflare, with wrangler's login; else the local stack's, which must be stopped
  --store FOLDER      the store of \`countersign serve\`, which must be stopped

The rules stay saved, and the ledger says who did this and why.
`;

const STATE = join(import.meta.dirname, '..', '..', '.countersign');

interface Word {
  readonly operator: string;
  readonly reason: string;
}

/** Does it; what to tell whoever asked. */
export async function unlock(record: Record, tenant: string, word: Word): Promise<string> {
  const head = await headOf(record, tenant);
  if (head === undefined) return noSuchProject(tenant);
  const locked = { head, settings: await settingsOf(record, tenant, TOUCHED) };
  await record.write(unlockStatements(locked, unlocking(word)));
  return `the permission rules of ${tenant} are out of force; the ledger says so`;
}

/** Lets the bootstrap token be exchanged once more; what to tell whoever asked. */
export async function reopenBootstrap(record: Record, tenant: string, word: Word): Promise<string> {
  const head = await headOf(record, tenant);
  if (head === undefined) return noSuchProject(tenant);
  const found = await settingsOf(record, tenant, REOPENED);
  const [account] = await record.read({
    sql: `SELECT ${selectList(credentials, 'c')} FROM credentials c WHERE c.tenant = ?1 AND c.credential_id = ?2`,
    params: [tenant, accountIn(found) ?? ''],
  });
  const statements = reopenStatements(
    { head, settings: found, account: account === undefined ? undefined : decodeRow(credentials, account) },
    unlocking(word),
  );
  if (statements === undefined)
    return `nothing was exchanged for ${tenant}: the token of the first run still counts`;
  await record.write(statements);
  return `the bootstrap token can be exchanged for ${tenant} once more, and the account before has ended; the ledger says so`;
}

async function headOf(record: Record, tenant: string) {
  const [raw] = await record.read({
    sql: `SELECT ${selectList(heads, 'h')} FROM heads h WHERE h.tenant = ?1`,
    params: [tenant],
  });
  return raw === undefined ? undefined : decodeRow(heads, raw);
}

async function settingsOf(record: Record, tenant: string, names: readonly string[]) {
  const found = await record.read({
    sql: `SELECT ${selectList(settings, 's')} FROM settings s WHERE s.tenant = ?1 AND s.name IN (SELECT value FROM json_each(?2))`,
    params: [tenant, JSON.stringify(names)],
  });
  return found.map((raw) => decodeRow(settings, raw));
}

function unlocking(word: Word) {
  return { ...word, nonce: crypto.randomUUID(), now: Date.now() };
}

function noSuchProject(tenant: string): string {
  return `there is no project ${tenant} in this database`;
}

function readOptions() {
  const { values } = parseArgs({
    options: {
      project: { type: 'string' },
      operator: { type: 'string' },
      reason: { type: 'string' },
      remote: { type: 'string' },
      store: { type: 'string' },
      bootstrap: { type: 'boolean', default: false },
    },
  });
  const { bootstrap, project, operator, reason, remote, store } = values;
  if (!project || !operator || !reason || (remote !== undefined && store !== undefined)) return undefined;
  return { bootstrap, project, operator, reason, remote, store };
}

async function main(): Promise<void> {
  const options = optionsOrUsage(USAGE, readOptions);
  if (options === undefined) return;
  const { bootstrap, operator, project, reason } = options;
  const record = await recordNamed(options);
  const does = bootstrap ? reopenBootstrap : unlock;
  try {
    process.stdout.write(`${await does(record, project, { operator, reason })}\n`);
  } finally {
    await record.close();
  }
}

function recordNamed({ remote, store }: { remote: string | undefined; store: string | undefined }) {
  if (remote !== undefined) return remoteRecord(remote);
  return store === undefined ? localRecord(STATE) : servedRecord(store);
}

if (import.meta.main) await main();
