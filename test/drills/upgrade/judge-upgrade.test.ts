import { describe, expect, test } from 'vitest';
import type { Mark, TenantAtEnd, TenantMark, UpgradeFacts } from './facts.ts';
import { judgeUpgrade } from './judge-upgrade.ts';

const OPTIONS = { writes: 5 };
const CHANGES = ['before the upgrade', 'before the roll-back', 'before the second upgrade'];

const markOf = (tenant: string, changes: Partial<TenantMark> = {}): TenantMark => ({
  tenant,
  seq: 10,
  hash: 'h10',
  rows: { ledger: 10, proposals: 3 },
  ...changes,
});
const mark = (when: string, changes: Partial<TenantMark> = {}): Mark => ({
  when,
  tenants: [markOf('prj_1'), markOf('prj_2', changes)],
});
const tenant: TenantAtEnd = {
  tenant: 'prj_1',
  verifiedWith: 0,
  entries: 20,
  headsLost: [],
  doRowsFold: true,
  proposals: { frozen: 3, acknowledged: 4, found: 7 },
  missing: [],
};
const row = (id: string, times: number) => ({ id, moved: times, receipts: times });

function factsOf(changes: Partial<UpgradeFacts> = {}): UpgradeFacts {
  return {
    marks: ['frozen', ...CHANGES].map((when) => mark(when)),
    isMigrating: true,
    copy: mark('the copy'),
    fromCopy: [{ tenant: 'prj_1', listed: 3, copied: 3 }],
    copies: 1,
    pairs: [
      { plane: 'previous', runners: 'previous', written: 5 },
      { plane: 'next', runners: 'previous', written: 6 },
      { plane: 'next', runners: 'next', written: 7 },
      { plane: 'previous', runners: 'next', written: 8 },
      { plane: 'next', runners: 'next', written: 9 },
    ],
    refusals: { asked: 40, passing: 2, broken: 3, others: [] },
    awayMs: [900.4, 800, 700],
    findingsRolledBack: ['bindings_present', 'schema_of_next_release'],
    foldedBefore: ['prj_1'],
    drainedWith: [0],
    tenants: [tenant, { ...tenant, tenant: 'prj_2' }],
    rows: { approved: [row('a', 1)], others: [row('b', 0)] },
    unmatched: [],
    ...changes,
  };
}

const withTenant = (changes: Partial<TenantAtEnd>) =>
  factsOf({ tenants: [tenant, { ...tenant, ...changes }] });
const checksOf = (facts: UpgradeFacts) => judgeUpgrade(facts, OPTIONS).violations.map(({ check }) => check);

test('an upgrade holds when nothing was lost, written twice or rewritten, and says what was compared', () => {
  expect(judgeUpgrade(factsOf(), OPTIONS)).toEqual({
    holds: true,
    violations: [],
    figures: {
      tenants: 2,
      entries: 40,
      heads_compared: 8,
      rows_counted: 104,
      exports_verified: 2,
      requests: 40,
      told_to_ask_again: 2,
      connections_broken: 3,
      refused_otherwise: 0,
      longest_away_ms: 900,
      written_by: {
        'previous and previous': 5,
        'next and previous': 6,
        'next and next': 16,
        'previous and next': 8,
      },
      written_once: 1,
      acknowledged: 8,
      acknowledged_and_missing: 0,
      copies: 1,
      records_folding_before: 1,
      records_folding: 2,
    },
  });
});

test('right after a release there is nothing to migrate: nothing is copied, and no doctor warns', () => {
  const quiet = { isMigrating: false, copy: null, fromCopy: [], copies: 0, findingsRolledBack: [] };
  expect(checksOf(factsOf(quiet))).toEqual([]);
  expect(checksOf(factsOf({ ...quiet, copies: 1 }))).toEqual(['copy']);
  expect(checksOf(factsOf({ ...quiet, findingsRolledBack: ['schema_of_next_release'] }))).toEqual([
    'roll-back',
  ]);
});

