import { Readable } from 'node:stream';
import { isDeepStrictEqual } from 'node:util';
import { verifyExport } from '@countersign/protocol/verify-export';
import type { Plane } from '@countersign/serve/start-plane';
import { must } from '../../support/must.ts';
import { asCopied, type RowsByTable, recordRows } from '../../support/restored-rows.ts';
import type { TestTenant } from '../../support/tenant.ts';
import type { TableFacts, TenantFacts } from './facts.ts';

/** What a tenant's record held when its snapshot was taken. */
export interface Remembered {
  readonly snapshotId: string;
  readonly head: { readonly seq: number; readonly hash: string };
  readonly rows: RowsByTable;
  readonly listed: readonly unknown[];
}

/** Everything that there is to compare of a record, read where it lies. */
export function readRows(plane: Plane, { project }: TestTenant): Promise<RowsByTable> {
  return recordRows((sql, tenant) => plane.query<object>(sql, tenant), project);
}

/** All proposals as the API lists them. */
export async function listProposals({ vera }: TestTenant): Promise<readonly unknown[]> {
  const all: unknown[] = [];
  for (let cursor = ''; ; ) {
    const { body } = must(await vera.get(`/v1/proposals?limit=100${cursor}`));
    all.push(...Object(body.proposals));
    if (typeof body.next_cursor !== 'string') return all;
    cursor = `&cursor=${encodeURIComponent(body.next_cursor)}`;
  }
}

/** Compares the record that came back with what it held; nothing may have been written since but by the restore. */
export async function compareTenant(
  plane: Plane,
  tenant: TestTenant,
  { head, listed, rows }: Remembered,
): Promise<TenantFacts> {
  const now = await readRows(plane, tenant);
  const list = await listProposals(tenant);
  const { text } = must(await tenant.audra.get('/v1/ledger/export'));
  const verdict = await verifyExport(Readable.from(text.trimEnd().split('\n')));
  const { body } = must(await tenant.olivia.post('/v1/maintenance/rebuild'));
  const entry = now.ledger?.find((row) => 'seq' in row && row.seq === head.seq);
  return {
    tenant: tenant.project,
    head,
    restored: {
      seq: now.ledger?.length ?? 0,
      hashAtHead: entry !== undefined && 'hash' in entry ? String(entry.hash) : undefined,
      doesChainHold: verdict.ok,
      doRowsFold: body.matches === true,
    },
    tables: tablesOf(asCopied(rows, head.seq), asCopied(now, head.seq)),
    listed: { before: listed.length, differing: differing(listed, list) },
  };
}

/** The rows of each table that are in one and not, or not so, in the other. */
export function tablesOf(before: RowsByTable, after: RowsByTable): readonly TableFacts[] {
  return Object.entries(before).map(([table, rows]) => ({
    table,
    rows: rows.length,
    differing: differing(rows, after[table] ?? []),
  }));
}

/** Both are in the same order. */
function differing(before: readonly unknown[], after: readonly unknown[]): number {
  const places = Array.from({ length: Math.max(before.length, after.length) }, (_, place) => place);
  return places.filter((place) => !isDeepStrictEqual(before[place], after[place])).length;
}
