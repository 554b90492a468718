import { describe, expect, test } from 'vitest';
import { keyed, NOW, person, worldOf } from '../test-support.ts';
import { type Draft, policySubject, settingSubject } from '../turn/event.ts';
import { documentOf } from './policy-samples.ts';

const { actor } = person('olga');
const NAME = 'sample';

function saved(version: number): Draft {
  const body = { name: NAME, version, digest: `sha256:v${version}`, policy: documentOf({ name: NAME }) };
  return { type: 'policy.saved', actor, subject: policySubject(NAME), body };
}

function activated(seq: number, version: number): Draft {
  const reference = { name: NAME, seq, digest: `sha256:v${version}` };
  const body = { ...reference, reason: null, by: 'olga', in_force: [reference] };
  return { type: 'policy.activated', actor, subject: policySubject(NAME), body };
}

const retired: Draft = {
  type: 'policy.retired',
  actor,
  subject: policySubject(NAME),
  body: { name: NAME, reason: 'not now', by: 'olga', in_force: [] },
};

/** The policy and the list of those in force after these entries. */
function after(...drafts: Draft[]) {
  const world = worldOf({ keyed: keyed({}) });
  const entries = drafts.map((draft) => world.append(draft, NOW));
  return { policy: world.row('policies', NAME), setting: world.row('settings', 'policies'), entries };
}

describe('a policy', () => {
  test('begins as a draft that is not in force', () => {
    const { policy, setting } = after(saved(1));
    expect(policy).toMatchObject({ status: 'draft', version: 1, newest_seq: 41, active_seq: null });
    expect(setting).toBeUndefined();
  });

  test('comes into force, and stands in the list', () => {
    const { policy, setting } = after(saved(1), activated(41, 1));
    expect(policy).toMatchObject({ status: 'active', active_seq: 41, active_digest: 'sha256:v1' });
    expect(setting?.value).toEqual([{ name: NAME, seq: 41, digest: 'sha256:v1' }]);
  });

  test('stays in force as it was while a newer draft waits', () => {
    expect(after(saved(1), activated(41, 1), saved(2)).policy).toMatchObject({
      status: 'active',
      version: 2,
      newest_seq: 43,
      active_seq: 41,
      active_digest: 'sha256:v1',
    });
  });

  test('goes out of force, and out of the list', () => {
    const { policy, setting } = after(saved(1), activated(41, 1), retired);
    expect(policy).toMatchObject({ status: 'retired', active_seq: null, active_digest: null });
    expect(setting?.value).toEqual([]);
  });

  test('has a chain of its own; the list follows from it and has none', () => {
    const { setting, entries } = after(saved(1), activated(41, 1), saved(2));
    expect(entries.map((entry) => entry.prev_subject_seq)).toEqual([null, 41, 42]);
    expect(setting).toMatchObject({ tip_seq: 0, tip_hash: '' });
  });
});

test('permission rules are kept whole, with their own chain', () => {
  const rules = [{ name: 'nobody', asks: ['*'], effect: 'deny' as const, when: 'true' }];
  const permission = (type: 'permissions.saved' | 'permissions.enforced', enforced: boolean): Draft => ({
    type,
    actor,
    subject: settingSubject('permissions'),
    body: { setting: { enforced, rules }, reason: null, name: 'olga' },
  });
  const world = worldOf();
  const entries = [permission('permissions.saved', false), permission('permissions.enforced', true)].map(
    (draft) => world.append(draft, NOW),
  );
  expect(world.row('settings', 'permissions')).toMatchObject({
    value: { enforced: true, rules },
    tip_seq: 42,
  });
  expect(entries[1]?.prev_subject_seq).toBe(41);
});
