import { describe, expect, test } from 'vitest';
import { changeAt } from '../change-at.ts';
import { contractIssueCodes } from '../contract-issues.ts';
import { parseContract } from '../parse-contract.ts';
import { actionCases } from './issue-cases/action-cases.ts';
import { approvalCases } from './issue-cases/approval-cases.ts';
import { documentCases } from './issue-cases/document-cases.ts';
import type { Changes } from './issue-cases/issue-case.ts';
import { nameCases } from './issue-cases/name-cases.ts';
import { operationCases } from './issue-cases/operation-cases.ts';
import { patchCases } from './issue-cases/patch-cases.ts';
import { shownCases } from './issue-cases/shown-cases.ts';
import { subjectCases } from './issue-cases/subject-cases.ts';
import { valueCases } from './issue-cases/value-cases.ts';

const cases = [
  ...documentCases,
  ...nameCases,
  ...subjectCases,
  ...shownCases,
  ...patchCases,
  ...valueCases,
  ...operationCases,
  ...approvalCases,
  ...actionCases,
];

function issuesOf(make: () => unknown, changes: Changes) {
  const value = Object.entries(changes).reduce(
    (soFar, [path, changed]) => changeAt(soFar, path, changed),
    make(),
  );
  const parsed = parseContract(value);
  return parsed.ok ? [] : parsed.issues;
}

describe('what is wrong is refused with its own code, and what is right beside it is not', () => {
  test.each(cases)('%s %#', (code, make, wrong, right) => {
    const issues = issuesOf(make, wrong);
    expect(issues.map((issue) => issue.code)).toContain(code);
    for (const { path, message } of issues) {
      expect(path).toMatch(/^\$/);
      expect(message.length).toBeGreaterThan(10);
    }
    expect(issuesOf(make, right)).toEqual([]);
  });

  test('every code has such a case', () => {
    const tried = new Set(cases.map(([code]) => code));
    expect(contractIssueCodes.filter((code) => !tried.has(code))).toEqual([]);
  });
});
