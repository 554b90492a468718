import { useMutation, useQueryClient } from '@tanstack/react-query';
import { SwitchDialog } from '../in-force/switch-dialog.tsx';
import { usePlane } from '../plane/plane-context.ts';
import { policiesKey } from './use-policies.ts';

interface Props {
  readonly name: string;
  readonly onDone: () => void;
  readonly onClose: () => void;
}

/** Asks before a policy decides nothing any more. */
export function RetirePolicyDialog({ name, onDone, onClose }: Props) {
  const { policies, projectId } = usePlane();
  const client = useQueryClient();
  const switching = useMutation({
    mutationFn: (reason: string | undefined) =>
      policies.retire(name, reason, { idempotencyKey: crypto.randomUUID() }),
    onSettled: () => client.invalidateQueries({ queryKey: policiesKey(projectId) }),
  });
  return (
    <SwitchDialog
      draft={`retire-policy.${name}`}
      title={`Take ${name} out of force`}
      action="Retire"
      look="danger"
      needsReason={false}
      isPending={switching.isPending}
      error={switching.error}
      onSend={(reason) => switching.mutateAsync(reason).then(onDone)}
      onClose={onClose}
    >
      <p>
        It decides nothing from now on: what it refused can be proposed again, and what it approved waits for
        people. What it has decided stands, and its document stays.
      </p>
    </SwitchDialog>
  );
}
