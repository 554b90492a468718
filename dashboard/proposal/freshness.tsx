import type { ProposalDetail } from '@countersign/client/proposal-detail';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useMay, usePlane } from '../plane/plane-context.ts';
import { Button } from '../ui/button.tsx';
import { Fault } from '../ui/fault.tsx';
import { Foreign } from '../ui/value.tsx';
import { When } from '../ui/when.tsx';
import styles from './freshness.module.css';
import { readAgain } from './use-proposal.ts';

/** Whether the row is as it was, as far as anybody has looked, and the way to have it looked at again. */
export function Freshness({ detail }: { readonly detail: ProposalDetail }) {
  const plane = usePlane();
  const client = useQueryClient();
  const mayLook = useMay('look');
  const { proposal_id, rehearsal, status } = detail;
  const look = useMutation({
    mutationFn: () => plane.review.look(proposal_id, { idempotencyKey: crypto.randomUUID() }),
    onSettled: () => readAgain(client, plane, proposal_id),
  });
  if (rehearsal == null) return null;
  const isLooking = rehearsal.status === 'queued' || rehearsal.status === 'leased';
  return (
    <div className={styles.freshness}>
      <p aria-live="polite">
        {isLooking ? (
          'A runner is looking at the row now.'
        ) : (
          <Standing rehearsal={rehearsal} isOpen={status === 'pending_review'} />
        )}
      </p>
      {mayLook && status === 'pending_review' ? (
        <Button
          isSmall
          disabled={isLooking || look.isPending}
          onClick={() => look.mutate()}
          aria-keyshortcuts="l"
        >
          Look again
        </Button>
      ) : null}
      {look.error === null ? null : <Fault error={look.error} />}
    </div>
  );
}

interface StandingProps {
  readonly rehearsal: NonNullable<ProposalDetail['rehearsal']>;
  /** Afterwards the row went its own way: what was seen then says nothing of now. */
  readonly isOpen: boolean;
}

function Standing({ rehearsal, isOpen }: StandingProps) {
  const { asked_at, drift, error_code, lock_held_ms, rehearsed_at, runner_id, status } = rehearsal;
  const at = rehearsed_at ?? asked_at;
  if (status !== 'done') {
    return (
      <>
        No runner has tried it{error_code == null ? '' : ` (${error_code})`}
        {at == null ? null : (
          <>
            ; asked <When at={at} />
          </>
        )}
        .
      </>
    );
  }
  const by = runner_id == null ? '' : ` by ${runner_id}`;
  const held = lock_held_ms == null ? '' : `, lock held ${Math.round(lock_held_ms)} ms`;
  return (
    <>
      {drift == null || drift.length === 0
        ? isOpen
          ? 'Unchanged since it was proposed; looked at '
          : 'Unchanged before the decision, when it was looked at '
        : 'Changed; looked at '}
      {at == null ? null : <When at={at} />}
      <Foreign text={`${by}${held}`} />
    </>
  );
}
