import { SelectField } from '../../forms/field.tsx';
import { expiries } from './expiry.ts';

interface Props {
  readonly days: number | null;
  readonly onChange: (days: number | null) => void;
}

/** When a credential ends by itself. */
export function ExpiryField({ days, onChange }: Props) {
  return (
    <SelectField
      label="It ends"
      value={String(days)}
      onChange={({ currentTarget: { value } }) => onChange(value === 'null' ? null : Number(value))}
    >
      {expiries.map(({ days: each, label }) => (
        <option key={label} value={String(each)}>
          {label}
        </option>
      ))}
    </SelectField>
  );
}
