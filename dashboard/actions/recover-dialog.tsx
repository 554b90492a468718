import type { TargetDetail } from '@countersign/client/action-detail';
import { STORM } from '@countersign/protocol/action/action-requests';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { usePlane } from '../plane/plane-context.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Fault } from '../ui/fault.tsx';
import { Notice } from '../ui/notice.tsx';
import { When } from '../ui/when.tsx';
import styles from './recover-dialog.module.css';

interface Props {
  readonly target: TargetDetail;
  readonly onClose: () => void;
}

/** Tries all dead letters of an account again: as many as were counted, and no faster than is said. */
export function RecoverDialog({ target: { dead_letters, target }, onClose }: Props) {
  const { actions, projectId } = usePlane();
  const client = useQueryClient();
  // What was counted when it was opened: should it be another number by now, the plane refuses.
  const [expected] = useState(dead_letters);
  const [idempotencyKey] = useState(() => crypto.randomUUID());
  const [reason, setReason] = useState('');
  const [perMinute, setPerMinute] = useState<number>(STORM.usual);
  const [paceId, reasonId] = [useId(), useId()];
  const isPace = Number.isInteger(perMinute) && perMinute >= STORM.least && perMinute <= STORM.most;
  const recovery = useMutation({
    mutationFn: () =>
      actions.recover({ target, expected, per_minute: perMinute, reason: reason.trim() }, { idempotencyKey }),
    onSettled: () => client.invalidateQueries({ queryKey: [projectId, 'actions'] }),
  });
  return (
    <Dialog
      title={`Try ${expected.toLocaleString()} dead letters of ${target} again`}
      isOpen
      onClose={onClose}
    >
      {recovery.data === undefined ? (
        <form
          className={styles.form}
          onSubmit={(event) => {
            event.preventDefault();
            if (isPace && reason.trim() !== '' && !recovery.isPending) recovery.mutate();
          }}
        >
          <p>
            Each is sent again under its own key, the oldest first, 200 at most at once. What the breaker or a
            freeze holds back stays held back. One that an operator wants settled is better settled first.
          </p>
          <label htmlFor={paceId}>
            How many a minute ({STORM.least} to {STORM.most})
          </label>
          <input
            id={paceId}
            type="number"
            min={STORM.least}
            max={STORM.most}
            required
            className={styles.pace}
            value={Number.isNaN(perMinute) ? '' : perMinute}
            onChange={({ currentTarget: { valueAsNumber } }) => setPerMinute(valueAsNumber)}
          />
          <label htmlFor={reasonId}>Why now? It stands in the ledger.</label>
          <textarea
            id={reasonId}
            rows={3}
            maxLength={2_000}
            required
            className={styles.text}
            value={reason}
            onChange={({ currentTarget: { value } }) => setReason(value)}
          />
          {recovery.error === null ? null : <Fault error={recovery.error} />}
          <div className={styles.ends}>
            <Button onClick={onClose}>Leave it</Button>
            <Button
              type="submit"
              look="main"
              disabled={recovery.isPending || !isPace || reason.trim() === ''}
            >
              Try all again
            </Button>
          </div>
        </form>
      ) : (
        <Recovered answer={recovery.data} onClose={onClose} />
      )}
    </Dialog>
  );
}

interface RecoveredProps {
  readonly answer: Readonly<Record<string, unknown>>;
  readonly onClose: () => void;
}

function Recovered({ answer: { last_at, left, recovered }, onClose }: RecoveredProps) {
  return (
    <>
      <Notice tone="good" title={`${Number(recovered)} are tried again.`} isUrgent>
        <p>
          {typeof last_at === 'string' ? (
            <>
              The last at <When at={last_at} />;{' '}
            </>
          ) : null}
          {Number(left)} are left.
        </p>
      </Notice>
      <div className={styles.ends}>
        <Button onClick={onClose}>Done</Button>
      </div>
    </>
  );
}
