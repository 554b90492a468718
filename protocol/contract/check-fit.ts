import { engineOf } from '../change-set/engine.ts';
import { operationOf } from '../change-set/operation.ts';
import { writtenRows } from '../change-set/written-rows.ts';
import type { ChangeSet } from '../change-set.ts';
import type { Refusal } from '../problem.ts';
import type { ColumnValue } from '../values.ts';
import type { ContractReference } from '../writeback-job.ts';
import { checkBounds } from './build-patch.ts';
import { checkTransitions } from './check-transitions.ts';
import type { AgentContract, Capability } from './contract-document.ts';
import { operationFault, patchesOf } from './fit-operation.ts';
import { patchFault, rowKeyFault } from './fit-patch.ts';
import { shownFault } from './fit-shown.ts';
import { difference, outside } from './outside.ts';
import { whyNotWritten } from './proposable.ts';
import { type ResolvedSubject, subjectOf } from './subject-of.ts';

/**
 * Whether a complete change set, made elsewhere, is within what the contract allows. It must have passed
 * `changeSetSchema`, and the contract `parseContract`. Undefined means that it fits.
 */
export function checkFit(
  contract: AgentContract,
  reference: Pick<ContractReference, 'digest'>,
  changeSet: ChangeSet,
): Refusal | undefined {
  const capability = contract.capabilities.find(({ name }) => name === changeSet.action);
  if (capability === undefined) {
    const names = contract.capabilities
      .filter((one) => whyNotWritten(one) === undefined)
      .map(({ name }) => name);
    return outside(
      `the contract has no capability ${changeSet.action}`,
      `one of its own: ${names.join(', ')}`,
    );
  }
  const unsupported = whyNotWritten(capability);
  if (unsupported !== undefined) return unsupported;
  const subject = subjectOf(contract, capability);
  if (subject === undefined)
    return outside(`${capability.name} names no rows of a tenant`, 'another capability');
  return (
    contractFault(reference, changeSet) ??
    targetFault(capability, subject, changeSet) ??
    operationFault(capability, changeSet) ??
    guardFault(contract, capability, subject, changeSet) ??
    rowsFault(capability, changeSet) ??
    shownFault(capability, subject, changeSet) ??
    transitionFault(capability, changeSet)
  );
}

function contractFault(
  { digest }: Pick<ContractReference, 'digest'>,
  { contract }: ChangeSet,
): Refusal | undefined {
  return contract === undefined ? undefined : difference([['contract.digest', digest, contract.digest]]);
}

function targetFault(
  capability: Capability,
  subject: ResolvedSubject,
  changeSet: ChangeSet,
): Refusal | undefined {
  const { source, scope } = changeSet;
  const engine = engineOf(source.kind);
  return difference([
    ['source.kind', subject.engine ?? engine ?? 'external_postgres or external_mysql', engine],
    ['source.source_id', capability.source ?? source.source_id, source.source_id],
    ['source.schema', subject.schema, source.schema],
    ['source.table', subject.table, source.table],
    ['source.primary_key.column', subject.primary_key, source.primary_key.column],
    // Reviewers and policies know the row by this name; a row without a key yet goes by its proposal's.
    ['scope.object_id', nameOf(changeSet) ?? scope.object_id, scope.object_id],
  ]);
}

/** What a change of one row is called; undefined for one of several, which no name could stand for. */
function nameOf(changeSet: ChangeSet): string | undefined {
  if ('frozen_set' in changeSet || 'compensation' in changeSet) return undefined;
  const { value } = changeSet.source.primary_key;
  return value === undefined ? changeSet.proposal_id : String(value);
}

function guardFault(
  contract: AgentContract,
  capability: Capability,
  subject: ResolvedSubject,
  changeSet: ChangeSet,
): Refusal | undefined {
  const { guards } = changeSet;
  const context = contract.contexts.find(({ name }) => name === capability.context);
  const isScoped = subject.principal_scope_key !== undefined;
  const guard = capability.proposal?.conflict_guard?.column;
  const versions = versionsOf(changeSet);
  const fault = difference([
    ['guards.tenant.column', subject.tenant_key, guards.tenant.column],
    ['guards.principal_scope.column', subject.principal_scope_key, guards.principal_scope?.column],
    [
      'guards.principal_scope.binding',
      isScoped ? context?.principal_binding : undefined,
      guards.principal_scope?.binding,
    ],
    ...versions.map(({ column }) => ['guards.expected_version.column', guard, column] as const),
  ]);
  if (fault !== undefined) return fault;
  if (versions.some(({ value }) => value === null || value === '')) {
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

/** The versions that guard rows which stand there already; of a revert, its descriptor's own are the state itself. */
function versionsOf(changeSet: ChangeSet): readonly ColumnValue[] {
  if ('frozen_set' in changeSet) {
    return changeSet.frozen_set.members.flatMap(({ expected_version }) =>
      expected_version === undefined ? [] : [expected_version],
    );
  }
  return 'expected_version' in changeSet.guards ? [changeSet.guards.expected_version] : [];
}

/**
 * Whether keys and values are such as the capability's arguments could have given. What a revert sets is no argument's:
 * it is what stood there before, which the change that it takes back is asked for.
 */
function rowsFault(capability: Capability, changeSet: ChangeSet): Refusal | undefined {
  switch (operationOf(changeSet)) {
    case 'restore_update':
    case 'remove_insert':
    case 'restore_insert':
    case 'set_delete':
      return undefined;
    case 'single_row_delete':
      return keyFault(capability, changeSet);
    case 'single_row_update':
      return keyFault(capability, changeSet) ?? valuesFault(capability, changeSet);
    case 'single_row_insert':
    case 'set_update':
    case 'batch_insert':
      return valuesFault(capability, changeSet);
  }
}

function keyFault(capability: Capability, changeSet: ChangeSet): Refusal | undefined {
  const [row] = writtenRows(changeSet);
  return row?.key === undefined ? undefined : rowKeyFault(capability, { column: row.column, value: row.key });
}

function valuesFault(capability: Capability, changeSet: ChangeSet): Refusal | undefined {
  for (const patch of patchesOf(changeSet)) {
    const fault = patchFault(capability, patch) ?? checkBounds(capability, patch);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

/** A row moves from state to state as the contract says; one that is restored goes back to where it stood. */
function transitionFault(capability: Capability, changeSet: ChangeSet): Refusal | undefined {
  if ('compensation' in changeSet) return undefined;
  for (const { before, patch } of writtenRows(changeSet)) {
    const fault = checkTransitions(capability, before, patch);
    if (fault !== undefined) return fault;
  }
  return undefined;
}
