import { digest } from '@countersign/protocol/canonical-json';
import { contractDigest } from '@countersign/protocol/contract/contract-digest';
import type {
  AgentContract,
  Capability,
  ContractContext,
} from '@countersign/protocol/contract/contract-document';
import { contractIdOf, versionIdOf } from './contracts/contract-ids.ts';
import type { CapabilityRow, ContractRow, ContractVersionRow } from './governance-schema.ts';
import type { RehearsalState } from './rehearsals/rehearsal-state.ts';
import type { ProposalRow, SourceRow } from './schema.ts';
import { changeSet, keyed, NOW, proposalRow, SOURCE, submissionOf, TENANT } from './test-support.ts';
import type { ContractPushed, ProposalRequest, Submission } from './turn/body.ts';
import type { Rows } from './turn/rows.ts';

/** A contract for the tests that stand beside the rules: it allows the change set of `test-support.ts`. */
export const CAPABILITY = changeSet.action;

type Proposal = NonNullable<Capability['proposal']>;

const proposal: Proposal = {
  action: CAPABILITY,
  allowed_fields: ['fee'],
  patch: { fee: { from_arg: 'fee' } },
  numeric_bounds: { fee: { minimum: 0, maximum: 10_000 } },
  conflict_guard: { column: 'version' },
};

/** The one capability; `proposed` changes what stands under `proposal`. */
export function capability(changes: Partial<Capability> = {}, proposed: Partial<Proposal> = {}): Capability {
  return {
    name: CAPABILITY,
    kind: 'proposal',
    context: 'desk',
    subject: { schema: 'public', table: 'invoices', primary_key: 'id', tenant_key: 'tenant_id' },
    args: {
      invoice: { type: 'string', max_length: 64 },
      fee: { type: 'number', minimum: 0, maximum: 10_000 },
    },
    lookup: { id_from_arg: 'invoice' },
    visible_fields: ['fee'],
    kept_out_fields: ['card'],
    proposal: { ...proposal, ...proposed },
    ...changes,
  };
}

export const context: ContractContext = {
  name: 'desk',
  tenant_binding: 'tenant_id',
  principal_binding: 'principal',
  bindings: [
    { name: 'tenant_id', source: 'cloud_session', key: 'tenant', required: true },
    { name: 'principal', source: 'cloud_session', key: 'sub', required: true },
  ],
};

export function contractOf(
  one: Capability = capability(),
  changes: Partial<AgentContract> = {},
): AgentContract {
  return {
    spec_version: '0.1',
    kind: 'SynapsorContract',
    metadata: { name: 'billing', version: '1.0.0' },
    contexts: [context],
    capabilities: [one],
    ...changes,
  };
}

export const CONTRACT_ID = contractIdOf('billing');
/** The entry that pushed a contract. */
export const PUSHED = 5;

export function referenceOf(contract: AgentContract) {
  const contractHash = contractDigest(contract);
  return {
    contract_id: CONTRACT_ID,
    contract_version_id: versionIdOf(CONTRACT_ID, contractHash),
    digest: contractHash,
  };
}

/** Of the contract as it is. */
export const REFERENCE = referenceOf(contractOf());

export function pushedBody(contract: AgentContract): ContractPushed {
  const reference = referenceOf(contract);
  return {
    contract_id: CONTRACT_ID,
    version_id: reference.contract_version_id,
    version_number: 1,
    name: 'billing',
    description: null,
    label: '1.0.0',
    digest: reference.digest,
    source: 'test',
    contract,
    compared_with: null,
    risk_increasing: false,
    semantic_diff: [],
  };
}

export function contractRow(contract: AgentContract, isActive = true): ContractRow {
  const { contract_version_id } = referenceOf(contract);
  return {
    tenant: TENANT,
    contract_id: CONTRACT_ID,
    name: 'billing',
    description: null,
    versions: 1,
    newest_version_id: contract_version_id,
    active_version_id: isActive ? contract_version_id : null,
    created_at: NOW - 60_000,
    updated_at: NOW - 60_000,
    tip_seq: PUSHED,
    tip_hash: `sha256:h${PUSHED}`,
  };
}

export function versionRow(
  contract: AgentContract,
  changes: Partial<ContractVersionRow> = {},
): ContractVersionRow {
  const { contract_id, contract_version_id, digest: contractHash } = referenceOf(contract);
  return {
    tenant: TENANT,
    version_id: contract_version_id,
    contract_id,
    version_number: 1,
    label: '1.0.0',
    digest: contractHash,
    seq: PUSHED,
    risk_increasing: false,
    pushed_at: NOW - 60_000,
    pushed_by: 'person:iss olga',
    ...changes,
  };
}

export function capabilityRow(contract: AgentContract, name = CAPABILITY): CapabilityRow {
  const { contract_id, contract_version_id, digest: contractHash } = referenceOf(contract);
  return {
    tenant: TENANT,
    capability: name,
    contract_id,
    version_id: contract_version_id,
    digest: contractHash,
    label: '1.0.0',
    version_seq: PUSHED,
  };
}

export const source: SourceRow = { tenant: TENANT, source_id: SOURCE, name: 'billing', engine: 'postgres' };

/** The rows and the body of a contract in force; add them to a world. */
export function inForce(
  contract: AgentContract = contractOf(),
  tables: Partial<Rows['keyed']> = {},
): Pick<Rows, 'keyed' | 'bodies'> {
  const names = contract.capabilities.map(({ name }) => name);
  return {
    keyed: keyed({
      sources: [source],
      contracts: [contractRow(contract)],
      versions: [versionRow(contract)],
      capabilities: names.map((name) => capabilityRow(contract, name)),
      ...tables,
    }),
    bodies: [{ seq: PUSHED, body: pushedBody(contract) }],
  };
}

/** What an agent asked for: the change of `changeSet`. */
export function requestOf(row: ProposalRow, contract: AgentContract = contractOf()): ProposalRequest {
  return {
    proposal_id: row.proposal_id,
    proposal_version: row.version,
    source_id: SOURCE,
    contract: referenceOf(contract),
    capability: CAPABILITY,
    args: { invoice: 'INV-1', fee: 0 },
    tenant_id: 'acme',
    principal: 'principal',
    object_id: 'INV-1',
    patch: { fee: 0 },
    agent: 'agent',
    effect_digest: digest(row.proposal_id),
    reason: null,
    expires_at: row.expires_at,
    until: NOW + 10_000,
  };
}

/** The change set that a rehearsal of `requestOf` led to. */
export function rehearsedSubmission(row: ProposalRow, contract: AgentContract = contractOf()): Submission {
  return {
    ...submissionOf(row),
    proposal_version: row.version,
    contract: referenceOf(contract),
    requirements: row.requirements,
    requested: { args: { invoice: 'INV-1', fee: 0 }, agent: 'agent', rehearsal_seq: 12 },
  };
}

export function rehearsalState(changes: Partial<RehearsalState> = {}): RehearsalState {
  return {
    status: 'leased',
    number: 1,
    asked_at: NOW - 1_000,
    until: NOW + 9_000,
    asked_by: null,
    lease_id: 'lse_1',
    runner_id: 'run_a',
    seq: null,
    drift: null,
    ...changes,
  };
}

/** A proposal of an agent, whose rehearsal a runner has. */
export function rehearsingRow(changes: Partial<ProposalRow> = {}): ProposalRow {
  return proposalRow({
    state: 'rehearsing',
    writable: false,
    requirements: [],
    rehearsal: rehearsalState(),
    ...changes,
  });
}
