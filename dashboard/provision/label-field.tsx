import { labelSchema } from '@countersign/protocol/provisioning/label';
import { TextField } from '../forms/field.tsx';

interface Props {
  readonly label: string;
  readonly onChange: (label: string) => void;
}

/** What the project is called in addresses; looked at while it is typed. Whether it is taken, the plane says. */
export function LabelField({ label, onChange }: Props) {
  const checked = labelSchema.safeParse(label);
  const why = checked.error?.issues[0]?.message;
  return (
    <TextField
      label="Label"
      hint={
        checked.success
          ? `Its address: ${location.origin}/t/${label}`
          : 'Part of its address: 3 to 39 small letters, digits and hyphens.'
      }
      wrong={label === '' || why === undefined ? undefined : `The label ${why}.`}
      value={label}
      maxLength={39}
      required
      onChange={({ currentTarget }) => onChange(currentTarget.value)}
    />
  );
}
