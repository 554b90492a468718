import { system } from '@countersign/durable-objects/tenant/access/identity';
import { exportLedger } from '@countersign/durable-objects/tenant/queries/export-ledger';
import { exportRows } from '@countersign/durable-objects/tenant/queries/export-rows';
import type { LookPlan } from '@countersign/durable-objects/tenant/queries/look';
import { rebuildPlan } from '@countersign/durable-objects/tenant/rebuild/rebuild-plan';
import { readRecordPage, recordVerdict } from '@countersign/durable-objects/tenant/restore/record-reads';
import { Restoring } from '@countersign/durable-objects/tenant/restore/restoring';
import { heads } from '@countersign/durable-objects/tenant/schema';
import type { Database } from '@countersign/durable-objects/tenant/storage/database';
import { decodeRow } from '@countersign/durable-objects/tenant/storage/rows';
import type { Call } from '@countersign/durable-objects/tenant/turn/command';
import { type Reply, refuse } from '@countersign/durable-objects/tenant/turn/reply';
import type { TenantRecord } from '@countersign/protocol/backup/tenant-record';

/** A tenant's record as its object gives it to the provisioner, without the object: each call may find another one. */
export function keptRecord(database: Database, tenant: string, now: number): TenantRecord {
  let restoring: Restoring | undefined;
  let nonces = 0;
  const ask = async (asked: Call['ask']): Promise<Reply> => {
    const plan = planOf(database, tenant, asked);
    const [head, ...results] = await database.batch([
      { sql: 'SELECT * FROM heads WHERE tenant = ?1', params: [tenant] },
      ...plan.statements,
    ]);
    const raw = head?.rows[0];
    if (raw === undefined) return refuse('project_not_found', 'there is no such project');
    const context = { tenant, head: decodeRow(heads, raw), identity: system, now, may: () => true };
    const permissions = { enforced: false, rules: [] };
    return plan.answer(
      results.map(({ rows }) => rows),
      { ...context, permissions },
    );
  };
  return {
    readPage: (_at, wanted) => readRecordPage(ask, wanted),
    compare: () => recordVerdict(ask),
    restore: (_at, part) => {
      restoring ??= new Restoring(database, tenant, {
        now: () => now,
        nonce: () => {
          nonces += 1;
          return `restored ${nonces}`;
        },
      });
      return restoring.take(part);
    },
    hold: async () => ({ ok: true }),
    dismiss: async () => undefined,
    forget: async () => {
      restoring = undefined;
    },
  };
}

function planOf(database: Database, tenant: string, asked: Call['ask']): LookPlan {
  switch (asked.type) {
    case 'export-ledger':
      return exportLedger(tenant, asked);
    case 'export-rows':
      return exportRows(tenant, asked);
    case 'rebuild':
      return rebuildPlan({ database, rest: async () => undefined });
    default:
      throw new TypeError(`the provisioner does not ask ${asked.type}`);
  }
}
