import { expect, test } from 'vitest';
import type { EndedFacts, TeardownFacts } from './facts.ts';
import { judgeTeardown } from './judge-teardown.ts';

const ended: EndedFacts = {
  tenant: 'prj_1',
  entries: 20,
  isArchiveGood: true,
  refusedWith: ['archive_required', 'archive_required'],
  leftIn: [],
  toldOtherwise: [],
  returned: [{ table: 'ledger', rows: 20, differing: 0 }],
};
const facts: TeardownFacts = { ended: [ended], neighbour: { made: 5, refused: 0, doesChainHold: true } };

test('an end that leaves nothing, of which everything comes back, holds', () => {
  expect(judgeTeardown(facts)).toMatchObject({ holds: true, violations: [] });
});

test.each<[string, Partial<EndedFacts>, string]>([
  ['an archive that does not hold', { isArchiveGood: false }, 'archive'],
  ['an end without an archive', { refusedWith: ['archive_required'] }, 'refusals'],
  ['a row that is left', { leftIn: ['proposals'] }, 'left-behind'],
  ['a caller who learns something', { toldOtherwise: ['ada: 200'] }, 'told'],
  ['nothing that comes back', { returned: [] }, 'returned'],
  ['a row that comes back otherwise', { returned: [{ table: 'runs', rows: 1, differing: 1 }] }, 'returned'],
])('%s is seen', (_what, changes, check) => {
  const { holds, violations } = judgeTeardown({ ...facts, ended: [{ ...ended, ...changes }] });
  expect(holds).toBe(false);
  expect(violations.map((one) => one.check)).toEqual([check]);
});

test.each([
  { made: 0, refused: 0, doesChainHold: true },
  { made: 5, refused: 1, doesChainHold: true },
  { made: 5, refused: 0, doesChainHold: false },
])('a neighbour who notices is seen: %j', (neighbour) => {
  expect(judgeTeardown({ ...facts, neighbour }).violations).toMatchObject([{ check: 'neighbour' }]);
});
