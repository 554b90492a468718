import * as z from 'zod';
import { boundedSetSchema } from './change-set/bounded-set.ts';
import { compensationSchema } from './change-set/compensation.ts';
import { engineOf } from './change-set/engine.ts';
import { guardedUpdateSchema } from './change-set/guarded-update.ts';
import { singleRowSchema } from './change-set/single-row.ts';

/** One exact change, complete, in any of its forms (PROTOCOL 3.12). What it says of itself has been worked out again. */
export const changeSetSchema = z.discriminatedUnion('schema_version', [
  guardedUpdateSchema,
  singleRowSchema,
  boundedSetSchema,
  compensationSchema,
]);
export type ChangeSet = z.infer<typeof changeSetSchema>;

/** Whether approving leads to a job: a shadow or read-only proposal, or one for another executor, never does. */
export function isWritable({
  mode,
  writeback,
  source,
}: Pick<ChangeSet, 'mode' | 'writeback' | 'source'>): boolean {
  return (
    (mode === 'review_required' || mode === 'approved_for_writeback') &&
    writeback.mode === 'trusted_worker_required' &&
    (writeback.executor === undefined || writeback.executor === 'sql_update') &&
    engineOf(source.kind) !== undefined
  );
}
