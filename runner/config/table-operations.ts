import { identifierSchema } from '@countersign/protocol/values';
import * as z from 'zod';

/** How many rows one job can name at most (PROTOCOL 3.6, 3.7). */
export const MOST_ROWS = 100;
const MOST_DEDUPLICATION_COLUMNS = 8;

/**
 * What may happen to the rows of a table beside the guarded update of one, which the table's `columns` allow. Whatever
 * has no word here is refused, whoever approved it.
 */
export const tableOperationsSchema = z.strictObject({
  /** A row may be added. These columns make it happen once: a unique key of the table must lie within them. */
  insert: z
    .strictObject({
      deduplication_columns: z.array(identifierSchema).min(1).max(MOST_DEDUPLICATION_COLUMNS),
    })
    .optional(),
  /** A row may be removed; with it whatever foreign keys and triggers do then, only where that is said too. */
  delete: z
    .strictObject({ cascades: z.boolean().default(false), triggers: z.boolean().default(false) })
    .optional(),
  /** One job may do to so many rows, all or none, what it may do to one. */
  sets: z.strictObject({ max_rows: z.int().min(1).max(MOST_ROWS) }).optional(),
  /**
   * What was done may be taken back, by nothing that is not allowed here by itself: to remove what was added is a
   * `delete`, to bring back what was removed an `insert`, and several rows at once are `sets`.
   */
  compensations: z.literal(true).optional(),
});
export type TableOperations = z.infer<typeof tableOperationsSchema>;
