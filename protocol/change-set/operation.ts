import type { ChangeSet } from '../change-set.ts';

/** What a change set does, by the names of the jobs that do it. */
export type Operation =
  | Extract<ChangeSet, { operation: unknown }>['operation']
  | Extract<ChangeSet, { compensation: unknown }>['compensation']['descriptor']['operation'];

export function operationOf(changeSet: ChangeSet): Operation {
  if ('compensation' in changeSet) return changeSet.compensation.descriptor.operation;
  return 'operation' in changeSet ? changeSet.operation : 'single_row_update';
}
