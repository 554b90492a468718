import type { PolicyDetail } from '@countersign/client/policy-detail';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { SwitchDialog } from '../in-force/switch-dialog.tsx';
import { useMay, usePlane } from '../plane/plane-context.ts';
import { Fault } from '../ui/fault.tsx';
import { Notice } from '../ui/notice.tsx';
import { PageWait } from '../ui/page-wait.tsx';
import { PolicySummary } from './policy-summary.tsx';
import { readDocument } from './read-document.ts';
import { ReplayNumbers } from './replay-numbers.tsx';
import { policiesKey, usePolicyReplay } from './use-policies.ts';

interface Props {
  readonly policy: PolicyDetail;
  readonly onDone: () => void;
  readonly onClose: () => void;
}

/** Asks before a draft comes into force, with what it says and what it would have done; bound to its digest. */
export function ActivatePolicyDialog({ policy, onDone, onClose }: Props) {
  const { policies, projectId } = usePlane();
  const client = useQueryClient();
  const mayReplay = useMay('replay-policy');
  // What somebody agrees to is what this dialog showed first, whatever is saved meanwhile.
  const { data: replay, error: notReplayed, isFetching } = usePolicyReplay(policy, mayReplay);
  const document = readDocument(policy.policy);
  const switching = useMutation({
    mutationFn: (reason: string | undefined) =>
      policies.activate(policy.name, policy.digest ?? '', reason, { idempotencyKey: crypto.randomUUID() }),
    onSettled: () => client.invalidateQueries({ queryKey: policiesKey(projectId) }),
  });
  return (
    <SwitchDialog
      draft={`activate-policy.${policy.name}`}
      title={`Bring ${policy.name} into force`}
      action="Activate"
      look={document?.effect === 'approve' ? 'danger' : 'main'}
      needsReason={false}
      isReady={document !== undefined}
      isPending={switching.isPending}
      error={switching.error}
      onSend={(reason) => switching.mutateAsync(reason).then(onDone)}
      onClose={onClose}
    >
      {document === undefined ? (
        <Notice
          tone="warn"
          title="This page does not understand all of the policy, so it does not activate it."
        />
      ) : (
        <PolicySummary document={document} />
      )}
      {isFetching && replay === undefined ? <PageWait text="Replaying" /> : null}
      {notReplayed === null ? null : <Fault error={notReplayed} />}
      {replay === undefined ? null : <ReplayNumbers replay={replay} />}
      <p>
        It decides about what is proposed from now on, and holds approvals against it. What is decided stands.
      </p>
    </SwitchDialog>
  );
}
