import * as z from 'zod';
import { type ColumnValue, identifierSchema, scalarSchema } from '../values.ts';
import { type Add, within } from './add-issue.ts';
import { isSameColumn, type Row } from './check-columns.ts';

/** The columns by which the database itself keeps an insert from happening twice (PROTOCOL 3.5). */
export const deduplicationSchema = z.strictObject({
  components: z
    .array(
      z.strictObject({
        column: identifierSchema,
        value: scalarSchema,
        source: z.enum(['proposal_id', 'trusted_tenant', 'fixed']),
      }),
    )
    .min(1)
    .max(8),
});
export type Deduplication = z.infer<typeof deduplicationSchema>;

/** The columns and values that deduplication adds to the new row. */
export function deduplicationRow({ components }: Deduplication): Row {
  return Object.fromEntries(components.map(({ column, value }) => [column, value]));
}

/** One column, one value; a null is never a duplicate, so it would keep nothing apart; the tenant is the guard's. */
export function checkDeduplication({ components }: Deduplication, tenant: ColumnValue, add: Add): void {
  components.forEach(({ column, value, source }, index) => {
    if (components.findIndex((other) => isSameColumn(other.column, column)) !== index)
      add(['components', index, 'column'], 'validation_failed', 'is named twice');
    if (value === null)
      add(
        ['components', index, 'value'],
        'validation_failed',
        'must not be null: a null is never a duplicate',
      );
    if (source === 'trusted_tenant' && column !== tenant.column)
      add(['components', index, 'column'], 'validation_failed', 'must be the column of the tenant guard');
  });
  const own = components.find(({ column }) => column === tenant.column);
  if (own?.source !== 'trusted_tenant' || own.value !== tenant.value)
    add(['components'], 'validation_failed', 'must have the tenant guard, as trusted_tenant');
}

/** A single insert is kept apart by its proposal, too: the same proposal never inserts twice. */
export function checkProposalComponent({ components }: Deduplication, proposalId: string, add: Add): void {
  const own = components.find(({ source }) => source === 'proposal_id');
  if (own?.value !== proposalId)
    add(['components'], 'validation_failed', 'must have the id of the proposal, as proposal_id');
}

/** What the patch sets and what keeps the row apart are different columns. */
export function checkNoOverlap({ components }: Deduplication, patch: Row, add: Add): void {
  components.forEach(({ column }, index) => {
    if (Object.keys(patch).some((set) => isSameColumn(set, column)))
      within(add, 'components', index)(['column'], 'validation_failed', 'is set by the patch, too');
  });
}
