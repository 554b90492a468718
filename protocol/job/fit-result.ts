import type { Member } from '../change-set/frozen-set.ts';
import { operationOf } from '../change-set/operation.ts';
import type { ChangeSet } from '../change-set.ts';
import type { ResultRequest } from '../job-requests.ts';
import type { ColumnValue } from '../values.ts';
import type { BoundedSetResult, CompensationResult, SingleRowResult } from './result.ts';

type SingleRow = Extract<ChangeSet, { schema_version: 'synapsor.change-set.v2' }>;
type Effects = BoundedSetResult['member_effects'];

const versions = {
  'synapsor.change-set.v1': '1.0',
  'synapsor.change-set.v2': '2.0',
  'synapsor.change-set.v3': '3.0',
  'synapsor.compensation-change-set.v1': '4.0',
} as const satisfies Record<ChangeSet['schema_version'], ResultRequest['protocol_version']>;

/**
 * Why a result cannot be that of this change's job: another version or operation, rows that are not the change's, or an
 * effect that is not the one that was approved. Undefined means that it can.
 */
export function resultFault(changeSet: ChangeSet, result: ResultRequest): string | undefined {
  const version = versions[changeSet.schema_version];
  if (result.protocol_version !== version) return `the job is of version ${version}`;
  if (result.protocol_version === '1.0') return undefined;
  const operation = operationOf(changeSet);
  if (result.operation !== operation) return `the job is a ${operation}`;
  const fault = countFault(result, rowsOf(changeSet));
  if (fault !== undefined) return fault;
  if (result.protocol_version === '2.0')
    return 'operation' in changeSet && !('frozen_set' in changeSet)
      ? singleFault(changeSet, result)
      : undefined;
  if ('compensation' in changeSet) {
    const { members } = changeSet.compensation.descriptor;
    return membersFault(members, result) ?? effectsFault(members, result);
  }
  if (!('frozen_set' in changeSet) || result.protocol_version !== '3.0') return undefined;
  const { members, set_digest } = changeSet.frozen_set;
  if (result.set_digest !== set_digest) return 'the set has another digest';
  return membersFault(members, result) ?? effectsFault(members, result) ?? digestsFault(members, result);
}

function rowsOf(changeSet: ChangeSet): number {
  if ('compensation' in changeSet) return changeSet.compensation.descriptor.members.length;
  return 'frozen_set' in changeSet ? changeSet.frozen_set.members.length : 1;
}

/** All of it is written, or none; nothing by an attempt that found it written. */
function countFault(
  { status, affected_rows }: Exclude<ResultRequest, { protocol_version: '1.0' }>,
  rows: number,
) {
  if (status === 'reconciliation_required') return undefined;
  const due = status === 'applied' ? rows : 0;
  return affected_rows === due ? undefined : `${status} affects ${due} rows here`;
}

function isSame(one: ColumnValue, other: ColumnValue): boolean {
  // A database may tell a number as the text of its digits.
  return one.column === other.column && String(one.value) === String(other.value);
}

/** The row is the change's; of a new one whose key the database makes, what keeps it apart is. */
function singleFault(
  changeSet: SingleRow,
  { target_identity, ...result }: SingleRowResult,
): string | undefined {
  const { source, guards } = changeSet;
  const { column, value } = source.primary_key;
  const apart = 'deduplication' in guards ? guards.deduplication.components : [];
  const known: readonly ColumnValue[] = [
    ...(value === undefined ? [] : [{ column, value }]),
    ...apart,
    guards.tenant,
  ];
  const isKnown = (given: ColumnValue) =>
    known.some((one) => isSame(one, given)) ||
    (given.column === column &&
      (value === undefined || (given.value === null && result.affected_rows === 0)));
  if (!target_identity.every(isKnown)) return 'target_identity is not the row of the change';
  const undue = changeSet.operation === 'single_row_delete' ? result.after_digest : result.tombstone_digest;
  return undue === undefined ? undefined : `a ${changeSet.operation} has no such digest`;
}

type Many = BoundedSetResult | CompensationResult;
type Named = { readonly primary_key: ColumnValue };

/** Rows of the set, each once; of one that was applied, all of them. */
function membersFault(members: readonly Named[], { status, target_identities }: Many): string | undefined {
  const rows = target_identities.map((given) =>
    members.findIndex(({ primary_key }) => isSame(primary_key, given)),
  );
  if (rows.includes(-1)) return 'target_identities has a row that is not of the change';
  if (new Set(rows).size !== rows.length) return 'target_identities has a row twice';
  return status === 'applied' && rows.length !== members.length
    ? 'target_identities lacks a row of the change'
    : undefined;
}

function effectsFault(
  members: readonly Named[],
  { status, member_effects, ...result }: Many,
): string | undefined {
  const rows = member_effects.map((effect) =>
    members.findIndex(({ primary_key }) => isSame(primary_key, effect.primary_key)),
  );
  if (rows.includes(-1)) return 'member_effects has a row that is not of the change';
  if (new Set(rows).size !== rows.length) return 'member_effects has a row twice';
  const isDue = status === 'applied' && result.protocol_version === '3.0';
  return isDue && rows.length !== members.length ? 'member_effects lacks a row of the change' : undefined;
}

/** Whatever is said of a member's row is what was approved of it. */
function digestsFault(
  members: readonly Member[],
  { member_effects, status }: BoundedSetResult,
): string | undefined {
  const differs = member_effects.some((effect) => {
    const member = members.find(({ primary_key }) => isSame(primary_key, effect.primary_key));
    return member !== undefined && hasOtherDigests(member, effect, status === 'applied');
  });
  return differs ? 'member_effects has a digest that is not the one that was approved' : undefined;
}

function hasOtherDigests(member: Member, effect: Effects[number], isWhole: boolean): boolean {
  const names = ['before_digest', 'after_digest', 'tombstone_digest'] as const;
  return names.some((name) => effect[name] !== member[name] && (isWhole || effect[name] !== undefined));
}
