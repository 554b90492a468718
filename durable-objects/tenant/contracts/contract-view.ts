import type { ContractRow, ContractVersionRow } from '../governance-schema.ts';

/** A contract as the API shows it. */
export function contractView(row: ContractRow, newest: ContractVersionRow | undefined) {
  return {
    contract_id: row.contract_id,
    name: row.name,
    description: row.description,
    status: row.active_version_id === null ? 'staged' : 'active',
    active_version_id: row.active_version_id,
    current_version_number: row.versions,
    digest: newest?.digest ?? null,
    created_at: new Date(row.created_at).toISOString(),
    updated_at: new Date(row.updated_at).toISOString(),
  };
}

export function versionView(row: ContractVersionRow, activeVersionId: string | null) {
  return {
    contract_version_id: row.version_id,
    contract_id: row.contract_id,
    version_number: row.version_number,
    label: row.label,
    digest: row.digest,
    status: row.version_id === activeVersionId ? 'active' : 'staged',
    risk_increasing: row.risk_increasing,
    pushed_at: new Date(row.pushed_at).toISOString(),
    pushed_by: row.pushed_by,
  };
}
