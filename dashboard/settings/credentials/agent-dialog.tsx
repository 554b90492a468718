import type { IssuedAgent } from '@countersign/client/credentials-api';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { TextField } from '../../forms/field.tsx';
import { FormDialog } from '../../forms/form-dialog.tsx';
import { useIntent } from '../../forms/use-intent.ts';
import { usePlane } from '../../plane/plane-context.ts';
import { useProjectApis } from '../../plane/project-apis.ts';
import { SourceChoices } from '../sources/source-choices.tsx';
import { wordsIn } from '../words.ts';
import { expiryAfter } from './expiry.ts';
import { ExpiryField } from './expiry-field.tsx';

interface Props {
  readonly onDone: (made: IssuedAgent) => void;
  readonly onClose: () => void;
}

const USUAL_DAYS = 90;

/** Makes a credential with which an agent may propose. */
export function AgentDialog({ onDone, onClose }: Props) {
  const { projectId } = usePlane();
  const { credentials } = useProjectApis(projectId);
  const keyOf = useIntent();
  const [text, setText] = useState({ name: '', tenant: '', principal: '', capabilities: '' });
  const [sources, setSources] = useState<readonly string[]>([]);
  const [days, setDays] = useState<number | null>(USUAL_DAYS);
  const capabilities = wordsIn(text.capabilities);
  const wish = {
    name: text.name.trim().normalize('NFC'),
    bindings: { tenant_id: text.tenant.trim(), principal: text.principal.trim() },
    source_ids: sources,
    ...(capabilities.length === 0 ? {} : { capabilities }),
  };
  const issuing = useMutation({
    mutationFn: (now: number) => {
      const end = expiryAfter(days, now);
      const whole = end === undefined ? wish : { ...wish, expires_at: end.toISOString() };
      return credentials.createAgent(whole, { idempotencyKey: keyOf(whole) });
    },
    onSuccess: onDone,
    // What the plane answered holds the secret: it is not kept once the dialog is gone.
    gcTime: 0,
  });
  const { principal, tenant_id } = wish.bindings;
  return (
    <FormDialog
      title="New agent"
      action="Make the token"
      isReady={wish.name !== '' && tenant_id !== '' && principal !== '' && sources.length > 0}
      isPending={issuing.isPending}
      error={issuing.error}
      onSend={() => issuing.mutate(Date.now())}
      onClose={onClose}
    >
      <TextField
        label="Name"
        value={text.name}
        maxLength={200}
        onChange={({ currentTarget: { value } }) => setText({ ...text, name: value })}
      />
      <TextField
        label="Tenant"
        hint="Whose rows its proposals are about, as your tables say it."
        value={text.tenant}
        maxLength={200}
        onChange={({ currentTarget: { value } }) => setText({ ...text, tenant: value })}
      />
      <TextField
        label="Principal"
        hint="For whom it acts. Whoever that is cannot approve what it proposes."
        value={text.principal}
        maxLength={200}
        onChange={({ currentTarget: { value } }) => setText({ ...text, principal: value })}
      />
      <SourceChoices
        legend="Sources of which it may propose changes"
        chosen={sources}
        onChange={setSources}
      />
      <TextField
        label="Capabilities"
        hint="Only these; commas between. Empty: all that are in force, also later ones."
        value={text.capabilities}
        onChange={({ currentTarget: { value } }) => setText({ ...text, capabilities: value })}
      />
      <ExpiryField days={days} onChange={setDays} />
    </FormDialog>
  );
}
