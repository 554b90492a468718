import type { LiveEntry } from '@countersign/protocol/live-messages';
import { describe, expect, test } from 'vitest';
import { both, isTouched, NOTHING, touchedBy } from './touched.ts';

const head = { seq: 9, hash: `sha256:${'0'.repeat(64)}` };
const by = (entries: readonly Partial<LiveEntry>[], seen: readonly string[] = []) =>
  touchedBy({
    entries: entries.map((entry, place) => ({ seq: place + 1, at: '2027-01-01T00:00:00.000Z', ...entry })),
    head,
    seen,
  });
const approved = by([{ kind: 'proposal.approved', subject: 'wrp_1', proposal_id: 'wrp_1' }]);

describe('an entry about a proposal', () => {
  test.each([
    [['prj', 'proposal', 'wrp_1'], true],
    [['prj', 'proposal', 'wrp_2'], false],
    [['prj', 'story', 'wrp_1', 7], true],
    [['prj', 'inbox', null], true],
    [['prj', 'runs'], false],
    [['prj', 'ledger'], true],
    [['prj', 'history'], false],
    [['prj', 'something that is not named'], true],
  ])('touches %j: %s', (key, is) => {
    expect(isTouched(key, approved)).toBe(is);
  });
});

test('a kind that is not known touches everything, one that is hidden the ledger alone', () => {
  expect(isTouched(['prj', 'runs'], by([{ kind: 'weather.changed' }]))).toBe(true);
  expect(isTouched(['prj', 'runs'], by([{}]))).toBe(false);
  expect(isTouched(['prj', 'ledger'], by([{}]))).toBe(true);
});

test('a runner that was heard of touches the runners and nothing else', () => {
  const heard = by([], ['local-runner']);
  expect(isTouched(['prj', 'runners'], heard)).toBe(true);
  expect(isTouched(['prj', 'ledger'], heard)).toBe(false);
  expect(isTouched(['prj', 'runners'], both(NOTHING, heard))).toBe(true);
});
