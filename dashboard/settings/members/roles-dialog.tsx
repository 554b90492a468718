import type { MemberView } from '@countersign/client/people-views';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { FormDialog } from '../../forms/form-dialog.tsx';
import { useIntent } from '../../forms/use-intent.ts';
import { usePlane } from '../../plane/plane-context.ts';
import { useProjectApis } from '../../plane/project-apis.ts';
import { Foreign } from '../../ui/value.tsx';
import { wordsIn } from '../words.ts';
import { LastOwner } from './last-owner.tsx';
import { RolesFields, type RolesText } from './roles-fields.tsx';

interface Props {
  readonly member: MemberView;
  readonly isLastOwner: boolean;
  readonly onDone: () => void;
  readonly onClose: () => void;
}

/** What a member may do from now on: the roles named are all that are left to them. */
export function RolesDialog({ member, isLastOwner, onDone, onClose }: Props) {
  const { projectId } = usePlane();
  const { people } = useProjectApis(projectId);
  const keyOf = useIntent();
  const [value, setValue] = useState<RolesText>({
    roles: member.roles ?? [],
    approvalRoles: (member.approval_roles ?? []).join(', '),
  });
  const wish = { roles: value.roles, approval_roles: wordsIn(value.approvalRoles) };
  const saving = useMutation({
    mutationFn: () => people.setRoles(member.person, wish, { idempotencyKey: keyOf(wish) }),
    onSuccess: onDone,
  });
  return (
    <FormDialog
      title="Roles of a member"
      action="Save the roles"
      isReady={value.roles.length > 0}
      isPending={saving.isPending}
      error={saving.error}
      onSend={() => saving.mutate()}
      onClose={onClose}
    >
      <p>
        What <Foreign text={member.name ?? member.person} /> may do from now on. The roles chosen are all that
        are left to them; it counts at their next request.
      </p>
      {isLastOwner && !value.roles.includes('owner') ? <LastOwner /> : null}
      <RolesFields value={value} onChange={setValue} />
    </FormDialog>
  );
}
