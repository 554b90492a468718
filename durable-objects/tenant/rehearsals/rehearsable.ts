import type { ChangeSet } from '@countersign/protocol/change-set';
import type { GuardedUpdate } from '@countersign/protocol/change-set/guarded-update';
import type { SingleRowUpdate } from '@countersign/protocol/change-set/single-row';

export type Rehearsable = GuardedUpdate | SingleRowUpdate;

/** The change, where a runner can look at its row: a rehearsal runs the update of one row that stands there. */
export function rehearsable(changeSet: ChangeSet): Rehearsable | undefined {
  if (changeSet.schema_version === 'synapsor.change-set.v1') return changeSet;
  return 'operation' in changeSet && changeSet.operation === 'single_row_update' ? changeSet : undefined;
}