describe('an upgrade does not hold', () => {
  test.each<[string, UpgradeFacts, string]>([
    ['no copy is made', factsOf({ copies: 0 }), 'copy'],
    ['what is copied is not what was there', factsOf({ copy: mark('the copy', { hash: 'x' }) }), 'copy'],
    ['the copy is not served', factsOf({ fromCopy: [{ tenant: 'prj_1', listed: 2, copied: 3 }] }), 'copy'],
    ['the copy is empty', factsOf({ fromCopy: [{ tenant: 'prj_1', listed: 0, copied: 0 }] }), 'copy'],
    [
      'somebody is refused for good',
      factsOf({ refusals: { ...factsOf().refusals, others: ['/v1/proposals: 500'] } }),
      'refused',
    ],
    ['a runner ends badly', factsOf({ drainedWith: [1] }), 'runners'],
    ['no runner is told to end', factsOf({ drainedWith: [] }), 'runners'],
    ['the doctor says nothing', factsOf({ findingsRolledBack: [] }), 'roll-back'],
    ['nobody serves the copy', factsOf({ fromCopy: [] }), 'copy'],
    ['two copies are made', factsOf({ copies: 2 }), 'copy'],
    ['an export does not verify', withTenant({ verifiedWith: 1 }), 'chain'],
    ['a head is not on the chain', withTenant({ headsLost: ['frozen'] }), 'chain'],
    ['the rows do not fold', withTenant({ doRowsFold: false }), 'rows'],
    ['what was acknowledged is gone', withTenant({ missing: ['wrp_1'] }), 'acknowledged'],
    [
      'something was made twice',
      withTenant({ proposals: { ...tenant.proposals, found: 8 } }),
      'acknowledged',
    ],
    ['a change is written twice', factsOf({ rows: { approved: [row('a', 2)], others: [] } }), 'exactly-once'],
    ['a change is lost', factsOf({ rows: { approved: [row('a', 0)], others: [] } }), 'exactly-once'],
    [
      'a row moved that nobody approved',
      factsOf({ rows: { approved: [], others: [row('b', 1)] } }),
      'exactly-once',
    ],
    ['record and receipts differ', factsOf({ unmatched: ['wrp_1'] }), 'exactly-once'],
  ])('when %s', (_what, facts, check) => {
    expect(checksOf(facts)).toEqual([check]);
    expect(judgeUpgrade(facts, OPTIONS).holds).toBe(false);
  });

  test('when a table has lost a row from one mark to the next', () => {
    const marks = factsOf().marks.map((one, place) =>
      place < 3 ? one : mark(one.when, { rows: { ledger: 10, proposals: 2 } }),
    );
    expect(checksOf(factsOf({ marks }))).toEqual(['counts']);
  });

  test('when a ledger has not as many entries as its head says', () => {
    const marks = factsOf().marks.map((one, place) =>
      place < 3 ? one : mark(one.when, { rows: { ledger: 11, proposals: 3 } }),
    );
    expect(checksOf(factsOf({ marks }))).toEqual(['counts']);
  });
});

describe('a drill has shown nothing', () => {
  test.each<[string, Partial<UpgradeFacts>]>([
    ['without the runner of the previous release at this plane', { pairs: factsOf().pairs.toSpliced(1, 1) }],
    ['without the runner of this release at the previous plane', { pairs: factsOf().pairs.toSpliced(3, 1) }],
    ['of one tenant', { tenants: [tenant] }],
    ['without anybody asking', { refusals: { asked: 0, passing: 0, broken: 0, others: [] } }],
  ])('%s', (_what, changes) => {
    expect(checksOf(factsOf(changes))).toEqual(['staging']);
  });

  test('without a roll-back', () => {
    expect(checksOf(factsOf({ marks: factsOf().marks.slice(0, 3) }))).toEqual(['staging']);
  });
});
