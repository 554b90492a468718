import { own } from '../contract/own.ts';
import { type Change, change, fieldOf, type Place } from './change.ts';
import {
  always,
  type Compare,
  compareFields,
  type Fields,
  fieldsOf,
  optional,
  type Rules,
  same,
} from './compare.ts';
import { compareSingleTenant } from './diff-resource.ts';

const targetRules: Rules = {
  resource: always('table_changed'),
  engine: always('engine_changed'),
  schema: always('table_changed'),
  table: always('table_changed'),
  primary_key: always('primary_key_changed'),
  tenant_key: always('tenant_key_changed'),
  single_tenant_dev: compareSingleTenant,
};

const ownRules: Rules = {
  conflict_key: always('conflict_key_changed'),
  principal_scope_key: optional(
    'principal_scope_added',
    'principal_scope_removed',
    always('principal_scope_changed'),
  ),
};

const targetKeys = Object.keys(targetRules);
const ofTarget = new Set(targetKeys);

/**
 * Compares where two subjects lead, not only how they say it: one may name a resource and the other its table.
 * What the subject repeats beside its resource counts too, because inserts read it there.
 */
export function compareSubject(resourcesBefore: unknown, resourcesAfter: unknown): Compare {
  return (before, after, place) => {
    const [was, is] = [fieldsOf(before), fieldsOf(after)];
    if (!was || !is) return [];
    const targets = targetChanges(
      { subject: was, target: targetOf(was, resourcesBefore) },
      { subject: is, target: targetOf(is, resourcesAfter) },
      place,
    );
    const named = [...targets, ...compareFields(withoutTarget(was), withoutTarget(is), place, ownRules)];
    return named.length > 0 ? named : [change('restated', place)];
  };
}

interface Aim {
  subject: Fields;
  target: Fields;
}

function targetChanges(was: Aim, is: Aim, place: Place): Change[] {
  return targetKeys.flatMap((key) => {
    const led = { before: own(was.target, key), after: own(is.target, key) };
    const said = { before: own(was.subject, key), after: own(is.subject, key) };
    const repeatedOtherwise =
      key !== 'resource' &&
      said.before !== undefined &&
      said.after !== undefined &&
      !same(said.before, said.after);
    const values = same(led.before, led.after) ? (repeatedOtherwise ? said : undefined) : led;
    return values === undefined ? [] : nameTarget(key, values, place);
  });
}

function nameTarget(
  key: string,
  values: { before: unknown; after: unknown },
  place: Place,
): readonly Change[] {
  const at = fieldOf(place, key);
  const named = own(targetRules, key)?.(values.before, values.after, at) ?? [];
  return named.length > 0 ? named : [change('other_change', at, values)];
}

/** Where the row lives. The resource's word goes before the subject's; a resource that is not there stays a mere name. */
function targetOf(subject: Fields, resources: unknown): Fields {
  const name = own(subject, 'resource');
  const resource = Array.isArray(resources)
    ? resources.map(fieldsOf).find((candidate) => candidate !== undefined && own(candidate, 'name') === name)
    : undefined;
  if (name === undefined || resource === undefined) return { ...subject };
  const singleTenant =
    own(subject, 'single_tenant_dev') === true || own(resource, 'single_tenant_dev') === true;
  return {
    ...subject,
    resource: undefined,
    ...resource,
    ...(singleTenant ? { single_tenant_dev: true } : {}),
  };
}

function withoutTarget(subject: Fields): Fields {
  return Object.fromEntries(Object.entries(subject).filter(([key]) => !ofTarget.has(key)));
}
