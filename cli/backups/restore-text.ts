import type { BackupWork, Snapshot } from '@countersign/client/backups-api';
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
${over === undefined ? '' : 'What was revoked after it, and who was removed, stays so. What was granted after it is gone.\n'}All work is held afterwards, until an operator lifts the stop.

`;
}

/** The trouble of a restore that would give back what nobody knows was taken away. */
export const LOSSES_UNKNOWN = 'losses_unknown';

/** What is at stake then: nothing was erased yet. */
export function lossesUnknownText(over: string): string {
  return `
The record that is there now does not verify, or did not go on from this snapshot. So it cannot say what was taken away
since. After this restore CREDENTIALS, LOGINS AND INVITATIONS THAT WERE REVOKED AFTER THE SNAPSHOT, AND MEMBERS THAT WERE
REMOVED AFTER IT, ARE VALID AGAIN, until somebody revokes them anew.

Nothing was erased. The project is closed; to serve it as it is: countersign projects reopen
Without a terminal, --accept-revoked ${printable(over)} says that you know.

`;
}

/** What became of what was taken away after the snapshot. */
function lossesText({ losses }: BackupWork, emphasize: (text: string) => string): string {
  if (losses == null) return '';
  const { found, notice } = losses;
  if (found != null)
    return `What was taken away after the snapshot was taken away again (${found} found); the ledger names each.\n\n`;
  return `${emphasize('CAUTION')}: ${printable(notice ?? 'what was revoked after the snapshot is valid again')}.
Before you lift the stop, look at each, and revoke what should not be there:

  countersign runner-tokens list
  countersign agents list
  countersign services list
  countersign members list
  countersign invitations list

`;
}

/** What holds work back now, and what to do before it is lifted. */
export function restoredText(
  work: BackupWork,
  freezes: readonly FreezeView[],
  emphasize: (text: string) => string,
): string {
  const stop = freezes.find(({ is_stop, scope }) => is_stop && scope.kind === 'project');
  return `${printable(work.snapshot_id)} is back, and nothing is handed out:

${freezes.map((freeze) => freezeText(freeze, emphasize)).join('')}
${lossesText(work, emphasize)}Before you lift it, compare the record with the receipts of your databases: what was applied after the snapshot stands
there, and not here. What was approved before and applied after is found by its receipt, and not written again.

  countersign proposals list
  countersign fleet lift ${printable(stop?.freeze_id ?? 'FREEZE')} --reason "receipts compared"
`;
}
