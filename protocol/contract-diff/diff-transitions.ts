import { change } from './change.ts';
import { always, type Compare, type Fields, fields, fieldsOf, optional } from './compare.ts';
import { unnamed, without } from './compare-lists.ts';

const compareAllowed: Compare = (before, after, place) => {
  const [was, is] = [fieldsOf(before), fieldsOf(after)];
  if (!was || !is) return [];
  const [old, recent] = [pairs(was), pairs(is)];
  const [added, removed] = [without(recent, old), without(old, recent)];
  const named = [
    ...(added.length > 0 ? [change('transition_added', place, { after: added.map(arrow) })] : []),
    ...(removed.length > 0 ? [change('transition_removed', place, { before: removed.map(arrow) })] : []),
  ];
  return named.length > 0 ? named : unnamed(before, after, place);
};

export const compareTransitionGuard = optional(
  'transition_guard_added',
  'transition_guard_removed',
  fields({ allowed: compareAllowed, from_column: always('transition_guard_changed') }),
);

function pairs(allowed: Fields): unknown[][] {
  return Object.entries(allowed).flatMap(([from, targets]) =>
    Array.isArray(targets) ? targets.map((to: unknown) => [from, to]) : [],
  );
}

function arrow(pair: unknown): string {
  return Array.isArray(pair) ? pair.map(String).join(' -> ') : String(pair);
}
