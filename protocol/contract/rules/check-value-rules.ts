import { patchSource, rangeOf } from './patch-source.ts';
import type { ReviewedProposal } from './reviewed-capability.ts';

/** Bounds on patched numbers, and the order in which a state may move. */
export function checkValueRules(reviewed: ReviewedProposal): void {
  for (const column of Object.keys(reviewed.proposal.numeric_bounds ?? {})) checkBound(reviewed, column);
  for (const column of Object.keys(reviewed.proposal.patch)) checkSides(reviewed, column);
  for (const column of Object.keys(reviewed.proposal.transition_guards ?? {})) {
    checkTransition(reviewed, column);
  }
}

function checkBound(reviewed: ReviewedProposal, column: string): void {
  const { proposal, path, report } = reviewed;
  const place = `${path}.proposal.numeric_bounds.${column}`;
  const { minimum, maximum } = proposal.numeric_bounds?.[column] ?? {};
  if (!Object.hasOwn(proposal.patch, column)) {
    report(place, 'NUMERIC_BOUND_UNPATCHED', `the patch does not set ${column}`);
    return;
  }
  if (minimum === undefined && maximum === undefined) {
    report(place, 'NUMERIC_BOUND_EMPTY', 'must have a minimum or a maximum');
  }
  if (minimum !== undefined && maximum !== undefined && minimum > maximum) {
    report(place, 'BOUNDS_REVERSED', 'the minimum is above the maximum');
  }
  const source = patchSource(reviewed, column);
  if (source === undefined) return;
  if ('spec' in source) {
    if (source.spec.type === 'number') return;
    report(place, 'NUMERIC_BOUND_UNFIT', `${column} comes from a ${source.spec.type}, so nothing would pass`);
    return;
  }
  const { fixed } = source;
  const passes = typeof fixed === 'number' && fixed >= (minimum ?? fixed) && fixed <= (maximum ?? fixed);
  if (!passes) report(place, 'NUMERIC_BOUND_UNFIT', `what ${column} is fixed to is outside the bound`);
}

function checkSides(reviewed: ReviewedProposal, column: string): void {
  const { minimum, maximum } = rangeOf(reviewed, column);
  const source = patchSource(reviewed, column);
  if (source === undefined || 'fixed' in source) return;
  if (maximum !== undefined && minimum === undefined) {
    const where = Object.hasOwn(reviewed.proposal.numeric_bounds ?? {}, column) ? 'numeric_bounds' : 'patch';
    reviewed.report(
      `${reviewed.path}.proposal.${where}.${column}`,
      'NUMERIC_BOUND_ONE_SIDED',
      'has a maximum and no minimum, so any negative value would pass: add a minimum',
    );
  }
}

function checkTransition(reviewed: ReviewedProposal, column: string): void {
  const { capability, proposal, path, report } = reviewed;
  const place = `${path}.proposal.transition_guards.${column}`;
  if (!Object.hasOwn(proposal.patch, column)) {
    report(place, 'TRANSITION_UNPATCHED', `the patch does not set ${column}`);
    return;
  }
  const guard = proposal.transition_guards?.[column];
  const from = guard?.from_column ?? column;
  if (!capability.visible_fields.includes(from)) {
    const why = 'whoever reviews the change would not see the state that it starts from';
    report(place, 'TRANSITION_COLUMN_NOT_VISIBLE', `${from} is not in visible_fields: ${why}`);
  }
  const source = patchSource(reviewed, column);
  if (source === undefined) return;
  const isText = 'spec' in source ? source.spec.type === 'string' : typeof source.fixed === 'string';
  if (!isText || Object.keys(guard?.allowed ?? {}).length === 0) {
    report(place, 'TRANSITION_UNFIT', 'must allow a move, of a column that is set to a text');
  }
}
