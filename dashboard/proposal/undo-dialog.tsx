import { detailOf, type ProposalDetail } from '@countersign/client/proposal-detail';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { usePlane } from '../plane/plane-context.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Fault } from '../ui/fault.tsx';
import { Notice } from '../ui/notice.tsx';
import { PageWait } from '../ui/page-wait.tsx';
import { EffectTable } from './effect-table.tsx';
import { readInForce } from './read-in-force.ts';
import { type Reverse, reverseOf } from './reverse.ts';
import { WordsDialog } from './words-dialog.tsx';

interface Props {
  readonly detail: ProposalDetail;
  readonly onClose: () => void;
}

/** The reverse as it would be proposed; somebody else decides about it. */
export function UndoDialog({ detail, onClose }: Props) {
  const plane = usePlane();
  const { proposal_id } = detail;
  const { data, error } = useQuery({
    queryKey: [plane.projectId, 'reverse', proposal_id],
    queryFn: async ({ signal }) => reverseOf(detail, await readInForce(plane, detail, signal)),
    staleTime: 0,
  });
  if (data?.ok === true)
    return <ReverseDialog undone={proposal_id} request={data.request} onClose={onClose} />;
  return (
    <Dialog title="Undo" isOpen onClose={onClose}>
      {error === null ? null : <Fault error={error} />}
      {data === undefined && error === null ? <PageWait text="Drafting the reverse" /> : null}
      {data === undefined ? null : (
        <Notice
          tone="warn"
          title="The reverse cannot be proposed from here."
          next="An agent can propose it by a capability that allows it; or bring a contract into force that has one."
        >
          <p>{data.refusedBecause}</p>
        </Notice>
      )}
      <div>
        <Button onClick={onClose}>Leave it</Button>
      </div>
    </Dialog>
  );
}

interface ReverseProps {
  readonly undone: string;
  readonly request: Extract<Reverse, { ok: true }>['request'];
  readonly onClose: () => void;
}

function ReverseDialog({ undone, request, onClose }: ReverseProps) {
  const { address, proposals } = usePlane();
  const navigate = useNavigate();
  const [idempotencyKey] = useState(() => crypto.randomUUID());
  const propose = useMutation({
    mutationFn: (why: string) =>
      proposals.propose({ ...request, reason: `Undo of ${undone}: ${why}` }, { idempotencyKey }),
    onSuccess: ({ proposal_id: proposalId }) => {
      onClose();
      return navigate({ to: '/t/$project/proposals/$proposalId', params: { project: address, proposalId } });
    },
  });
  const drafted = detailOf({
    proposal_id: undone,
    status: 'pending_review',
    proposal_version: 1,
    change_set: request.change_set,
  });
  return (
    <WordsDialog
      draft={`undo.${undone}`}
      title="Undo: propose the reverse"
      label="Why? Whoever decides reads this."
      action="Propose the reverse"
      isPending={propose.isPending}
      error={propose.error}
      onSend={propose.mutateAsync}
      onClose={onClose}
    >
      <EffectTable detail={drafted} />
      <p>
        This is a new proposal by <code>{request.change_set.action}</code>, and you do not decide about it. It
        is written only while the row is as the write left it; otherwise it ends in a conflict, and the row
        stays.
      </p>
    </WordsDialog>
  );
}
