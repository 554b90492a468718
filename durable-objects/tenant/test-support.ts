import type { GuardedUpdate } from '@countersign/protocol/change-set/guarded-update';
import { jobIdOf, mintId } from '@countersign/protocol/ids';
import { type Limits, usualLimits } from '@countersign/protocol/limits';
import type { Identity } from './access/identity.ts';
import { laneOf } from './proposals/lane.ts';
import type { CredentialRow, Head, MemberRow, ProposalRow, RunnerRow } from './schema.ts';
import type { Submission } from './turn/body.ts';
import { noCounters } from './turn/head.ts';
import { forEachTable } from './turn/keyed-tables.ts';
import { type Needs, noNeeds } from './turn/needs.ts';
import type { Outcome } from './turn/outcome.ts';
import { noRows, type Rows } from './turn/rows.ts';
import { World } from './turn/world.ts';

/** Plain data for the tests that stand beside the rules. */
export const TENANT = 'prj_test';
export const NOW = Date.UTC(2027, 0, 15, 8);
export const SOURCE = 'src_billing';

export const head: Head = {
  tenant: TENANT,
  turn: 7,
  nonce: 'n7',
  seq: 40,
  hash: 'sha256:h40',
  counters: noCounters,
};

/** A proposal that waits for its review, changed as given; its lane follows from the rest. */
export function proposalRow(changes: Partial<ProposalRow> = {}): ProposalRow {
  const seq = changes.seq ?? 11;
  const row = {
    tenant: TENANT,
    seq,
    proposal_id: mintId('wrp', { at: NOW, seq, tenant: TENANT }),
    source_id: SOURCE,
    state: 'pending_review' as const,
    proposer_kind: 'agent' as const,
    proposer_id: 'crd_agent',
    principal_id: 'principal',
    contract_id: 'ctr_test',
    proposal_hash: 'sha256:proposal',
    effect_digest: 'sha256:effect',
    writable: true,
    requirements: [{ role: null, approvals: 1 }],
    version: 1,
    body_seq: seq,
    rehearsal: null,
    conversation: [],
    cause: null,
    decisions: [],
    created_at: NOW - 60_000,
    updated_at: NOW - 60_000,
    expires_at: NOW + 60_000,
    job_state: null,
    attempt: 0,
    charged: 0,
    queued_at: null,
    not_before: null,
    frozen_by: null,
    lease_id: null,
    lease_runner: null,
    lease_expires_at: null,
    result: null,
    discrepancy: null,
    step_id: null,
    tied: [],
    tip_seq: seq,
    tip_hash: `sha256:h${seq}`,
    remembered: [],
    ...changes,
  };
  return { ...row, ...laneOf(row) };
}

export function queuedRow(seq: number, changes: Partial<ProposalRow> = {}): ProposalRow {
  return proposalRow({ seq, state: 'approved', job_state: 'queued', queued_at: NOW - 1_000, ...changes });
}

export const LEASE = mintId('lse', { at: NOW - 5_000, seq: 30, tenant: TENANT });

export function leasedRow(changes: Partial<ProposalRow> = {}): ProposalRow {
  return queuedRow(11, {
    job_state: 'leased',
    attempt: 1,
    lease_id: LEASE,
    lease_runner: 'run_a',
    lease_expires_at: NOW + 25_000,
    ...changes,
  });
}

export function runnerRow(changes: Partial<RunnerRow> = {}): RunnerRow {
  return {
    tenant: TENANT,
    runner_id: 'run_a',
    version: '1.0.0',
    engines: ['postgres'],
    sources: [SOURCE],
    capabilities: ['single_row_update'],
    status: 'online',
    registered_at: NOW - 60_000,
    started_at: NOW - 60_000,
    last_seen_at: NOW,
    drained: null,
    registered_by: null,
    control_digest: null,
    tip_seq: 9,
    tip_hash: 'sha256:h9',
    ...changes,
  };
}

