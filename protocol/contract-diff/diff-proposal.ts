import { own } from '../contract/own.ts';
import { change } from './change.ts';
import {
  always,
  type Compare,
  ceiling,
  fields,
  fieldsOf,
  floor,
  members,
  presence,
  same,
} from './compare.ts';
import { entries } from './compare-lists.ts';
import { compareApproval } from './diff-approval.ts';
import { compareOperation } from './diff-operation.ts';
import { compareTransitionGuard } from './diff-transitions.ts';

/** A fixed value that is no longer written may have been a mark that others rely on; an argument only asks for less. */
const comparePatchColumn: Compare = (before, after, place) => {
  if (before === undefined) return [change('patch_column_added', place, { after })];
  const was = fixedValue(before);
  if (after === undefined) {
    return [change('patch_column_removed', place, { before, risk: was !== undefined })];
  }
  const is = fixedValue(after);
  if (was === undefined || is === undefined) return [change('patch_changed', place, { before, after })];
  return [change('fixed_value_changed', place, { before: was, after: is })];
};

function fixedValue(binding: unknown): unknown {
  const stated = fieldsOf(binding);
  return stated && Object.keys(stated).length === 1 ? own(stated, 'fixed') : undefined;
}

const compareBounds = fields({
  minimum: floor('bounds_narrowed', 'bounds_widened'),
  maximum: ceiling('bounds_widened', 'bounds_narrowed'),
});

/** An absent writeback is one by SQL. Without a writeback there is advice, and no write. */
const compareWriteback: Compare = (before, after, place) => {
  const defaults = { mode: 'direct_sql' };
  const [was, is] = [fieldsOf(before), fieldsOf(after)];
  if (!was || !is) return [];
  const [old, recent] = [
    { ...defaults, ...was },
    { ...defaults, ...is },
  ];
  if (same(old, recent)) return [change('restated', place)];
  return [change('writeback_changed', place, { before, after, risk: recent.mode !== 'none' })];
};

export const compareProposal = fields({
  action: always('action_changed'),
  operation: compareOperation,
  allowed_fields: entries('allowed_fields_widened', 'allowed_fields_narrowed'),
  patch: members(comparePatchColumn),
  numeric_bounds: members(compareBounds),
  transition_guards: members(compareTransitionGuard),
  conflict_guard: always('conflict_guard_changed'),
  approval: compareApproval,
  writeback: compareWriteback,
  reversibility: presence('reversibility_added', 'reversibility_removed'),
  execution: presence('unattended_allowed', 'unattended_withdrawn'),
});
