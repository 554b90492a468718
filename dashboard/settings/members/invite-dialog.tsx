import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { SelectField, TextField } from '../../forms/field.tsx';
import { FormDialog } from '../../forms/form-dialog.tsx';
import type { Secret } from '../../forms/secret-dialog.tsx';
import { useIntent } from '../../forms/use-intent.ts';
import { joinLink } from '../../join/join-link.ts';
import { usePlane } from '../../plane/plane-context.ts';
import { useProjectApis } from '../../plane/project-apis.ts';
import { wordsIn } from '../words.ts';
import { RolesFields, type RolesText } from './roles-fields.tsx';

interface Props {
  readonly onDone: (made: Secret) => void;
  readonly onClose: () => void;
}

const DAY_SECONDS = 86_400;
/** 30 is the most that the plane takes. */
const DAYS = [1, 7, 30];

/** Makes a link by which one person becomes a member. */
export function InviteDialog({ onDone, onClose }: Props) {
  const { projectId } = usePlane();
  const { people } = useProjectApis(projectId);
  const keyOf = useIntent();
  const [name, setName] = useState('');
  const [days, setDays] = useState(7);
  const [value, setValue] = useState<RolesText>({ roles: [], approvalRoles: '' });
  const wish = {
    name: name.trim().normalize('NFC'),
    roles: value.roles,
    approval_roles: wordsIn(value.approvalRoles),
    expires_in_seconds: days * DAY_SECONDS,
  };
  const inviting = useMutation({
    mutationFn: () => people.invite(wish, { idempotencyKey: keyOf(wish) }),
    // What the plane answered holds the code: it is not kept once the dialog is gone.
    gcTime: 0,
    onSuccess: (answer) =>
      onDone({
        title: 'The invitation',
        about: `The link of invitation ${answer.invitation_id}, for ${wish.name}`,
        value: answer.secret_available ? joinLink(location.origin, projectId, answer.code) : undefined,
        next: 'Send it to that person alone: whoever opens it first and signs in is the member. If it is lost, take the invitation back and make another.',
      }),
  });
  return (
    <FormDialog
      title="Invite somebody"
      action="Make the link"
      isReady={wish.name !== '' && wish.roles.length > 0}
      isPending={inviting.isPending}
      error={inviting.error}
      onSend={() => inviting.mutate()}
      onClose={onClose}
    >
      <TextField
        label="Name"
        hint="As members will see it."
        value={name}
        maxLength={200}
        onChange={({ currentTarget }) => setName(currentTarget.value)}
      />
      <RolesFields value={value} onChange={setValue} />
      <SelectField
        label="It counts for"
        value={days}
        onChange={({ currentTarget }) => setDays(Number(currentTarget.value))}
      >
        {DAYS.map((count) => (
          <option key={count} value={count}>
            {count === 1 ? '1 day' : `${count} days`}
          </option>
        ))}
      </SelectField>
    </FormDialog>
  );
}
