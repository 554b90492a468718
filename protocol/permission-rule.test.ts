import { describe, expect, test } from 'vitest';
import { permissionRuleSchema, permissionRulesSchema } from './permission-rule.ts';

const good = {
  name: 'office-hours',
  asks: ['decide', 'save-policy'],
  effect: 'deny',
  when: 'now.getHours() < 8',
};

describe('a permission rule', () => {
  test('is taken', () => {
    expect(permissionRuleSchema.parse(good)).toEqual(good);
    expect(permissionRuleSchema.safeParse({ ...good, asks: ['*'], effect: 'allow' }).success).toBe(true);
  });

  test.each([
    [{ extra: 1 }, []],
    [{ name: 'a b' }, ['name']],
    [{ asks: [] }, ['asks']],
    [{ asks: ['*', 'decide'] }, ['asks']],
    [{ asks: ['Save Policy'] }, ['asks', 0]],
    [{ effect: 'refuse' }, ['effect']],
    [{ when: '' }, ['when']],
    [{ when: ' '.repeat(4_001) }, ['when']],
  ])('with %j is refused', (changes, path) => {
    const parsed = permissionRuleSchema.safeParse({ ...good, ...changes });
    expect(parsed.error?.issues.map((issue) => issue.path)).toEqual([path]);
  });

  test('a project has no two of one name, and at most a hundred', () => {
    const named = (count: number) => Array.from({ length: count }, (_, n) => ({ ...good, name: `r${n}` }));
    expect(permissionRulesSchema.safeParse(named(100)).success).toBe(true);
    expect(permissionRulesSchema.safeParse(named(101)).success).toBe(false);
    expect(permissionRulesSchema.safeParse([good, good]).success).toBe(false);
  });
});
