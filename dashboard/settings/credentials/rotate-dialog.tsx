import type { WriteOptions } from '@countersign/client/http';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { SelectField } from '../../forms/field.tsx';
import { FormDialog } from '../../forms/form-dialog.tsx';
import type { Secret } from '../../forms/secret-dialog.tsx';
import { useIntent } from '../../forms/use-intent.ts';
import { Foreign } from '../../ui/value.tsx';

interface Props {
  readonly noun: string;
  readonly name: string;
  readonly onDo: (overlapSeconds: number, options: WriteOptions) => Promise<Secret>;
  readonly onDone: (made: Secret) => void;
  readonly onClose: () => void;
}

/** In seconds; a day is the most that the plane takes. */
const OVERLAPS = [
  { seconds: 3_600, label: 'for an hour' },
  { seconds: 86_400, label: 'for a day' },
  { seconds: 0, label: 'not at all: it is refused at once' },
];

/** Makes a secret that takes over from another. */
export function RotateDialog({ noun, name, onDo, onDone, onClose }: Props) {
  const keyOf = useIntent();
  const [seconds, setSeconds] = useState(OVERLAPS[0]?.seconds ?? 0);
  const rotating = useMutation({
    mutationFn: () => onDo(seconds, { idempotencyKey: keyOf(seconds) }),
    onSuccess: onDone,
    // What the plane answered holds the secret: it is not kept once the dialog is gone.
    gcTime: 0,
  });
  return (
    <FormDialog
      title={`Rotate a ${noun}`}
      action="Make a new secret"
      isPending={rotating.isPending}
      error={rotating.error}
      onSend={() => rotating.mutate()}
      onClose={onClose}
    >
      <p>
        A new secret takes over from <Foreign text={name} />, with the same rights. It is shown once.
      </p>
      <SelectField
        label="The old one goes on working"
        value={seconds}
        onChange={({ currentTarget }) => setSeconds(Number(currentTarget.value))}
      >
        {OVERLAPS.map(({ label, seconds: each }) => (
          <option key={each} value={each}>
            {label}
          </option>
        ))}
      </SelectField>
    </FormDialog>
  );
}
