import type { ContractContext } from './contract-document.ts';

/** No argument may bear such a name: a model would choose what only trust may supply. */
const FORBIDDEN_NAMES = [
  'tenant_id',
  'principal',
  'principal_id',
  'schema',
  'table',
  'column',
  'columns',
  'database_url',
  'write_url',
  'read_url',
  'expected_version',
  'row_version',
];

interface TrustedColumns {
  readonly tenant_key?: string | undefined;
  readonly principal_scope_key?: string | undefined;
}

/** The names whose values come from the caller's credential or from the contract, never from arguments. */
export function trustedNames(context: ContractContext | undefined, subject: TrustedColumns): string[] {
  const bindings = context?.bindings.map((binding) => binding.name) ?? [];
  const columns = [subject.tenant_key, subject.principal_scope_key].filter((name) => name !== undefined);
  return [...FORBIDDEN_NAMES, ...bindings, ...columns];
}

/** The trusted name that this one is a spelling of (`tenantId`, `TENANT_ID`). */
export function trustedNameLike(name: string, trusted: readonly string[]): string | undefined {
  const spelled = folded(name);
  return trusted.find((candidate) => folded(candidate) === spelled);
}

function folded(name: string): string {
  return name.replaceAll('_', '').toLowerCase();
}
