import type { MemberView } from '@countersign/client/people-views';
import { MeantDialog } from '../../forms/meant-dialog.tsx';
import { usePlane } from '../../plane/plane-context.ts';
import { useProjectApis } from '../../plane/project-apis.ts';
import { Foreign } from '../../ui/value.tsx';
import { LastOwner } from './last-owner.tsx';

interface Props {
  readonly member: MemberView;
  readonly isLastOwner: boolean;
  readonly onDone: () => void;
  readonly onClose: () => void;
}

/** Takes a member out of the project. */
export function RemoveDialog({ member, isLastOwner, onDone, onClose }: Props) {
  const { projectId } = usePlane();
  const { people } = useProjectApis(projectId);
  return (
    <MeantDialog
      title="Remove a member"
      action="Remove"
      reason="wanted"
      onDo={({ idempotencyKey, reason }) => people.remove(member.person, reason, { idempotencyKey })}
      onDone={onDone}
      onClose={onClose}
    >
      <p>
        <Foreign text={member.name ?? member.person} /> is refused from their next request on, and invitations
        that they made count no more. What they decided stands, and so do the credentials that they issued:
        revoke those that nobody else should hold.
      </p>
      {isLastOwner ? <LastOwner /> : null}
    </MeantDialog>
  );
}
