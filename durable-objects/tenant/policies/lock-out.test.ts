import { permissionRuleSchema } from '@countersign/protocol/permission-rule';
import { describe, expect, test } from 'vitest';
import { wouldLockOut } from './lock-out.ts';
import { type CompiledRule, compilePermissionRules, type Who } from './permission-rules.ts';
import { NOON } from './policy-samples.ts';

const askNames = ['propose', 'save-permission-rules', 'enforce-permission-rules', 'save-policy'];
const ada: Who = { kind: 'person', id: 'iss ada', name: 'Ada', roles: ['owner'], approval_roles: [] };
const bob: Who = { ...ada, id: 'iss bob', name: 'Bob' };

function rules(...some: readonly Readonly<Record<string, unknown>>[]): readonly CompiledRule[] {
  const parsed = some.map((changes, index) =>
    permissionRuleSchema.parse({ name: `r${index}`, asks: ['*'], effect: 'deny', when: 'true', ...changes }),
  );
  const compiled = compilePermissionRules(parsed, askNames);
  if (!compiled.ok) throw new Error('the rules of the test do not compile');
  return compiled.rules;
}

describe('rules that would lock the owners out', () => {
  test.each([
    ['deny all', rules({}), 'r0'],
    ['deny one of the three', rules({ asks: ['save-policy'] }), 'save-policy'],
    ['allow nobody', rules({ effect: 'allow', when: '"admin" in who.roles' }), 'r0'],
    ['on Sundays', rules({ when: 'now.getDayOfWeek() == 0' }), 'r0'],
    [
      'for a quarter of an hour',
      rules({ when: 'now.getDayOfWeek() == 3 && now.getHours() == 4 && now.getMinutes() < 15' }),
      'r0',
    ],
    [
      'outside of office hours',
      rules({ effect: 'allow', when: 'now.getHours("Europe/Berlin") in [9, 10, 11]' }),
      'r0',
    ],
    ['in a month', rules({ when: 'now.getMonth() == 6' }), 'r0'],
    ['from some day on', rules({ when: 'now >= timestamp("2031-05-05T05:05:05Z")' }), 'r0'],
    [
      'until a second before',
      rules({ effect: 'allow', when: 'now < timestamp("2031-05-05T05:05:05Z")' }),
      'r0',
    ],
    ['for one second', rules({ when: 'now == timestamp("2031-05-05T05:05:05Z")' }), 'r0'],
    ['from some second on', rules({ when: 'now >= timestamp(1935723905)' }), 'r0'],
    ['in some years', rules({ when: 'now.getFullYear() >= 2030' }), 'r0'],
    ['both, each by another rule', rules({ when: 'who.name == "Ada"' }, { when: 'who.name == "Bob"' }), 'r1'],
    ['as nobody can evaluate it', rules({ when: 'size(who.roles) + 9223372036854775807 > 0' }), 'r0'],
  ])('%s', (_name, compiled, named) => {
    const refusal = wouldLockOut(compiled, [ada, bob], NOON);
    expect(refusal?.code).toBe('lock_out');
    expect(refusal?.message).toContain(named);
  });

  test.each([
    ['no rules', rules()],
    ['about something else', rules({ asks: ['propose'] })],
    ['one of two owners', rules({ when: 'who.name == "Ada"' })],
    [
      'each at another time',
      rules(
        { when: 'who.name == "Ada" && now.getHours() < 12' },
        { when: 'who.name == "Bob" && now.getHours() >= 12' },
      ),
    ],
    ['all but owners', rules({ when: '!("owner" in who.roles)' })],
    ['a time that is over', rules({ when: 'now < timestamp("2020-01-01T00:00:00Z")' })],
  ])('not %s', (_name, compiled) => {
    expect(wouldLockOut(compiled, [ada, bob], NOON)).toBeUndefined();
  });

  test('without an active owner, any rules do', () => {
    expect(wouldLockOut(rules(), [], NOON)?.code).toBe('lock_out');
  });
});
