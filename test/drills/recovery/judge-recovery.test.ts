import { describe, expect, test } from 'vitest';
import type { RecoveryFacts, TenantFacts } from './facts.ts';
import { judgeRecovery } from './judge-recovery.ts';

const tenant: TenantFacts = {
  tenant: 'prj_1',
  head: { seq: 10, hash: 'h10' },
  restored: { seq: 11, hashAtHead: 'h10', doesChainHold: true, doRowsFold: true },
  tables: [
    { table: 'ledger', rows: 10, differing: 0 },
    { table: 'proposals', rows: 3, differing: 0 },
  ],
  listed: { before: 3, differing: 0 },
};
const row = (id: string) => ({ id, moved: 1, receipts: 1 });

function factsOf(changes: Partial<RecoveryFacts> = {}): RecoveryFacts {
  return {
    tenants: [tenant, { ...tenant, tenant: 'prj_2' }],
    madeMeanwhile: 5,
    recoveredInMs: 15_000.4,
    changes: { before: [row('a')], between: [row('b')], lost: [row('c')] },
    leasedUnderStop: 0,
    foundByReceipt: 1,
    knownLost: 0,
    unknownReceipts: 1,
    repeatedEndedAs: 'conflict',
    repeatedMoved: 1,
    ...changes,
  };
}

const withTenant = (changes: Partial<TenantFacts>) =>
  factsOf({ tenants: [tenant, { ...tenant, ...changes }] });
const withRestored = (changes: Partial<TenantFacts['restored']>) =>
  withTenant({ restored: { ...tenant.restored, ...changes } });
const checksOf = (facts: RecoveryFacts) => judgeRecovery(facts).violations.map(({ check }) => check);

test('a recovery holds when every row is back and each change was written once', () => {
  expect(judgeRecovery(factsOf())).toMatchObject({
    holds: true,
    violations: [],
    figures: {
      tenants: 2,
      entries: 20,
      rows_compared: { ledger: 20, proposals: 6 },
      rows_differing: 0,
      recovered_in_ms: 15_000,
      lost_from_the_record: 1,
      written_once: 3,
    },
  });
});

describe('a recovery does not hold', () => {
  test.each<[string, RecoveryFacts, string]>([
    ['a row differs', withTenant({ tables: [{ table: 'runs', rows: 2, differing: 1 }] }), 'rows'],
    ['the chain is broken', withRestored({ doesChainHold: false }), 'chain'],
    ['the rows do not fold', withRestored({ doRowsFold: false }), 'chain'],
    ['another entry stands at the head', withRestored({ hashAtHead: 'other' }), 'chain'],
    ['no entry stands at the head', withRestored({ hashAtHead: undefined }), 'chain'],
    ['more was added than one entry', withRestored({ seq: 12 }), 'chain'],
    ['the list is another', withTenant({ listed: { before: 3, differing: 1 } }), 'list'],
    ['work is handed out', factsOf({ leasedUnderStop: 1 }), 'leased-under-stop'],
    ['a receipt is not found', factsOf({ foundByReceipt: 0 }), 'settled'],
    ['the record knows what it cannot', factsOf({ knownLost: 1 }), 'settled'],
    ['receipts do not tell what was lost', factsOf({ unknownReceipts: 0 }), 'settled'],
    ['a lost change is written again', factsOf({ repeatedEndedAs: 'applied' }), 'settled'],
    ['its row has moved twice', factsOf({ repeatedMoved: 2 }), 'exactly-once'],
  ])('when %s', (_what, facts, check) => {
    expect(checksOf(facts)).toEqual([check]);
    expect(judgeRecovery(facts).holds).toBe(false);
  });

  test.each([
    ['never', 0, 0],
    ['twice', 2, 2],
    ['without a receipt', 1, 0],
  ])('when a change is written %s', (_how, moved, receipts) => {
    const between = [{ id: 'b', moved, receipts }];
    expect(checksOf(factsOf({ changes: { ...factsOf().changes, between } }))).toEqual(['exactly-once']);
  });
});

describe('a drill has shown nothing', () => {
  test.each<[string, Partial<RecoveryFacts>]>([
    ['of one tenant', { tenants: [tenant] }],
    ['without load', { madeMeanwhile: 0 }],
    ['in which nothing was applied before', { changes: { ...factsOf().changes, before: [] } }],
    ['in which nothing was lost', { changes: { ...factsOf().changes, lost: [] }, unknownReceipts: 0 }],
  ])('%s', (_what, changes) => {
    expect(checksOf(factsOf(changes))).toEqual(['staging']);
  });
});
