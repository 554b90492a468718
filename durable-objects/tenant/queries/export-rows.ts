import { type RowMark, type UnfoldedRow, unfoldedFrom, unfoldedPage } from '../restore/unfolded-rows.ts';
import type { LookOf } from '../turn/command.ts';
import { answer } from '../turn/reply.ts';
import type { LookPlan } from './look.ts';

/** What one call brings of the rows that no entry holds. */
export interface RowsPage {
  readonly rows: readonly UnfoldedRow[];
  /** Where the next page begins; null: there is none. */
  readonly next: RowMark | null;
}

export function exportRows(tenant: string, { mark }: LookOf<'export-rows'>): LookPlan {
  return {
    statements: [unfoldedPage(tenant, mark)],
    answer: ([rows = []]) => answer({ ok: true, ...unfoldedFrom(mark.table, rows) }),
  };
}
