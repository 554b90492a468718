import { describe, expect, test } from 'vitest';
import { judgeRows } from './judge-rows.ts';
import type { Counted } from './limits.ts';
import { approving, asking, compiled, documentOf, factsOf } from './policy-samples.ts';

const nothing: Counted = () => undefined;
const fees = (...list: number[]) => list.map((fee) => factsOf({ after: { fee }, patch: { fee } }));

describe('a change of several rows', () => {
  const refusing = compiled(documentOf({ when: 'after.fee > 100', name: 'refusing' }));
  const approver = compiled(approving({ name: 'approving' }));

  test('is refused where one of them is', () => {
    expect(judgeRows([refusing], fees(1, 2), nothing).kind).toBe('default');
    expect(judgeRows([refusing], fees(1, 101), nothing)).toMatchObject({
      kind: 'refuse',
      policy: 'refusing',
    });
    expect(judgeRows([refusing], fees(101, 1), nothing).kind).toBe('refuse');
  });

  test('is refused by its size, or by what it does', () => {
    const large = compiled(documentOf({ when: 'row_count > 2', name: 'large' }));
    const set = (rows: number) =>
      fees(...Array(rows).fill(1)).map((facts) => ({ ...facts, row_count: rows }));
    expect(judgeRows([large], set(2), nothing).kind).toBe('default');
    expect(judgeRows([large], set(3), nothing).kind).toBe('refuse');
    const removing = compiled(documentOf({ when: "operation == 'set_delete'", name: 'removing' }));
    expect(judgeRows([removing], [factsOf({ operation: 'set_delete' })], nothing).kind).toBe('refuse');
  });

  test('asks what is asked of any of them, once', () => {
    const lead = (when: string, approvals: number) =>
      compiled(asking({ when, requires: { role: 'lead', approvals }, name: `ask_${approvals}` }));
    const judged = judgeRows(
      [lead('after.fee > 10', 2), lead('after.fee > 20', 3)],
      fees(5, 15, 25),
      nothing,
    );
    expect(judged).toMatchObject({ kind: 'ask', requirements: [{ role: 'lead', approvals: 3 }] });
    expect(judged.because).toHaveLength(2);
  });

  test('is approved by no policy, though each of them alone would be', () => {
    expect(judgeRows([approver], fees(1), nothing).kind).toBe('approve');
    expect(judgeRows([approver], fees(1, 2), nothing).kind).toBe('default');
  });
});
