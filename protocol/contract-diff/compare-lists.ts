import { canonicalJson } from '../canonical-json.ts';
import { type Change, change, memberOf, type Place } from './change.ts';
import type { ChangeName } from './change-kinds.ts';
import { type Compare, type Fields, fieldsOf, same } from './compare.ts';

/** The list that a value is; an absent one has no members. */
function listOf(value: unknown): readonly unknown[] | undefined {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : undefined;
}

/** A list whose order has no meaning: what is in it more, and what less. */
export function entries(more: ChangeName, fewer: ChangeName): Compare {
  return (before, after, place) => {
    const [was, is] = [listOf(before), listOf(after)];
    if (!was || !is) return [];
    const named = entryChanges({ was, is }, place, { more, fewer });
    return named.length > 0 ? named : unnamed(before, after, place);
  };
}

export function entryChanges(
  { was, is }: { was: readonly unknown[]; is: readonly unknown[] },
  place: Place,
  { more, fewer }: { more: ChangeName; fewer: ChangeName },
): Change[] {
  const [added, removed] = [without(is, was), without(was, is)];
  return [
    ...(added.length > 0 ? [change(more, place, { after: added })] : []),
    ...(removed.length > 0 ? [change(fewer, place, { before: removed })] : []),
  ];
}

/** Entries of the one list that the other has not. */
export function without(list: readonly unknown[], other: readonly unknown[]): unknown[] {
  const there = new Set(other.map(canonicalJson));
  return list.filter((entry) => !there.has(canonicalJson(entry)));
}

export interface NamedList {
  /** What tells the members apart; a member without it cannot be compared. */
  key: (member: Fields) => string | undefined;
  added: ChangeName;
  removed: ChangeName;
  changed: Compare;
  at?: (place: Place, key: string) => Place;
}

/** A list of objects that are told apart by a key, wherever in the list they stand. */
export function namedList({ key, added, removed, changed, at = memberOf }: NamedList): Compare {
  return (before, after, place) => {
    const [was, is] = [byKey(listOf(before), key), byKey(listOf(after), key)];
    if (!was || !is) return [];
    const named = [...new Set([...was.keys(), ...is.keys()])].sort().flatMap((name) => {
      const [old, recent] = [was.get(name), is.get(name)];
      const here = at(place, name);
      if (same(old, recent)) return [];
      if (old === undefined) return [change(added, here)];
      if (recent === undefined) return [change(removed, here)];
      const explained = changed(old, recent, here);
      return explained.length > 0 ? explained : [change('other_change', here)];
    });
    return named.length > 0 ? named : unnamed(before, after, place);
  };
}

/** Undefined where two members share a key: then it cannot be said which of them became which. */
function byKey(list: readonly unknown[] | undefined, key: NamedList['key']): Map<string, Fields> | undefined {
  if (!list) return undefined;
  const found = new Map<string, Fields>();
  for (const member of list) {
    const object = fieldsOf(member);
    const name = object && key(object);
    if (object === undefined || name === undefined || found.has(name)) return undefined;
    found.set(name, object);
  }
  return found;
}

/** Whatever the difference is, it has this name, except that another order of the same is no more than that. */
export function unordered(kind: ChangeName): Compare {
  return (before, after, place) =>
    isReordered(before, after) ? [change('order_changed', place)] : [change(kind, place, { before, after })];
}

/** Two lists with the same members. An absent list is one without members. */
export function unnamed(before: unknown, after: unknown, place: Place): Change[] {
  if (isReordered(before, after)) return [change('order_changed', place)];
  const [was, is] = [listOf(before), listOf(after)];
  return was !== undefined && is !== undefined && same(was, is) ? [change('restated', place)] : [];
}

function isReordered(before: unknown, after: unknown): boolean {
  return before !== undefined && after !== undefined && same(sorted(before), sorted(after));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map((entry) => canonicalJson(sorted(entry))).sort();
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, sorted(member)]));
}

/** The text under a key, as what tells members apart. */
export function textAt(key: string): (member: Fields) => string | undefined {
  return (member) => {
    const value = Object.hasOwn(member, key) ? member[key] : undefined;
    return typeof value === 'string' ? value : undefined;
  };
}
