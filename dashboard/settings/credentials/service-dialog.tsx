import type { IssuedService } from '@countersign/client/credentials-api';
import { servicePermissions } from '@countersign/protocol/service-scopes';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { Choices } from '../../forms/choices.tsx';
import { TextField } from '../../forms/field.tsx';
import { FormDialog } from '../../forms/form-dialog.tsx';
import { useIntent } from '../../forms/use-intent.ts';
import { usePlane } from '../../plane/plane-context.ts';
import { useProjectApis } from '../../plane/project-apis.ts';
import { SourceChoices } from '../sources/source-choices.tsx';
import { expiryAfter } from './expiry.ts';
import { ExpiryField } from './expiry-field.tsx';

interface Props {
  readonly onDone: (made: IssuedService) => void;
  readonly onClose: () => void;
}

const USUAL_DAYS = 90;
/** The one scope that is about databases. */
const PROPOSES = 'proposals:write';
const choices = servicePermissions.map((value) => ({ value }));

/** Makes a service account with the scopes chosen, and no more. */
export function ServiceDialog({ onDone, onClose }: Props) {
  const { projectId } = usePlane();
  const { credentials } = useProjectApis(projectId);
  const keyOf = useIntent();
  const [name, setName] = useState('');
  const [scopes, setScopes] = useState<readonly string[]>([]);
  const [sources, setSources] = useState<readonly string[]>([]);
  const [days, setDays] = useState<number | null>(USUAL_DAYS);
  const isProposing = scopes.includes(PROPOSES);
  const wish = {
    name: name.trim().normalize('NFC'),
    scopes,
    ...(isProposing && sources.length > 0 ? { source_ids: sources } : {}),
  };
  const issuing = useMutation({
    mutationFn: (now: number) => {
      const end = expiryAfter(days, now);
      const ending = end === undefined ? {} : { expires_at: Math.floor(end.getTime() / 1_000) };
      const whole = { ...wish, ...ending };
      return credentials.createService(whole, { idempotencyKey: keyOf(whole) });
    },
    onSuccess: onDone,
    // What the plane answered holds the secret: it is not kept once the dialog is gone.
    gcTime: 0,
  });
  return (
    <FormDialog
      title="New service account"
      action="Make the key"
      isReady={wish.name !== '' && scopes.length > 0 && (!isProposing || sources.length > 0)}
      isPending={issuing.isPending}
      error={issuing.error}
      onSend={() => issuing.mutate(Date.now())}
      onClose={onClose}
    >
      <TextField
        label="Name"
        hint="Which program it is for, such as ci."
        value={name}
        maxLength={200}
        onChange={({ currentTarget }) => setName(currentTarget.value)}
      />
      <Choices legend="Scopes" choices={choices} chosen={scopes} onChange={setScopes} isDense />
      {isProposing ? (
        <SourceChoices
          legend="Sources of which it may propose changes"
          chosen={sources}
          onChange={setSources}
        />
      ) : null}
      <ExpiryField days={days} onChange={setDays} />
    </FormDialog>
  );
}
