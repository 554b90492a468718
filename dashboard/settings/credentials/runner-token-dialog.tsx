import type { IssuedRunner } from '@countersign/client/credentials-api';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { TextField } from '../../forms/field.tsx';
import { FormDialog } from '../../forms/form-dialog.tsx';
import { useIntent } from '../../forms/use-intent.ts';
import { usePlane } from '../../plane/plane-context.ts';
import { useProjectApis } from '../../plane/project-apis.ts';
import { SourceChoices } from '../sources/source-choices.tsx';
import { wordsIn } from '../words.ts';

interface Props {
  readonly onDone: (made: IssuedRunner) => void;
  readonly onClose: () => void;
}

/** Makes a token for runners. */
export function RunnerTokenDialog({ onDone, onClose }: Props) {
  const { projectId } = usePlane();
  const { credentials } = useProjectApis(projectId);
  const keyOf = useIntent();
  const [name, setName] = useState('');
  const [sources, setSources] = useState<readonly string[]>([]);
  const [targets, setTargets] = useState('');
  const [handlers, setHandlers] = useState('');
  const [targetNames, handlerNames] = [wordsIn(targets), wordsIn(handlers)];
  const wish = {
    name: name.trim().normalize('NFC'),
    source_ids: sources,
    ...(targetNames.length === 0 ? {} : { targets: targetNames }),
    ...(handlerNames.length === 0 ? {} : { handlers: handlerNames }),
  };
  const issuing = useMutation({
    mutationFn: () => credentials.createRunnerToken(wish, { idempotencyKey: keyOf(wish) }),
    onSuccess: onDone,
    // What the plane answered holds the secret: it is not kept once the dialog is gone.
    gcTime: 0,
  });
  const reach = sources.length + targetNames.length + handlerNames.length;
  return (
    <FormDialog
      title="New runner token"
      action="Make the token"
      isReady={wish.name !== '' && reach > 0}
      isPending={issuing.isPending}
      error={issuing.error}
      onSend={() => issuing.mutate()}
      onClose={onClose}
    >
      <TextField
        label="Name"
        hint="Where it runs, such as billing-1."
        value={name}
        maxLength={200}
        onChange={({ currentTarget }) => setName(currentTarget.value)}
      />
      <SourceChoices legend="Sources that it may write" chosen={sources} onChange={setSources} />
      <TextField
        label="Targets"
        hint="Accounts at providers that it may act on; commas between."
        value={targets}
        onChange={({ currentTarget }) => setTargets(currentTarget.value)}
      />
      <TextField
        label="Handlers"
        hint="Whose tasks it may work at; commas between. It needs a source, a target or a handler at least."
        value={handlers}
        onChange={({ currentTarget }) => setHandlers(currentTarget.value)}
      />
    </FormDialog>
  );
}
