import type { Backups, Snapshot } from '@countersign/client/backups-api';
import type { WriteOptions } from '@countersign/client/http';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { PasteBlock } from '../../forms/paste-block.tsx';
import { RestoreDialog } from '../../keeping/restore-dialog.tsx';
import { SnapshotsTable } from '../../keeping/snapshots-table.tsx';
import { backupsKey, useBackups } from '../../keeping/use-backups.ts';
import { WorkLines } from '../../keeping/work-lines.tsx';
import { useMay, usePlane } from '../../plane/plane-context.ts';
import { useProjectApis } from '../../plane/project-apis.ts';
import { Button } from '../../ui/button.tsx';
import { Fault } from '../../ui/fault.tsx';
import { PageWait } from '../../ui/page-wait.tsx';
import { NotShown } from '../not-shown.tsx';
import { Section } from '../section.tsx';
import { useRefusal } from '../use-refusal.ts';
import { BackupStanding } from './backup-standing.tsx';

/** Copies of the record: how fresh they are, and whether one was ever brought back. */
export function BackupsPart() {
  const mayRead = useMay('read-backups');
  return mayRead ? <Copies /> : <NotShown who="owners, admins and auditors" />;
}

function Copies() {
  const { projectId } = usePlane();
  const { backups } = useProjectApis(projectId);
  const client = useQueryClient();
  const navigate = useNavigate();
  const { data, error, refetch } = useBackups(projectId, false);
  const [restoring, setRestoring] = useState<Snapshot | null>(null);
  const noTaking = useRefusal('take-backup', 'owners, admins and operators');
  const noKeeping = useRefusal('keep-project', 'an owner');
  const begin = useMutation({
    mutationFn: (ask: (options: WriteOptions) => Promise<unknown>) =>
      ask({ idempotencyKey: crypto.randomUUID() }),
    onSettled: () => client.invalidateQueries({ queryKey: backupsKey(projectId) }),
  });
  const isBusy = begin.isPending || data?.work.some(({ state }) => state === 'going') === true;
  const busy = isBusy ? 'Something is under way: one at a time.' : undefined;
  return (
    <>
      <Section
        title="Backups"
        about="A snapshot is a signed copy of the whole record. That one comes back is shown only by bringing it back: a proof does that in a scratch database, and compares every row."
        actions={
          <>
            <Button refusedBecause={noTaking ?? busy} onClick={() => begin.mutate(backups.take)}>
              Take a snapshot
            </Button>
            <Button refusedBecause={noTaking ?? busy} onClick={() => begin.mutate(backups.prove)}>
              Prove the newest
            </Button>
          </>
        }
      >
        {error === null ? null : <Fault error={error} onRetry={() => void refetch()} />}
        {begin.error === null ? null : <Fault error={begin.error} />}
        {data === undefined ? (
          error === null ? (
            <PageWait />
          ) : null
        ) : (
          <>
            <BackupStanding backups={data} />
            <WorkLines work={data.work} />
          </>
        )}
      </Section>
      {data === undefined ? null : (
        <Section
          title="Snapshots"
          actions={
            <Button
              isSmall
              title="Removes what is beyond what is kept, as it happens after each good snapshot. The newest good one never goes."
              refusedBecause={noKeeping ?? busy}
              onClick={() => begin.mutate(backups.prune)}
            >
              Prune
            </Button>
          }
        >
          <SnapshotsTable
            snapshots={data.snapshots}
            actions={(snapshot) => (
              <>
                <Button
                  isSmall
                  refusedBecause={noTaking ?? busy}
                  onClick={() => begin.mutate((options) => backups.verify(snapshot.snapshot_id, options))}
                >
                  Verify
                </Button>
                <Button
                  isSmall
                  look="danger"
                  refusedBecause={noKeeping ?? busy}
                  onClick={() => setRestoring(snapshot)}
                >
                  Restore
                </Button>
              </>
            )}
          />
          <PublicKeys keys={data.keys} />
        </Section>
      )}
      {restoring === null ? null : (
        <RestoreDialog
          projectId={projectId}
          snapshot={restoring}
          onBegun={() => void navigate({ to: '/kept/$project', params: { project: projectId } })}
          onClose={() => setRestoring(null)}
        />
      )}
    </>
  );
}

function PublicKeys({ keys }: { readonly keys: Backups['keys'] }) {
  return (
    <details>
      <summary>The public keys with which snapshots are checked</summary>
      <p>Keep them where the snapshots are not: whoever can replace both can make a snapshot.</p>
      <PasteBlock label="The public keys" text={JSON.stringify({ keys }, null, 2)} />
    </details>
  );
}
