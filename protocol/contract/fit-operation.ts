import type { BoundedSet } from '../change-set/bounded-set.ts';
import type { Row } from '../change-set/check-columns.ts';
import type { Compensation } from '../change-set/compensation.ts';
import type { Deduplication } from '../change-set/deduplication.ts';
import { type Operation, operationOf } from '../change-set/operation.ts';
import type { VersionAdvance } from '../change-set/version-advance.ts';
import type { ChangeSet } from '../change-set.ts';
import type { Refusal } from '../problem.ts';
import { checkArgument } from './check-argument.ts';
import type { Capability } from './contract-document.ts';
import { itemFields } from './item-fields.ts';
import { difference, outside } from './outside.ts';
import { own } from './own.ts';

type ContractOperation = NonNullable<NonNullable<Capability['proposal']>['operation']>;

const single = {
  update: 'single_row_update',
  insert: 'single_row_insert',
  delete: 'single_row_delete',
} as const;
const many = { update: 'set_update', insert: 'batch_insert', delete: 'set_delete' } as const;
/** What takes such a change back, where its contract lets it be taken back. */
const back = { update: ['restore_update'], insert: ['remove_insert', 'restore_insert'], delete: [] } as const;

/** What a capability may do: its own operation, and what takes that back where the contract says so. */
export function operationsOf({ proposal }: Capability): readonly Operation[] {
  const { kind, cardinality } = proposal?.operation ?? { kind: 'update' };
  const own = cardinality === 'set' ? many[kind] : single[kind];
  return proposal?.reversibility === undefined ? [own] : [own, ...back[kind]];
}

/** Whether the operation of a change set is the contract's, and within the bounds that the contract sets to it. */
export function operationFault(capability: Capability, changeSet: ChangeSet): Refusal | undefined {
  const operation = operationOf(changeSet);
  const allowed = operationsOf(capability);
  if (!allowed.includes(operation))
    return outside(`${capability.name} does not allow ${operation}`, `one of ${allowed.join(', ')}`);
  const contract = capability.proposal?.operation;
  const isReversible = 'reversibility' in changeSet && changeSet.reversibility !== undefined;
  if (isReversible && capability.proposal?.reversibility === undefined)
    return outside(`${capability.name} may not be taken back`, 'no reversibility');
  if ('compensation' in changeSet) return reversalFault(contract, changeSet);
  if ('frozen_set' in changeSet) return setFault(contract, changeSet) ?? membersFault(capability, changeSet);
  if (!('operation' in changeSet)) return undefined;
  if (changeSet.operation === 'single_row_update')
    return advanceFault(contract, changeSet.guards.version_advance);
  if (changeSet.operation === 'single_row_delete') return undefined;
  return deduplicationFault(capability, changeSet.guards.deduplication, changeSet.proposal_id);
}

function advanceFault(contract: ContractOperation | undefined, sent: VersionAdvance | undefined) {
  return difference([
    ['guards.version_advance.column', contract?.version_advance?.column, sent?.column],
    ['guards.version_advance.strategy', contract?.version_advance?.strategy, sent?.strategy],
  ]);
}

function reversalFault(contract: ContractOperation | undefined, { compensation }: Compensation) {
  const { descriptor } = compensation;
  const cardinality = contract?.cardinality ?? 'single';
  const fault = difference([
    ['compensation.descriptor.cardinality', cardinality, descriptor.cardinality],
    ['compensation.descriptor.max_rows', contract?.max_rows ?? 1, descriptor.max_rows],
  ]);
  if (fault !== undefined || descriptor.operation !== 'restore_update') return fault;
  return advanceFault(contract, descriptor.version_advance);
}

/** The same number of rows, sums and selection as were reviewed: a set that is frozen is not widened by it. */
function setFault(contract: ContractOperation | undefined, { frozen_set, guards }: BoundedSet) {
  const { aggregate_bounds, max_rows, members } = frozen_set;
  const reviewed = contract?.aggregate_bounds ?? [];
  const advance = 'version_advance' in guards ? advanceFault(contract, guards.version_advance) : undefined;
  const fault =
    advance ??
    difference([
      ['frozen_set.max_rows', contract?.max_rows, max_rows],
      ['frozen_set.aggregate_bounds', reviewed.length, aggregate_bounds.length],
      ...reviewed.flatMap(
        ({ column, measure, maximum }, index) =>
          [
            [`frozen_set.aggregate_bounds[${index}].column`, column, aggregate_bounds[index]?.column],
            [`frozen_set.aggregate_bounds[${index}].measure`, measure, aggregate_bounds[index]?.measure],
            [`frozen_set.aggregate_bounds[${index}].maximum`, maximum, aggregate_bounds[index]?.maximum],
          ] as const,
      ),
    ]);
  if (fault !== undefined) return fault;
  for (const { column, value } of contract?.selection?.all ?? []) {
    const beyond = members.findIndex(({ before }) => own(before, column) !== value);
    if (beyond >= 0)
      return outside(
        `frozen_set.members[${beyond}] is not of the rows that the contract selects`,
        `only rows whose ${column} is the contract's`,
      );
  }
  return undefined;
}

/** Of rows that are inserted together: each is kept apart as the contract says. */
function membersFault(capability: Capability, changeSet: BoundedSet): Refusal | undefined {
  if (changeSet.operation !== 'batch_insert') return undefined;
  for (const { deduplication } of changeSet.frozen_set.members) {
    const fault = deduplicationFault(capability, deduplication ?? { components: [] }, changeSet.proposal_id);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

/** The columns by which an insert is kept apart, and what each holds, are the contract's. */
function deduplicationFault(
  capability: Capability,
  { components }: Deduplication,
  proposalId: string,
): Refusal | undefined {
  const reviewed = capability.proposal?.operation?.deduplication?.components ?? [];
  if (reviewed.length !== components.length)
    return outside(
      'deduplication has other columns than the contract says',
      `exactly ${reviewed.map(({ column }) => column).join(', ')}`,
    );
  for (const [index, { column, source, fixed, item_field }] of reviewed.entries()) {
    const sent = components[index];
    const kept = source === 'item_field' ? 'fixed' : source;
    const fault = difference([
      [`deduplication.components[${index}].column`, column, sent?.column],
      [`deduplication.components[${index}].source`, kept, sent?.source],
      ...(source === 'fixed'
        ? [[`deduplication.components[${index}].value`, fixed, sent?.value] as const]
        : []),
    ]);
    if (fault !== undefined) return fault;
    if (source === 'proposal_id' && !isOfProposal(sent?.value, proposalId))
      return outside(`deduplication.${column} is not of this proposal`, `${column}: the proposal's id`);
    const spec = source === 'item_field' ? own(itemFields(capability), item_field) : undefined;
    const checked = spec === undefined ? undefined : checkArgument(column, spec, sent?.value);
    if (checked?.ok === false) return checked.fault;
  }
  return undefined;
}

/** The id itself, or with the place of an item behind it. */
function isOfProposal(value: unknown, proposalId: string): boolean {
  return value === proposalId || (typeof value === 'string' && value.startsWith(`${proposalId}:`));
}

/** What each row sets besides the columns that keep it apart. */
export function patchesOf(changeSet: ChangeSet): readonly Row[] {
  if (!('frozen_set' in changeSet)) return [changeSet.patch];
  if (changeSet.operation !== 'batch_insert') return [changeSet.patch];
  return changeSet.frozen_set.members.map(({ after, deduplication }) => {
    const apart = new Set(deduplication?.components.map(({ column }) => column));
    return Object.fromEntries(Object.entries(after).filter(([column]) => !apart.has(column)));
  });
}
