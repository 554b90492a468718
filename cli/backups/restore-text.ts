import type { Snapshot } from '@countersign/client/backups-api';
import type { FreezeView } from '@countersign/client/fleet-api';
import { printable } from '@countersign/client/printable';
import { freezeText } from '../fleet/freeze-text.ts';
import { facts } from '../output/table.ts';
import { agoText, stateText } from './backups-text.ts';

/** What is brought back, and what becomes of everything else. */
export function restorePlan(snapshot: Snapshot, over: string | undefined, now: number): string {
  const { entries, head, snapshot_id, taken_at } = snapshot;
  return `${facts([
    ['snapshot', snapshot_id],
    ['state', stateText(snapshot)],
    ['taken', agoText(taken_at, now)],
    ['entries', `${entries}, head ${head.hash}`],
    ['over', over ?? 'nothing: it is refused where the project has a record'],
  ])}
The project is closed first: nobody is answered until it is over.
${over === undefined ? '' : 'The record that is there now is set aside as a snapshot of its own, and replaced.\n'}What was written after the snapshot is gone from the record, and not from your databases.
All work is held afterwards, until an operator lifts the stop.

`;
}

/** What holds work back now, and what to do before it is lifted. */
export function restoredText(
  snapshotId: string,
  freezes: readonly FreezeView[],
  emphasize: (text: string) => string,
): string {
  const stop = freezes.find(({ is_stop, scope }) => is_stop && scope.kind === 'project');
  return `${printable(snapshotId)} is back, and nothing is handed out:

${freezes.map((freeze) => freezeText(freeze, emphasize)).join('')}
Before you lift it, compare the record with the receipts of your databases: what was applied after the snapshot stands
there, and not here. What was approved before and applied after is found by its receipt, and not written again.

  countersign proposals list
  countersign fleet lift ${printable(stop?.freeze_id ?? 'FREEZE')} --reason "receipts compared"
`;
}
