import { type ProposalRow, proposals } from '../schema.ts';
import type { RawRow, Statement } from '../storage/database.ts';
import { SEQUENCES, sequenceParameters } from '../storage/read-proposals.ts';
import { decodeRow, selectList } from '../storage/rows.ts';
import type { Outline } from './activity-event.ts';
import { publicState } from './read-proposal.ts';

/** Of a submission the change set has it, of a request the request itself. */
const told = {
  capability: ['$.change_set.action', '$.capability'],
  tenant_id: ['$.change_set.scope.tenant_id', '$.tenant_id'],
  object_id: ['$.change_set.scope.object_id', '$.object_id'],
  business_object: ['$.change_set.scope.business_object'],
  contract_id: ['$.contract.contract_id'],
  contract_version_id: ['$.contract.contract_version_id'],
  contract_digest: ['$.contract.digest'],
} as const;

const MEMBERS = Object.entries(told)
  .map(([name, paths]) => {
    const found = paths.map((path) => `l.body ->> '${path}'`);
    return `${found.length === 1 ? found[0] : `coalesce(${found.join(', ')})`} AS told_${name}`;
  })
  .join(', ');

/** What events say of these proposals; their change sets are not brought along. */
export function outlinesOf(tenant: string, proposalIds: readonly string[]): Statement {
  return {
    sql:
      `SELECT ${selectList(proposals, 'p')}, ${MEMBERS} FROM ${SEQUENCES} s ` +
      'CROSS JOIN proposals p ON p.tenant = ?1 AND p.seq = s.seq ' +
      'CROSS JOIN ledger l ON l.tenant = p.tenant AND l.seq = p.body_seq',
    params: sequenceParameters(tenant, proposalIds),
  };
}

/** By the proposals' ids. */
export function outlinesIn(rows: readonly RawRow[]): ReadonlyMap<string, Outline> {
  return new Map(rows.map((raw) => [String(raw.proposal_id), outlineOf(decodeRow(proposals, raw), raw)]));
}

function outlineOf({ principal_id, proposal_id, source_id, state }: ProposalRow, raw: RawRow): Outline {
  return {
    proposal_id,
    status: publicState(state),
    source_id,
    capability: String(raw.told_capability),
    contract_id: textOrNull(raw.told_contract_id),
    contract_version_id: textOrNull(raw.told_contract_version_id),
    contract_digest: textOrNull(raw.told_contract_digest),
    business_object: textOrNull(raw.told_business_object),
    object_id: textOrNull(raw.told_object_id),
    tenant_id: String(raw.told_tenant_id),
    principal: principal_id,
  };
}

function textOrNull(value: RawRow[string] | undefined): string | null {
  return value === null || value === undefined ? null : String(value);
}
