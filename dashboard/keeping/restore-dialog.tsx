import type { Snapshot } from '@countersign/client/backups-api';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { TextField } from '../forms/field.tsx';
import { FormDialog } from '../forms/form-dialog.tsx';
import { useIntent } from '../forms/use-intent.ts';
import { useProjectApis } from '../plane/project-apis.ts';
import { Notice } from '../ui/notice.tsx';
import { When } from '../ui/when.tsx';
import { snapshotState } from './backup-words.ts';
import styles from './restore-dialog.module.css';

interface Props {
  readonly projectId: string;
  readonly snapshot: Snapshot;
  /** The record cannot say what was revoked since: whoever goes on takes that it may be valid again. */
  readonly isAccepting?: boolean;
  readonly onBegun: () => void;
  readonly onClose: () => void;
}

/** Brings a snapshot back over what is there, after everything that this means was said. */
export function RestoreDialog({ projectId, snapshot, isAccepting = false, onBegun, onClose }: Props) {
  const { backups } = useProjectApis(projectId);
  const keyOf = useIntent();
  const [label, setLabel] = useState('');
  const [reason, setReason] = useState('');
  const over = label.trim();
  const wish = {
    snapshot_id: snapshot.snapshot_id,
    reason: reason.trim(),
    ...(over === '' ? {} : { over }),
    ...(isAccepting ? { accept_revoked: over } : {}),
  };
  const restoring = useMutation({
    mutationFn: () => backups.restore(wish, { idempotencyKey: keyOf(wish) }),
    onSuccess: onBegun,
  });
  return (
    <FormDialog
      title={isAccepting ? 'Restore, though revoked things may be valid again' : 'Restore over the record'}
      action="Restore"
      look="danger"
      isReady={wish.reason !== '' && (over !== '' || !isAccepting)}
      isPending={restoring.isPending}
      error={restoring.error}
      onSend={() => restoring.mutate()}
      onClose={onClose}
    >
      <p>
        <code>{snapshot.snapshot_id}</code>, {snapshotState(snapshot).text}, taken{' '}
        <When at={snapshot.taken_at} />, {snapshot.entries.toLocaleString()} entries.
      </p>
      {isAccepting ? <LossesAtStake /> : null}
      <ul className={styles.plan}>
        <li>The project is closed first: nobody is answered until it is over.</li>
        <li>The record that is there now is set aside as a snapshot of its own, and replaced.</li>
        <li>What was written after the snapshot is gone from the record, and not from your databases.</li>
        {isAccepting ? null : (
          <li>
            What was revoked after it, and who was removed, stays so. What was granted after it is gone. Where
            nobody can tell what was revoked, it stops before anything is erased, and asks again.
          </li>
        )}
        <li>All work is held afterwards, until an operator lifts the stop.</li>
      </ul>
      <TextField
        label="The label of the project"
        hint="Said once more, where there is a record that is replaced. Empty only where there is none."
        value={label}
        onChange={({ currentTarget }) => setLabel(currentTarget.value)}
      />
      <TextField
        label="Why? It stands in the ledger."
        value={reason}
        maxLength={2_000}
        required
        onChange={({ currentTarget }) => setReason(currentTarget.value)}
      />
    </FormDialog>
  );
}

function LossesAtStake() {
  return (
    <Notice
      tone="bad"
      title="Credentials, logins and invitations that were revoked after the snapshot, and members that were removed after it, are valid again, until somebody revokes them anew."
      next="Before you lift the stop, look at each list, and revoke what should not be there. In doubt revoke all, and issue new ones."
    />
  );
}
