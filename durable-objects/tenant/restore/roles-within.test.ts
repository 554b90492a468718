import { expect, test } from 'vitest';
import { rolesWithin } from './roles-within.ts';

const of = (...roles: string[]) => ({ roles, approval_roles: [] });

test.each<[before: string[], bounds: string[], left: string[]]>([
  [['owner'], ['owner'], ['owner']],
  [['owner'], ['viewer'], ['viewer']],
  [['admin'], ['operator'], ['operator']],
  [['viewer'], ['admin'], ['viewer']],
  [['admin'], ['owner'], ['admin']],
  [['owner', 'auditor'], ['auditor'], ['auditor']],
  [['approver'], ['operator'], ['viewer']],
  [['approver', 'operator'], ['operator'], ['operator']],
])('who was %j and is bound by %j is %j', (before, bounds, left) => {
  expect(rolesWithin(of(...before), of(...bounds)).roles).toEqual(left);
});

test('an approval role stays where both have it', () => {
  const before = { roles: ['approver'], approval_roles: ['lead', 'legal'] };
  const bounds = { roles: ['approver'], approval_roles: ['legal', 'finance'] };
  expect(rolesWithin(before, bounds).approval_roles).toEqual(['legal']);
});
