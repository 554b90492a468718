import { contractDigest } from '@countersign/protocol/contract/contract-digest';
import type { AgentContract } from '@countersign/protocol/contract/contract-document';
import { parseContract } from '@countersign/protocol/contract/parse-contract';
import { diffContracts } from '@countersign/protocol/contract-diff/diff-contracts';
import { lintContract } from '@countersign/protocol/contract-lint/lint-contract';
import type { PushContract } from '@countersign/protocol/contract-requests';
import type { Identity } from '../access/identity.ts';
import type { ContractRow, ContractVersionRow } from '../governance-schema.ts';
import type { ContractPushed } from '../turn/body.ts';
import type { AskOf } from '../turn/command.ts';
import { contractSubject, type Draft } from '../turn/event.ts';
import { type Outcome, unchanged } from '../turn/outcome.ts';
import { answer, refuse } from '../turn/reply.ts';
import type { World } from '../turn/world.ts';
import { activation } from './activate-contract.ts';
import { contractIdOf, versionIdOf } from './contract-ids.ts';
import { versionView } from './contract-view.ts';
import { documentOf } from './in-force.ts';

/**
 * A version enters the registry. It is immutable, and the same document again is the same version; an answer then,
 * and no entry. With `activate` it comes into force in the same turn, under the rules of an activation.
 */
export function pushContract(
  world: World,
  { request }: AskOf<'push-contract'>,
  identity: Identity,
  now: number,
): Outcome {
  const parsed = parseContract(request.contract);
  if (!parsed.ok) {
    const [first] = parsed.issues;
    const message = first === undefined ? 'the contract is not valid' : `${first.path}: ${first.message}`;
    return unchanged({ ok: false, refusal: { code: 'contract_invalid', message, errors: parsed.issues } });
  }
  const { contract } = parsed;
  const name = request.name ?? contract.metadata?.name;
  if (name === undefined) {
    return unchanged(refuse('validation_failed', '$.name: the contract has no name', 'give it one'));
  }
  const digest = contractDigest(contract);
  if (request.local_digest !== undefined && request.local_digest !== digest) {
    return unchanged(
      refuse('contract_digest_mismatch', `the contract's digest is ${digest}, not ${request.local_digest}`),
    );
  }
  const version = versionOf(world, { request, contract, name, digest }, identity, now);
  if (version === undefined) return unchanged(refuse('unavailable', 'the contract could not be compared'));
  return concluded(world, version, request, identity, now);
}

interface Pushed {
  readonly before: ContractRow | undefined;
  readonly body: ContractPushed;
  readonly seq: number;
  readonly entry: Draft | undefined;
  readonly known: ContractVersionRow | undefined;
}

interface Named {
  readonly request: PushContract;
  readonly contract: AgentContract;
  readonly name: string;
  readonly digest: string;
}

/** The version, new or known. Undefined while the one in force has not been read. */
function versionOf(
  world: World,
  { request, contract, name, digest }: Named,
  identity: Identity,
  _now: number,
): Pushed | undefined {
  const contract_id = contractIdOf(name);
  const version_id = versionIdOf(contract_id, digest);
  const before = world.row('contracts', contract_id);
  const known = world.row('versions', version_id);
  const active = before?.active_version_id ?? null;
  const activeRow = active === null ? undefined : world.row('versions', active);
  const standing = activeRow === undefined ? undefined : documentOf(world, activeRow.seq, activeRow.digest);
  if (active !== null && standing === undefined) return undefined;
  const diff = diffContracts(standing, contract);
  const body: ContractPushed = {
    contract_id,
    version_id,
    version_number: known?.version_number ?? (before?.versions ?? 0) + 1,
    name,
    description: request.description ?? contract.metadata?.description ?? null,
    label: contract.metadata?.version ?? contract.spec_version,
    digest,
    source: request.source,
    contract,
    compared_with: active,
    risk_increasing: diff.risk_increasing,
    semantic_diff: diff.changes,
  };
  const entry = {
    type: 'contract.pushed',
    actor: identity.actor,
    subject: contractSubject(contract_id),
    body,
  } as const;
  return {
    before,
    known,
    body,
    seq: known?.seq ?? world.nextSeq,
    entry: known === undefined ? entry : undefined,
  };
}

function concluded(
  world: World,
  { before, known, body, seq, entry }: Pushed,
  request: PushContract,
  identity: Identity,
  now: number,
): Outcome {
  const entries = entry === undefined ? [] : [entry];
  const isActive = before?.active_version_id === body.version_id;
  if (!request.activate || isActive) {
    return {
      reply: pushed(body, before, isActive, known ?? rowOf(world, body, seq, identity, now)),
      entries,
    };
  }
  const target = { contract: body.contract, version: known ?? rowOf(world, body, seq, identity, now) };
  const activated = activation(world, before ?? contractRow(world, body, now), target, identity, {
    reason: request.reason ?? null,
    isRollback: false,
  });
  // Refused whole: nothing would tell whoever pushed that it is staged all the same.
  if (!activated.ok) return unchanged({ ok: false, refusal: activated.refusal });
  return {
    reply: pushed(body, before, true, target.version),
    entries: [...entries, activated.entry],
  };
}

function pushed(
  body: ContractPushed,
  before: ContractRow | undefined,
  isActive: boolean,
  row: ContractVersionRow,
) {
  const { contract, semantic_diff, compared_with, contract_id, version_id, name, digest } = body;
  const status = isActive ? 'active' : 'staged';
  const active = isActive ? version_id : (before?.active_version_id ?? null);
  return answer(
    {
      ok: true,
      contract_id,
      contract_version_id: version_id,
      version_number: row.version_number,
      digest,
      status,
      contract: {
        contract_id,
        name,
        status: active === null ? 'staged' : 'active',
        active_version_id: active,
      },
      version: {
        ...versionView(row, active),
        risk_increasing: body.risk_increasing,
        compared_with,
        semantic_diff: { changes: semantic_diff },
        lint: { findings: lintContract(contract) },
      },
    },
    201,
  );
}

/** The row that the entry will make. */
function rowOf(
  world: World,
  body: ContractPushed,
  seq: number,
  { actor }: Identity,
  now: number,
): ContractVersionRow {
  return {
    tenant: world.tenant,
    version_id: body.version_id,
    contract_id: body.contract_id,
    version_number: body.version_number,
    label: body.label,
    digest: body.digest,
    seq,
    risk_increasing: body.risk_increasing,
    pushed_at: now,
    pushed_by: `${actor.kind}:${actor.id}`,
  };
}

function contractRow(world: World, body: ContractPushed, now: number): ContractRow {
  return {
    tenant: world.tenant,
    contract_id: body.contract_id,
    name: body.name,
    description: body.description,
    versions: body.version_number,
    newest_version_id: body.version_id,
    active_version_id: null,
    created_at: now,
    updated_at: now,
    tip_seq: 0,
    tip_hash: '',
  };
}
