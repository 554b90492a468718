import { useMutation } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { TextField } from './field.tsx';
import { FormDialog } from './form-dialog.tsx';
import { useIntent } from './use-intent.ts';

export interface Meant {
  /** Undefined where none was given. */
  readonly reason: string | undefined;
  readonly idempotencyKey: string;
}

interface Props {
  readonly title: string;
  readonly action: string;
  readonly look?: 'main' | 'danger';
  /** Whether the plane takes a reason, and insists on it. */
  readonly reason?: 'wanted' | 'needed';
  /** What will happen, and what stays true. */
  readonly children: ReactNode;
  readonly onDo: (meant: Meant) => Promise<unknown>;
  readonly onDone: () => void;
  readonly onClose: () => void;
}

/** Asks whether somebody means what cannot simply be taken back. */
export function MeantDialog({
  title,
  action,
  look = 'danger',
  reason,
  children,
  onDo,
  onDone,
  onClose,
}: Props) {
  const [words, setWords] = useState('');
  const keyOf = useIntent();
  const given = words.trim() === '' ? undefined : words.trim();
  const doing = useMutation({
    mutationFn: () => onDo({ reason: given, idempotencyKey: keyOf(given ?? null) }),
    onSuccess: onDone,
  });
  return (
    <FormDialog
      title={title}
      action={action}
      look={look}
      isReady={reason !== 'needed' || given !== undefined}
      isPending={doing.isPending}
      error={doing.error}
      onSend={() => doing.mutate()}
      onClose={onClose}
    >
      {children}
      {reason === undefined ? null : (
        <TextField
          label={reason === 'needed' ? 'Why? It stands in the ledger.' : 'Why (it stands in the ledger)'}
          value={words}
          maxLength={2_000}
          required={reason === 'needed'}
          onChange={({ currentTarget }) => setWords(currentTarget.value)}
        />
      )}
    </FormDialog>
  );
}