export const changeSet: GuardedUpdate = {
  schema_version: 'synapsor.change-set.v1',
  proposal_id: 'p1',
  proposal_version: 1,
  action: 'invoices.waive',
  mode: 'review_required',
  principal: { id: 'principal', source: 'cloud_session' },
  scope: { tenant_id: 'acme', business_object: 'invoice', object_id: 'INV-1' },
  source: {
    kind: 'external_postgres',
    source_id: SOURCE,
    schema: 'public',
    table: 'invoices',
    primary_key: { column: 'id', value: 'INV-1' },
  },
  before: { fee: 5_500 },
  patch: { fee: 0 },
  after: { fee: 0 },
  guards: {
    tenant: { column: 'tenant_id', value: 'acme' },
    allowed_columns: ['fee'],
    expected_version: { column: 'version', value: 7 },
  },
  evidence: { bundle_id: 'none', query_fingerprint: 'none', items: [] },
  approval: { status: 'pending' },
  writeback: { status: 'not_applied', mode: 'trusted_worker_required' },
  source_database_mutated: false,
  integrity: { proposal_hash: 'sha256:proposal' },
  created_at: '2027-01-15T08:00:00.000Z',
};

export function submissionOf(row: ProposalRow): Submission {
  return {
    proposal_id: row.proposal_id,
    source_id: row.source_id,
    runner_id: null,
    contract: null,
    change_set: { ...changeSet, proposal_id: row.proposal_id },
    effect_digest: row.effect_digest,
    reason: null,
    expires_at: row.expires_at,
    evidence_metadata: null,
    query_audit: null,
  };
}

/** Whatever is asked for was read: what is not among the rows does not exist. */
class Everywhere extends Map<string, number> {
  override get(): number {
    return Number.POSITIVE_INFINITY;
  }
}

class Everything<Key> extends Set<Key> {
  override has(): boolean {
    return true;
  }
}

const everything: Needs = {
  ...noNeeds(),
  rows: forEachTable(() => new Everything<string>()),
  bodies: new Everything<number>(),
  lanes: new Everywhere(),
  roster: true,
};

/** Rows of keyed tables; the other tables are empty. */
export function keyed(tables: Partial<Rows['keyed']>): Rows['keyed'] {
  return { ...noRows().keyed, ...tables };
}

/** A world that holds these rows, with the submissions of its proposals where no bodies are given. */
export function worldOf(rows: Partial<Rows> = {}, limits: Partial<Limits> = {}): World {
  const proposals = rows.proposals ?? [];
  const bodies = proposals.map((row) => ({ seq: row.body_seq, body: submissionOf(row) }));
  return new World(TENANT, { ...noRows(), head, proposals, bodies, ...rows }, everything, {
    ...usualLimits,
    ...limits,
  });
}

/** What follows from entries: applies them, as a turn does. */
export function appendAll(world: World, { entries }: Pick<Outcome, 'entries'>, now = NOW): void {
  for (const entry of entries) world.append(entry, now);
}

export function memberRow(changes: Partial<MemberRow> = {}): MemberRow {
  return {
    tenant: TENANT,
    person: 'iss ann',
    name: 'ann',
    roles: ['approver'],
    approval_roles: [],
    status: 'active',
    tip_seq: 0,
    tip_hash: '',
    ...changes,
  };
}

export function credentialRow(changes: Partial<CredentialRow> = {}): CredentialRow {
  return {
    tenant: TENANT,
    credential_id: 'crd_runner',
    kind: 'runner',
    name: 'runner',
    digest: 'd',
    sources: [SOURCE],
    permissions: ['writeback:claim', 'runner:heartbeat'],
    status: 'active',
    expires_at: null,
    bindings: {},
    capabilities: null,
    targets: [],
    handlers: [],
    created_at: 0,
    issued_by: 'system:provisioner',
    last_used_at: NOW,
    tip_seq: 0,
    tip_hash: '',
    ...changes,
  };
}

type Machine = Extract<Identity, { sources: readonly string[] }>;

export function machine(kind: Machine['kind'], changes: Partial<Machine> = {}): Identity {
  return {
    kind,
    actor: { kind, id: `crd_${kind}` },
    name: kind,
    sources: [SOURCE],
    permissions: [],
    bindings: {},
    capabilities: null,
    targets: [],
    handlers: [],
    ...changes,
  };
}

export const runner: Identity = machine('runner');

export function person(name: string, changes: Partial<Extract<Identity, { kind: 'person' }>> = {}): Identity {
  return {
    kind: 'person',
    actor: { kind: 'person', id: `iss ${name}` },
    name,
    roles: ['approver'],
    approvalRoles: [],
    ...changes,
  };
}

/** What a test compares: the code of a refusal or `ok`, and the kinds of entries that follow. */
export function gist({ reply, entries }: Outcome): {
  readonly answer: string;
  readonly entries: readonly string[];
} {
  return { answer: reply.ok ? 'ok' : reply.refusal.code, entries: entries.map(({ type }) => type) };
}

export const JOB = jobIdOf(proposalRow().proposal_id);
