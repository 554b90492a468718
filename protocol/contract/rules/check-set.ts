import type { ProposalAction } from '../contract-document.ts';
import { own } from '../own.ts';
import type { ReviewedProposal } from './reviewed-capability.ts';

type Operation = NonNullable<ProposalAction['operation']>;

const SET_FIELDS = ['max_rows', 'aggregate_bounds', 'selection', 'batch'] as const;

/** A change of several rows is bounded: by a number of rows, by sums, by constants that say which. */
export function checkSet(reviewed: ReviewedProposal): void {
  const { proposal, isSet, path, report } = reviewed;
  const { operation } = proposal;
  if (operation === undefined) return;
  const refuse = (place: string, message: string) =>
    report(`${path}.proposal.operation${place}`, 'SET_INVALID', message);
  if (!isSet) {
    for (const field of SET_FIELDS) {
      if (operation[field] !== undefined) refuse(`.${field}`, 'belongs to a set, not to a single row');
    }
    return;
  }
  for (const field of ['max_rows', 'aggregate_bounds'] as const) {
    if (operation[field] === undefined) refuse(`.${field}`, 'a set must be bounded');
  }
  if (operation.kind === 'insert') checkBatch(reviewed, operation, refuse);
  else checkSelection(operation, refuse);
  const { approval, writeback } = proposal;
  if (approval?.mode === undefined || writeback?.mode !== 'direct_sql') {
    refuse('', 'a set must say its approval mode, and that its writeback is direct_sql');
  }
  if (operation.kind === 'update' && operation.version_advance?.strategy !== 'integer_increment') {
    refuse('.version_advance', 'a set update advances its version by integer_increment');
  }
  checkSetColumns(reviewed, operation, refuse);
}

type Refuse = (place: string, message: string) => void;

function checkSelection(operation: Operation, refuse: Refuse): void {
  if (operation.selection === undefined) refuse('.selection', 'a set must say which rows');
  if (operation.batch !== undefined) refuse('.batch', 'only inserts have a batch');
}

function checkBatch({ capability, proposal }: ReviewedProposal, operation: Operation, refuse: Refuse): void {
  if (operation.selection !== undefined) refuse('.selection', 'an insert selects no rows');
  const items = own(capability.args, operation.batch?.items_from_arg);
  if (items?.type !== 'object_array') {
    refuse('.batch', 'must name an argument that is a list of items');
  } else if (items.max_items > (operation.max_rows ?? 0)) {
    refuse('.batch', 'the argument takes more items than max_rows');
  }
  if (!Object.values(proposal.patch).every(({ from_item }) => from_item !== undefined)) {
    refuse('.batch', 'every column of a batch insert comes from an item');
  }
}

function checkSetColumns(
  { capability, proposal }: ReviewedProposal,
  operation: Operation,
  refuse: Refuse,
): void {
  const columns = [
    ...(operation.selection?.all ?? []).map(({ column }) => column),
    ...(operation.aggregate_bounds ?? []).map(({ column }) => column),
    ...(proposal.conflict_guard?.column === undefined ? [] : [proposal.conflict_guard.column]),
  ];
  const hidden = columns.filter((column) => !capability.visible_fields.includes(column));
  if (hidden.length > 0) {
    refuse('', `what selects, bounds and guards a set must be visible: ${hidden.join(', ')}`);
  }
}
