import { type PermissionRule, permissionRuleSchema } from '@countersign/protocol/permission-rule';
import { describe, expect, test } from 'vitest';
import { compilePermissionRules, permits, type Who } from './permission-rules.ts';
import { NOON } from './policy-samples.ts';

const askNames = ['propose', 'decide', 'save-policy'];

function rule(changes: Readonly<Record<string, unknown>> = {}): PermissionRule {
  return permissionRuleSchema.parse({
    name: 'sample',
    asks: ['propose'],
    effect: 'deny',
    when: 'true',
    ...changes,
  });
}

function may(rules: readonly PermissionRule[], who: Partial<Who> = {}, ask = 'propose', now = NOON): string {
  const compiled = compilePermissionRules(rules, askNames);
  if (!compiled.ok) throw new Error(compiled.issues.map(({ message }) => message).join('; '));
  const ada: Who = {
    kind: 'person',
    id: 'iss ada',
    name: 'Ada',
    roles: ['operator'],
    approval_roles: ['finance'],
  };
  const permitted = permits(compiled.rules, { ...ada, ...who }, ask, now);
  return permitted.ok ? 'ok' : `${permitted.refusal.code} ${permitted.rules.join()}`;
}

describe('rules that are not taken', () => {
  test.each([
    [{ asks: ['propose', 'nosuch'] }, '$[0].asks[1]', 'ask_unknown'],
    [{ when: 'who.email == "x"' }, '$[0].when', 'cel_unknown_name'],
    [{ when: 'capability == "x"' }, '$[0].when', 'cel_unknown_name'],
    [{ when: 'who.roles == "owner"' }, '$[0].when', 'cel_type'],
    [{ when: 'who.roles.exists(r, r == "owner")' }, '$[0].when', 'cel_not_allowed'],
    [{ when: 'who.name' }, '$[0].when', 'cel_not_boolean'],
    [{ when: 'who.' }, '$[0].when', 'cel_syntax'],
  ])('%j', (changes, path, code) => {
    const compiled = compilePermissionRules([rule(changes)], askNames);
    expect(compiled.ok ? [] : compiled.issues).toMatchObject([{ path, code }]);
  });
});

describe('who may ask', () => {
  const deny = rule({ when: '"operator" in who.roles', name: 'deny' });
  const allow = rule({ effect: 'allow', when: '"finance" in who.approval_roles', name: 'allow' });
  const allowElse = rule({ effect: 'allow', when: 'who.name == "Bob"', name: 'else' });
  // Arithmetic that overflows: there is nothing missing among these facts.
  const failing = 'size(who.roles) + 9223372036854775807 > 0';

  test.each([
    ['without rules', [], 'ok'],
    ['a deny that matches', [deny], 'denied_by_rule deny'],
    ['a deny wins over an allow', [allow, deny], 'denied_by_rule deny'],
    ['a deny that does not match', [rule({ when: 'who.kind == "agent"' })], 'ok'],
    ['a deny about something else', [rule({ asks: ['decide'] })], 'ok'],
    ['a deny of everything', [rule({ asks: ['*'], when: 'ask == "propose"' })], 'denied_by_rule sample'],
    ['an allow that matches', [allow], 'ok'],
    ['one of two allows', [allowElse, allow], 'ok'],
    [
      'allows of which none matches',
      [allowElse, rule({ effect: 'allow', when: 'false' })],
      'denied_by_rule else,sample',
    ],
    ['an allow about something else', [rule({ effect: 'allow', asks: ['decide'], when: 'false' })], 'ok'],
    [
      'an allow of everything',
      [rule({ effect: 'allow', asks: ['*'], when: 'false' })],
      'denied_by_rule sample',
    ],
    ['a deny that cannot be evaluated', [rule({ when: failing })], 'denied_by_rule sample'],
    [
      'an allow that cannot be evaluated',
      [rule({ effect: 'allow', when: failing })],
      'denied_by_rule sample',
    ],
    ['by the time', [rule({ when: 'now.getHours("UTC") == 12' })], 'denied_by_rule sample'],
    ['by another time', [rule({ when: 'now.getHours("Asia/Tokyo") == 12' })], 'ok'],
    ['by the first role', [rule({ when: 'who.roles[0] == "operator"' })], 'denied_by_rule sample'],
  ])('%s', (_name, rules, expected) => {
    expect(may(rules)).toBe(expected);
  });

  test('a credential has no roles', () => {
    expect(may([deny], { kind: 'agent', roles: [] })).toBe('ok');
    expect(may([rule({ when: 'who.roles[0] == "operator"' })], { roles: [] })).toBe('denied_by_rule sample');
  });

  test('the tenant itself is not asked', () => {
    expect(may([rule({ asks: ['*'] })], { kind: 'system' })).toBe('ok');
  });
});
