import { describe, expect, test } from 'vitest';
import { type Member, whoCouldSatisfy } from './satisfiable.ts';

function member(person: string, changes: Partial<Member> = {}): Member {
  return { person, roles: ['approver'], approvalRoles: [], status: 'active', ...changes };
}

describe('who could satisfy what is asked', () => {
  const finance = { approvalRoles: ['finance'] };

  test.each([
    ['nothing is asked', [], [], true],
    ['one of one', [{ role: null, approvals: 1 }], [member('ada')], true],
    ['two of one', [{ role: null, approvals: 2 }], [member('ada')], false],
    [
      'two of two',
      [{ role: null, approvals: 2 }],
      [member('ada'), member('bob', { roles: ['owner'] })],
      true,
    ],
    ['the same person twice', [{ role: null, approvals: 2 }], [member('ada'), member('ada')], false],
    ['a role that is held', [{ role: 'finance', approvals: 1 }], [member('ada', finance)], true],
    ['a role that is not held', [{ role: 'legal', approvals: 1 }], [member('ada', finance)], false],
    [
      'an owner without the role',
      [{ role: 'legal', approvals: 1 }],
      [member('ada', { roles: ['owner'] })],
      false,
    ],
    ['someone who left', [{ role: null, approvals: 1 }], [member('ada', { status: 'removed' })], false],
    ['someone invited', [{ role: null, approvals: 1 }], [member('ada', { status: 'invited' })], false],
    [
      'who may not approve',
      [{ role: 'finance', approvals: 1 }],
      [member('ada', { ...finance, roles: ['operator'] })],
      false,
    ],
    [
      'one person for two roles',
      [
        { role: 'finance', approvals: 1 },
        { role: 'legal', approvals: 1 },
      ],
      [member('ada', { approvalRoles: ['finance', 'legal'] })],
      true,
    ],
  ] as const)('%s', (_name, requirements, roster, could) => {
    expect(whoCouldSatisfy(requirements, roster, [])?.code).toBe(could ? undefined : 'rule_unsatisfiable');
  });

  test.each([
    ['an approver', { roles: ['approver'], approvalRoles: ['legal'] }, true],
    ['an approver of something else', { roles: ['approver'], approvalRoles: ['finance'] }, false],
    ['a viewer', { roles: ['viewer'], approvalRoles: ['legal'] }, false],
  ])('nobody here, where a claim makes %s of whoever comes', (_name, claimed, could) => {
    const refusal = whoCouldSatisfy([{ role: 'legal', approvals: 3 }], [], [claimed]);
    expect(refusal?.code).toBe(could ? undefined : 'rule_unsatisfiable');
  });

  test('what is missing is named', () => {
    const requirements = [
      { role: null, approvals: 2 },
      { role: 'legal', approvals: 2 },
    ];
    const roster = [member('ada'), member('bob', { approvalRoles: ['legal'] })];
    expect(whoCouldSatisfy(requirements, roster, [])?.message).toBe(
      'this needs active people who may approve: 2 with the approval role legal, and there is 1',
    );
  });
});
