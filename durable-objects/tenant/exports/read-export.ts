import { sequenceOfId } from '@countersign/protocol/ids';
import type { LedgerEntry } from '@countersign/protocol/ledger';
import type { LookPlan } from '../queries/look.ts';
import { entryOf } from '../queries/story.ts';
import { ledger } from '../schema.ts';
import type { RawRow, Statement } from '../storage/database.ts';
import { selectList } from '../storage/rows.ts';
import type { LookOf } from '../turn/command.ts';
import { answer, refuse } from '../turn/reply.ts';
import type { ExportRequested } from './export-body.ts';
import { exportView } from './export-view.ts';

/** What an export is. */
export function readExport(tenant: string, { exportId }: LookOf<'read-export'>): LookPlan {
  return {
    statements: [requestOf(tenant, exportId)],
    answer: ([rows = []]) => {
      const found = requestIn(exportId, rows);
      if (found === undefined) return noSuchExport();
      return answer({ ok: true, export: exportView(tenant, found.request, Date.parse(found.entry.at)) });
    },
  };
}

/** The entry that asks for an export: its id says where it stands. */
export function requestOf(tenant: string, exportId: string): Statement {
  const sql = `SELECT ${selectList(ledger, 'l')} FROM ledger l WHERE l.tenant = ?1 AND l.seq = ?2`;
  return { sql, params: [tenant, sequenceOfId('exp', exportId, tenant) ?? 0] };
}

export function requestIn(
  exportId: string,
  rows: readonly RawRow[],
): { readonly entry: LedgerEntry; readonly request: ExportRequested } | undefined {
  const [entry] = rows.map(entryOf);
  if (entry?.type !== 'export.requested') return undefined;
  const request = entry.body as ExportRequested;
  return request.export_id === exportId ? { entry, request } : undefined;
}

export function noSuchExport() {
  return refuse('export_not_found', 'there is no such export');
}
