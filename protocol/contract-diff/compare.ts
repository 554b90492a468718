import { canonicalJson } from '../canonical-json.ts';
import { own } from '../contract/own.ts';
import { type Change, change, fieldOf, type Place } from './change.ts';
import type { ChangeName } from './change-kinds.ts';

/** An object of the contract, of whatever keys. */
export type Fields = Readonly<Record<string, unknown>>;

/** Names the difference between two different values; `undefined` is an absent one. An empty answer means: cannot. */
export type Compare = (before: unknown, after: unknown, place: Place) => readonly Change[];

export type Rules = Readonly<Record<string, Compare>>;

const extensionKey = /^x-(cloud|runner|experimental)-/;

export function same(a: unknown, b: unknown): boolean {
  if (a === undefined || b === undefined) return a === b;
  return canonicalJson(a) === canonicalJson(b);
}

/** The object that a value is; an absent one is an object without keys. */
export function fieldsOf(value: unknown): Fields | undefined {
  if (value === undefined) return {};
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return Object.fromEntries(Object.entries(value));
}

export function keysOf(a: Fields, b: Fields): string[] {
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].sort();
}

/** Compares key by key. A key without a rule, and a difference that its rule cannot name, is `other_change`. */
export function compareFields(before: Fields, after: Fields, place: Place, rules: Rules): Change[] {
  return keysOf(before, after).flatMap((key) => {
    const values = { before: own(before, key), after: own(after, key) };
    return same(values.before, values.after) ? [] : nameDifference(key, values, place, rules);
  });
}

function nameDifference(
  key: string,
  values: { before: unknown; after: unknown },
  place: Place,
  rules: Rules,
): readonly Change[] {
  const at = fieldOf(place, key);
  const rule = own(rules, key);
  if (rule === undefined && extensionKey.test(key)) return [change('extension_changed', at, values)];
  const named = rule?.(values.before, values.after, at) ?? [];
  return named.length > 0 ? named : [change('other_change', at, values)];
}

/** Compares two objects in which an absent key means the same as its default. */
export function fields(rules: Rules, defaults: Fields = {}): Compare {
  return (before, after, place) => {
    const [was, is] = [fieldsOf(before), fieldsOf(after)];
    if (!was || !is) return [];
    const named = compareFields({ ...defaults, ...was }, { ...defaults, ...is }, place, rules);
    return named.length > 0 ? named : [change('restated', place)];
  };
}

/** Compares two objects whose keys are names; a member that one of them lacks is compared with `undefined`. */
export function members(compare: Compare): Compare {
  return (before, after, place) => {
    const [was, is] = [fieldsOf(before), fieldsOf(after)];
    if (!was || !is) return [];
    const rules = Object.fromEntries(keysOf(was, is).map((key) => [key, compare]));
    const named = compareFields(was, is, place, rules);
    return named.length > 0 ? named : [change('restated', place)];
  };
}

/** Whatever the difference is, it has this name. */
export function always(kind: ChangeName): Compare {
  return (before, after, place) => [change(kind, place, { before, after })];
}

/** Something that is there or is not; two different ones are left to the fallback. */
export function presence(added: ChangeName, removed: ChangeName): Compare {
  return (before, after, place) => {
    if (before === undefined) return [change(added, place, { after })];
    return after === undefined ? [change(removed, place, { before })] : [];
  };
}

/** The same, and a name for two different ones. */
export function optional(added: ChangeName, removed: ChangeName, changed: Compare): Compare {
  const there = presence(added, removed);
  return (before, after, place) => {
    const named = there(before, after, place);
    return named.length > 0 ? named : changed(before, after, place);
  };
}

/** A greatest number; without it there is none. */
export function ceiling(raised: ChangeName, lowered: ChangeName): Compare {
  return byNumber(Number.POSITIVE_INFINITY, raised, lowered);
}

/** A least number; without it there is none. */
export function floor(raised: ChangeName, lowered: ChangeName): Compare {
  return byNumber(Number.NEGATIVE_INFINITY, raised, lowered);
}

function byNumber(absent: number, raised: ChangeName, lowered: ChangeName): Compare {
  return (before, after, place) => {
    const was = before === undefined ? absent : before;
    const is = after === undefined ? absent : after;
    if (typeof was !== 'number' || typeof is !== 'number') return [];
    return [change(is > was ? raised : lowered, place, { before, after })];
  };
}
