import type { TablePermission } from '../config/runner-config.ts';
import type { Operation } from './operation-plan.ts';
import type { RefusalReason } from './refusal-reasons.ts';

type Word = 'insert' | 'delete' | 'sets' | 'compensations';

/** Which words of a table's `operations` each needs. Taking a change back needs its own and that of what it then does. */
const needs: Readonly<Record<Operation, readonly Word[]>> = {
  single_row_update: [],
  single_row_insert: ['insert'],
  single_row_delete: ['delete'],
  set_update: ['sets'],
  set_delete: ['sets', 'delete'],
  batch_insert: ['sets', 'insert'],
  restore_update: ['compensations'],
  remove_insert: ['compensations', 'delete'],
  restore_insert: ['compensations', 'insert'],
};

/** Why a table's configuration does not let an operation happen to so many of its rows; undefined when it does. */
export function wrongOperation(
  { operations }: TablePermission,
  operation: Operation,
  rows: number,
): RefusalReason | undefined {
  if (needs[operation].some((word) => operations?.[word] === undefined)) return 'OPERATION_NOT_ALLOWED';
  if (rows === 1) return undefined;
  if (operations?.sets === undefined) return 'OPERATION_NOT_ALLOWED';
  return rows > operations.sets.max_rows ? 'SET_TOO_LARGE' : undefined;
}
