import type { ClaimMapping } from '@countersign/protocol/people-requests';
import type { SettingRow } from '../governance-schema.ts';

/** Which values of which issuers make somebody a member here. */
export interface ClaimsSetting {
  readonly mappings: readonly ClaimMapping[];
}

export function claimsSetting(row: SettingRow | undefined): ClaimsSetting {
  return row !== undefined && 'mappings' in row.value ? row.value : { mappings: [] };
}

/** What an issuer's values give a person in this project; undefined where they give nothing. */
export function givenByClaims(
  { mappings }: ClaimsSetting,
  person: string,
  values: readonly string[],
): { readonly roles: readonly string[]; readonly approvalRoles: readonly string[] } | undefined {
  const [issuer] = person.split(' ', 1);
  const mine = mappings.filter((mapping) => mapping.issuer === issuer && values.includes(mapping.value));
  if (mine.length === 0) return undefined;
  return {
    roles: [...new Set(mine.flatMap(({ roles }) => roles))],
    approvalRoles: [...new Set(mine.flatMap(({ approval_roles }) => approval_roles))],
  };
}
