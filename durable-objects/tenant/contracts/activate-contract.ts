import type { ActionContract } from '@countersign/protocol/action/action-contract';
import type { AgentContract } from '@countersign/protocol/contract/contract-document';
import { diffContracts } from '@countersign/protocol/contract-diff/diff-contracts';
import type { Refusal } from '@countersign/protocol/problem';
import type { Identity } from '../access/identity.ts';
import type { ContractRow, ContractVersionRow } from '../governance-schema.ts';
import { unsatisfiableIn } from '../policies/who-may-approve.ts';
import {
  combineRequirements,
  type Requirement,
  requirementOf,
  requirementOfAction,
} from '../proposals/requirement.ts';
import type { AskOf } from '../turn/command.ts';
import { contractSubject, type Draft } from '../turn/event.ts';
import { type Outcome, unchanged } from '../turn/outcome.ts';
import { answer, refuse } from '../turn/reply.ts';
import type { World } from '../turn/world.ts';
import { contractView, versionView } from './contract-view.ts';
import { documentOf } from './in-force.ts';

/** Brings a version into force, an older one too. Again is an answer and no entry. */
export function activateContract(
  world: World,
  { contractId, versionId, reason, isRollback }: AskOf<'activate-contract'>,
  identity: Identity,
  _now: number,
): Outcome {
  const row = world.row('contracts', contractId);
  const version = world.row('versions', versionId);
  if (row === undefined || version === undefined || version.contract_id !== contractId) {
    return unchanged(refuse('contract_not_found', `there is no version ${versionId} of ${contractId}`));
  }
  const contract = documentOf(world, version.seq, version.digest);
  if (contract === undefined) return unchanged(refuse('unavailable', 'the contract could not be read'));
  const active = { ...row, active_version_id: versionId };
  const reply = answer({
    ok: true,
    contract: contractView(active, version),
    version: versionView(version, versionId),
  });
  if (row.active_version_id === versionId) return unchanged(reply);
  const activated = activation(world, row, { contract, version }, identity, { reason, isRollback });
  if (!activated.ok) return unchanged({ ok: false, refusal: activated.refusal });
  return { reply, entries: [activated.entry] };
}

interface Target {
  readonly contract: AgentContract;
  readonly version: ContractVersionRow;
}

type Activation =
  | { readonly ok: true; readonly entry: Draft }
  | { readonly ok: false; readonly refusal: Refusal };

/** The entry that brings a version into force, or why it may not. */
export function activation(
  world: World,
  row: ContractRow,
  { contract, version }: Target,
  identity: Identity,
  { reason, isRollback }: { readonly reason: string | null; readonly isRollback: boolean },
): Activation {
  const standing = standingDocument(world, row);
  const capabilities = namesIn(contract);
  const taken = capabilities.find((name) => isTaken(world, name, row.contract_id));
  if (taken !== undefined) {
    return refused('capability_taken', `another contract in force has the capability ${taken}`, 'rename one');
  }
  const unattended = identity.kind === 'person' ? undefined : needsPerson(world, contract, row.contract_id);
  if (standing === undefined && unattended !== undefined) return unattended;
  const { risk_increasing } = diffContracts(standing, contract);
  const lacking = standing !== undefined && risk_increasing ? reasonLacking(identity, reason) : undefined;
  if (lacking !== undefined) return lacking;
  // Back to what once held is a way out at night: what nobody can approve then waits, and does no harm.
  const unsatisfiable = isRollback ? undefined : unsatisfiableIn(world, requirementsOf(contract));
  if (unsatisfiable !== undefined) return { ok: false, refusal: unsatisfiable };
  const retired = (standing === undefined ? [] : namesIn(standing)).filter(
    (name) => !capabilities.includes(name),
  );
  const body = {
    contract_id: row.contract_id,
    version_id: version.version_id,
    version_seq: version.seq,
    digest: version.digest,
    label: version.label,
    capabilities,
    retired,
    previous_version_id: row.active_version_id,
    is_rollback: isRollback,
    risk_increasing,
    reason,
    name: identity.name,
  };
  const subject = contractSubject(row.contract_id);
  return { ok: true, entry: { type: 'contract.activated', actor: identity.actor, subject, body } };
}

function actionsOf(contract: AgentContract): readonly ActionContract[] {
  return contract['x-cloud-actions'] ?? [];
}

/** Of capabilities and actions alike: agents send these names, and no two things in force may have the same. */
function namesIn(contract: AgentContract): string[] {
  return [...contract.capabilities, ...actionsOf(contract)].map(({ name }) => name).toSorted();
}

/** What its capabilities and actions ask of people. */
function requirementsOf(contract: AgentContract): readonly Requirement[] {
  const { capabilities } = contract;
  const asked = [
    ...capabilities.filter(({ proposal }) => proposal !== undefined).map(requirementOf),
    ...actionsOf(contract)
      .filter(({ approval }) => approval.mode !== 'none')
      .map(requirementOfAction),
  ];
  return asked.length === 0 ? [] : combineRequirements(asked);
}

/**
 * Where nothing of this name was in force there is nothing to compare. A program may bring such a contract into force,
 * unless it takes over a name that agents and policies know, or leaves a decision to a policy.
 */
function needsPerson(world: World, contract: AgentContract, contractId: string): Activation | undefined {
  const unattended = [
    ...contract.capabilities.map(({ name, proposal }) => ({ name, mode: proposal?.approval?.mode })),
    ...actionsOf(contract).map(({ name, approval }) => ({ name, mode: approval.mode })),
  ];
  for (const { name, mode } of unattended) {
    const held = world.row('capabilities', name);
    if (held !== undefined && held.contract_id !== contractId) {
      return refused(
        'forbidden',
        `${name} was a capability of another contract`,
        'a person must activate this one',
      );
    }
    if (mode === 'policy' || mode === 'none') {
      const whom = mode === 'policy' ? 'a policy' : 'nobody';
      return refused('forbidden', `${name} leaves the decision to ${whom}`, 'a person must activate it');
    }
  }
  return undefined;
}

/** To permit more than before is a person's to answer for. Where nothing was in force there is nothing to compare. */
function reasonLacking(identity: Identity, reason: string | null): Activation | undefined {
  if ((reason ?? '').trim() === '') {
    return refused(
      'agent_contract_activation_reason_required',
      'this version permits more than the one in force',
      'say why, as `reason`',
    );
  }
  if (identity.kind === 'person') return undefined;
  return refused('forbidden', 'this version permits more than the one in force', 'a person must activate it');
}

function standingDocument(world: World, row: ContractRow): AgentContract | undefined {
  if (row.active_version_id === null) return undefined;
  const version = world.row('versions', row.active_version_id);
  return version === undefined ? undefined : documentOf(world, version.seq, version.digest);
}

/** Names of capabilities are what agents send, so no two contracts in force may have the same. */
function isTaken(world: World, name: string, contractId: string): boolean {
  const row = world.row('capabilities', name);
  return row !== undefined && row.version_id !== null && row.contract_id !== contractId;
}

function refused(code: Refusal['code'], message: string, next: string): Activation {
  return { ok: false, refusal: { code, message, next } };
}
