import { engineOf } from '../change-set/engine.ts';
import type { GuardedUpdate } from '../change-set/guarded-update.ts';
import type { Refusal } from '../problem.ts';
import type { ContractReference } from '../writeback-job.ts';
import { checkBounds } from './build-patch.ts';
import { checkTransitions } from './check-transitions.ts';
import type { AgentContract, Capability } from './contract-document.ts';
import { patchFault, rowKeyFault } from './fit-patch.ts';
import { whyNotProposable } from './proposable.ts';
import { type ResolvedSubject, subjectOf } from './subject-of.ts';

/**
 * Whether a complete change set, made elsewhere, is within what the contract allows. It must have passed
 * `changeSetSchema`, and the contract `parseContract`. Undefined means that it fits.
 */
export function checkFit(
  contract: AgentContract,
  reference: Pick<ContractReference, 'digest'>,
  changeSet: GuardedUpdate,
): Refusal | undefined {
  const capability = contract.capabilities.find(({ name }) => name === changeSet.action);
  if (capability === undefined) {
    const names = contract.capabilities
      .filter((one) => whyNotProposable(one) === undefined)
      .map(({ name }) => name);
    return outside(
      `the contract has no capability ${changeSet.action}`,
      `one of its own: ${names.join(', ')}`,
    );
  }
  const unsupported = whyNotProposable(capability);
  if (unsupported !== undefined) return unsupported;
  const subject = subjectOf(contract, capability);
  if (subject === undefined)
    return outside(`${capability.name} names no rows of a tenant`, 'another capability');
  return (
    contractFault(reference, changeSet) ??
    targetFault(capability, subject, changeSet) ??
    guardFault(contract, capability, subject, changeSet) ??
    rowKeyFault(capability, changeSet) ??
    patchFault(capability, changeSet.patch) ??
    checkBounds(capability, changeSet.patch) ??
    shownFault(capability, subject, changeSet) ??
    checkTransitions(capability, changeSet.before, changeSet.patch)
  );
}

function outside(message: string, next: string): Refusal {
  return { code: 'outside_contract', message, next };
}

/** Refuses the first pair that differs: what the contract says, and what the change set says. */
function difference(pairs: readonly [string, unknown, unknown][]): Refusal | undefined {
  const differing = pairs.find(([, reviewed, sent]) => reviewed !== sent);
  if (differing === undefined) return undefined;
  const [place, reviewed] = differing;
  const next = reviewed === undefined ? `no ${place}` : `${place}: ${String(reviewed)}`;
  return outside(`${place} is not what the contract says`, next);
}

function contractFault(
  { digest }: Pick<ContractReference, 'digest'>,
  { contract }: GuardedUpdate,
): Refusal | undefined {
  return contract === undefined ? undefined : difference([['contract.digest', digest, contract.digest]]);
}

function targetFault(
  capability: Capability,
  subject: ResolvedSubject,
  { source, scope }: GuardedUpdate,
): Refusal | undefined {
  const engine = engineOf(source.kind);
  return difference([
    ['source.kind', subject.engine ?? engine ?? 'external_postgres or external_mysql', engine],
    ['source.source_id', capability.source ?? source.source_id, source.source_id],
    ['source.schema', subject.schema, source.schema],
    ['source.table', subject.table, source.table],
    ['source.primary_key.column', subject.primary_key, source.primary_key.column],
    // Reviewers and policies know the row by this name.
    ['scope.object_id', String(source.primary_key.value), scope.object_id],
  ]);
}

function guardFault(
  contract: AgentContract,
  capability: Capability,
  subject: ResolvedSubject,
  { guards }: GuardedUpdate,
): Refusal | undefined {
  const context = contract.contexts.find(({ name }) => name === capability.context);
  const isScoped = subject.principal_scope_key !== undefined;
  const fault = difference([
    ['guards.tenant.column', subject.tenant_key, guards.tenant.column],
    ['guards.principal_scope.column', subject.principal_scope_key, guards.principal_scope?.column],
    [
      'guards.principal_scope.binding',
      isScoped ? context?.principal_binding : undefined,
      guards.principal_scope?.binding,
    ],
    [
      'guards.expected_version.column',
      capability.proposal?.conflict_guard?.column,
      guards.expected_version.column,
    ],
  ]);
  if (fault !== undefined) return fault;
  if (guards.expected_version.value === null || guards.expected_version.value === '') {
    return outside(
      'guards.expected_version has no value, so it guards nothing',
      'the version as it was read',
    );
  }
  const allowed = capability.proposal?.allowed_fields ?? [];
  const beyond = guards.allowed_columns.find((column) => !allowed.includes(column));
  if (beyond === undefined) return undefined;
  return outside(
    `guards.allowed_columns has ${beyond}`,
    `guards.allowed_columns within ${allowed.join(', ')}`,
  );
}

/**
 * What leaves the network is what the contract shows, and the columns that name and fence the row. Only names are
 * repeated here: a value that should have been kept out must not turn up in an answer or a log.
 */
function shownFault(
  { visible_fields, kept_out_fields, proposal }: Capability,
  { primary_key, tenant_key, principal_scope_key }: ResolvedSubject,
  { before, after, patch }: GuardedUpdate,
): Refusal | undefined {
  const keptOut = new Set(kept_out_fields?.map((field) => field.toLowerCase()));
  const principal = keptOut.has(principal_scope_key?.toLowerCase() ?? '') ? undefined : principal_scope_key;
  const shown = new Set([
    ...visible_fields,
    primary_key,
    tenant_key,
    principal,
    proposal?.conflict_guard?.column,
  ]);
  const next = `only ${visible_fields.join(', ')}`;
  for (const [name, row] of Object.entries({ before, after })) {
    const hidden = Object.keys(row).find((column) => !shown.has(column));
    if (hidden !== undefined)
      return outside(`${name} holds ${hidden}, which the contract does not show`, next);
  }
  const unseen = Object.keys(patch).find((column) => !Object.hasOwn(before, column));
  if (unseen === undefined) return undefined;
  return outside(
    `before does not hold ${unseen}, which the patch sets`,
    `before with ${unseen} as it was read`,
  );
}
