import { type Role, roles } from '@countersign/protocol/roles';
import type { Choice } from '../../forms/choices.tsx';

const about: Readonly<Record<Role, string>> = {
  owner: 'everything, who else is an owner, and the end of the project',
  admin: 'everything but that',
  operator: 'runners, stops, contracts as drafts; decides nothing',
  approver: 'decides; what a contract asks a named approval role for needs that too',
  auditor: 'reads everything, the ledger and its exports',
  viewer: 'sees what there is and how it stands, without values and reasons',
};

/** The closed list of roles, and why some cannot be given by this person. */
export function roleChoices(own: readonly string[] | undefined): readonly Choice[] {
  const isOwner = own?.includes('owner') === true;
  return roles.map((value) =>
    value === 'owner' && !isOwner
      ? { value, about: 'only an owner makes owners', isDisabled: true }
      : { value, about: about[value] },
  );
}
