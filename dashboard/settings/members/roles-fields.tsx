import { Choices } from '../../forms/choices.tsx';
import { TextField } from '../../forms/field.tsx';
import { usePlane } from '../../plane/plane-context.ts';
import { roleChoices } from './role-choices.ts';

export interface RolesText {
  readonly roles: readonly string[];
  /** As it is written: labels with commas between. */
  readonly approvalRoles: string;
}

interface Props {
  readonly value: RolesText;
  readonly onChange: (value: RolesText) => void;
  /** Claims make no owner. */
  readonly isForClaim?: boolean;
}

/** What somebody may do from now on. */
export function RolesFields({ value, onChange, isForClaim = false }: Props) {
  const { caller } = usePlane();
  const choices = roleChoices(caller.roles);
  return (
    <>
      <Choices
        legend="Roles"
        choices={isForClaim ? choices.filter((choice) => choice.value !== 'owner') : choices}
        chosen={value.roles}
        onChange={(roles) => onChange({ ...value, roles })}
      />
      <TextField
        label="Approval roles"
        hint="Named roles that contracts and policies ask for, such as billing_lead; commas between. Nobody gives themselves one."
        value={value.approvalRoles}
        onChange={({ currentTarget }) => onChange({ ...value, approvalRoles: currentTarget.value })}
      />
    </>
  );
}
