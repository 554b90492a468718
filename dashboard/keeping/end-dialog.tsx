import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { SelectField, TextField } from '../forms/field.tsx';
import { FormDialog } from '../forms/form-dialog.tsx';
import { useIntent } from '../forms/use-intent.ts';
import { useProjectApis } from '../plane/project-apis.ts';

interface Props {
  readonly projectId: string;
  readonly onBegun: () => void;
  readonly onClose: () => void;
}

const DIGEST = /^sha256:[0-9a-f]{64}$/;

/** Ends a project for good. */
export function EndDialog({ projectId, onBegun, onClose }: Props) {
  const { backups } = useProjectApis(projectId);
  const keyOf = useIntent();
  const [label, setLabel] = useState('');
  const [copy, setCopy] = useState<'archive' | 'none'>('archive');
  const [digest, setDigest] = useState('');
  const [again, setAgain] = useState('');
  const wish = {
    label: label.trim(),
    ...(copy === 'archive' ? { archive_digest: digest.trim() } : { without_archive: again.trim() }),
  };
  const ending = useMutation({
    mutationFn: () => backups.end(wish, { idempotencyKey: keyOf(wish) }),
    onSuccess: onBegun,
  });
  const isSaid = copy === 'archive' ? DIGEST.test(digest.trim()) : again.trim() === wish.label;
  return (
    <FormDialog
      title="End the project for good"
      action="End it for good"
      look="danger"
      isReady={wish.label !== '' && isSaid}
      isPending={ending.isPending}
      error={ending.error}
      onSend={() => ending.mutate()}
      onClose={onClose}
    >
      <p>
        Its machines, its rows, what its object keeps and every snapshot in the store go, and do not come
        back. Its label is free again. Your databases are not touched, and copies that you fetched are yours.
      </p>
      <TextField
        label="The label of the project"
        value={label}
        onChange={({ currentTarget }) => setLabel(currentTarget.value)}
      />
      <SelectField
        label="A copy"
        value={copy}
        onChange={({ currentTarget }) => setCopy(currentTarget.value === 'none' ? 'none' : 'archive')}
      >
        <option value="archive">I have fetched the archive</option>
        <option value="none">No copy is wanted</option>
      </SelectField>
      {copy === 'archive' ? (
        <TextField
          label="Digest of its manifest"
          hint="sha256: and the sum of manifest.json in what `countersign backup fetch` wrote. It shows that you have it."
          wrong={digest === '' || DIGEST.test(digest.trim()) ? undefined : 'must be sha256: and 64 digits'}
          value={digest}
          onChange={({ currentTarget }) => setDigest(currentTarget.value)}
        />
      ) : (
        <TextField
          label="The label once more: no copy is wanted"
          value={again}
          onChange={({ currentTarget }) => setAgain(currentTarget.value)}
        />
      )}
    </FormDialog>
  );
}
