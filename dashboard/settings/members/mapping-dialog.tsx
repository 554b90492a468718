import type { MappingView } from '@countersign/client/people-views';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { SelectField, TextField } from '../../forms/field.tsx';
import { FormDialog } from '../../forms/form-dialog.tsx';
import { useIntent } from '../../forms/use-intent.ts';
import { usePlane } from '../../plane/plane-context.ts';
import { useProjectApis } from '../../plane/project-apis.ts';
import { readSignInSettings } from '../../sign-in/settings.ts';
import { PageWait } from '../../ui/page-wait.tsx';
import { wordsIn } from '../words.ts';
import { RolesFields, type RolesText } from './roles-fields.tsx';

interface Props {
  /** All that there are: the plane takes the whole list. */
  readonly mappings: readonly MappingView[];
  readonly onDone: () => void;
  readonly onClose: () => void;
}

/** Lets a value of an issuer's claim make members. */
export function MappingDialog({ mappings, onDone, onClose }: Props) {
  const { projectId } = usePlane();
  const { people } = useProjectApis(projectId);
  const keyOf = useIntent();
  const settings = useQuery({
    queryKey: ['sign-in-settings'],
    queryFn: ({ signal }) => readSignInSettings(signal),
  });
  const [value, setValue] = useState('');
  const [chosen, setIssuer] = useState('');
  const [given, setGiven] = useState<RolesText>({ roles: [], approvalRoles: '' });
  const issuers = (settings.data?.issuers ?? []).map(({ issuer }) => issuer);
  const issuer = chosen === '' ? (issuers[0] ?? '') : chosen;
  const wish = [
    ...mappings,
    { issuer, value: value.trim(), roles: given.roles, approval_roles: wordsIn(given.approvalRoles) },
  ];
  const saving = useMutation({
    mutationFn: () => people.saveClaims(wish, { idempotencyKey: keyOf(wish) }),
    onSuccess: onDone,
  });
  return (
    <FormDialog
      title="Members by a claim"
      action="Let it make members"
      isReady={value.trim() !== '' && issuer !== '' && given.roles.length > 0}
      isPending={saving.isPending}
      error={saving.error}
      onSend={() => saving.mutate()}
      onClose={onClose}
    >
      <p>
        Everybody who has this value is a member at once, also whoever gets it later. Nobody is asked again.
      </p>
      {settings.data === undefined ? (
        <PageWait />
      ) : (
        <SelectField
          label="Issuer"
          value={issuer}
          onChange={({ currentTarget }) => setIssuer(currentTarget.value)}
        >
          {issuers.map((one) => (
            <option key={one} value={one}>
              {one}
            </option>
          ))}
        </SelectField>
      )}
      <TextField
        label="Value"
        hint="Such as the name of a group. Which claim it is of is a setting of the installation."
        value={value}
        maxLength={200}
        onChange={({ currentTarget }) => setValue(currentTarget.value)}
      />
      <RolesFields value={given} onChange={setGiven} isForClaim />
    </FormDialog>
  );
}
