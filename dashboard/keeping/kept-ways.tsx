import type { Backups, BackupWork, Snapshot } from '@countersign/client/backups-api';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { MeantDialog } from '../forms/meant-dialog.tsx';
import { useProjectApis } from '../plane/project-apis.ts';
import { Button } from '../ui/button.tsx';
import { Notice } from '../ui/notice.tsx';
import { Foreign } from '../ui/value.tsx';
import { LOSSES_UNKNOWN } from './backup-words.ts';
import { EndDialog } from './end-dialog.tsx';
import styles from './kept-ways.module.css';
import { RestoreDialog } from './restore-dialog.tsx';
import { SnapshotsTable } from './snapshots-table.tsx';

interface Props {
  readonly projectId: string;
  readonly backups: Backups;
  readonly isServed: boolean;
  readonly isGoing: boolean;
}

type Asking =
  | { readonly what: 'reopen' | 'end' }
  | { readonly what: 'restore'; readonly snapshot: Snapshot; readonly isAccepting: boolean };

/** What the owner of a closed project can do about it. */
export function KeptWays({ projectId, backups: { snapshots, work }, isServed, isGoing }: Props) {
  const apis = useProjectApis(projectId);
  const client = useQueryClient();
  const [asking, setAsking] = useState<Asking | null>(null);
  const busy = isGoing ? 'Something is under way: one at a time.' : undefined;
  const open = isServed ? 'It is served: its settings have this.' : undefined;
  const done = () => {
    setAsking(null);
    void client.invalidateQueries();
  };
  const last = work.find(({ state }) => state !== 'going');
  const stopped = last?.kind === 'restore' && last.trouble === LOSSES_UNKNOWN && !isServed ? last : undefined;
  const stoppedOn = snapshots.find(({ snapshot_id }) => snapshot_id === stopped?.snapshot_id);
  return (
    <>
      <Losses last={last} />
      {stoppedOn === undefined ? null : (
        <Notice
          tone="bad"
          title="The restore has stopped before anything was erased: the record that is there cannot say what was revoked since the snapshot."
          next="Serve the project again as it is, or restore all the same and revoke by hand what should not be valid."
          isUrgent
        >
          <div>
            <Button
              look="danger"
              refusedBecause={busy}
              onClick={() => setAsking({ what: 'restore', snapshot: stoppedOn, isAccepting: true })}
            >
              Restore all the same
            </Button>
          </div>
        </Notice>
      )}
      <div className={styles.ways}>
        <Button look="main" refusedBecause={open ?? busy} onClick={() => setAsking({ what: 'reopen' })}>
          Serve it again
        </Button>
        <Button look="danger" refusedBecause={open ?? busy} onClick={() => setAsking({ what: 'end' })}>
          End it for good
        </Button>
      </div>
      <h2>Snapshots</h2>
      <SnapshotsTable
        snapshots={snapshots}
        actions={(snapshot) => (
          <Button
            isSmall
            look="danger"
            refusedBecause={busy}
            onClick={() => setAsking({ what: 'restore', snapshot, isAccepting: false })}
          >
            Restore
          </Button>
        )}
      />
      {asking?.what === 'reopen' ? (
        <MeantDialog
          title="Serve the project again"
          action="Serve it"
          look="main"
          onDo={({ idempotencyKey }) => apis.backups.reopen({ idempotencyKey })}
          onDone={done}
          onClose={() => setAsking(null)}
        >
          <p>
            Its members and programs are answered again, within seconds. Nothing is leased until an operator
            lifts the stop.
          </p>
        </MeantDialog>
      ) : null}
      {asking?.what === 'end' ? (
        <EndDialog projectId={projectId} onBegun={done} onClose={() => setAsking(null)} />
      ) : null}
      {asking?.what === 'restore' ? (
        <RestoreDialog
          projectId={projectId}
          snapshot={asking.snapshot}
          isAccepting={asking.isAccepting}
          onBegun={done}
          onClose={() => setAsking(null)}
        />
      ) : null}
    </>
  );
}

/** What became of what was taken away after the snapshot that was brought back. */
function Losses({ last }: { readonly last: BackupWork | undefined }) {
  if (last?.kind !== 'restore' || last.state !== 'done' || last.losses == null) return null;
  const { found, notice } = last.losses;
  return found == null ? (
    <Notice
      tone="bad"
      title={<Foreign text={notice ?? 'What was revoked after the snapshot is valid again.'} />}
      next="Before anybody lifts the stop: look at the members, invitations and credentials, and revoke what should not be there. Then compare the record with the receipts of your databases."
    />
  ) : (
    <Notice
      tone="good"
      title={`What was taken away after the snapshot was taken away again (${found} found); the ledger names each.`}
      next="All work is held. Before anybody lifts the stop, compare the record with the receipts of your databases: what was applied after the snapshot stands there, and not here."
    />
  );
}
