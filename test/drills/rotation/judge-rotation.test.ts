import { expect, test } from 'vitest';
import type { RotationFacts } from './facts.ts';
import { judgeRotation } from './judge-rotation.ts';

const NO_KEY = 'token_key_unknown';
const snapshot = { snapshotId: 'snp_1', keyId: 'a', isGoodElsewhere: true, isGoodHere: true };
const traffic = {
  requests: 9,
  refused: [],
  unanswered: 1,
  changes: { before: 1, overlap: 1, after: 1 },
};
const edge = {
  projects: 4,
  refused: [],
  refusedByProvider: 0,
  isOldTokenRevoked: true,
  isNewTokenUsed: true,
};
const facts: RotationFacts = {
  traffic,
  logged: [],
  rows: [{ id: 'INV-1', moved: 1, receipts: 1 }],
  heldBefore: 5,
  earlyRetirement: 4,
  snapshots: [snapshot, { ...snapshot, keyId: 'b' }],
  oldTokens: [NO_KEY],
  stolenKey: [NO_KEY],
  isAnyKeyPrinted: false,
  edge,
};

test('a rotation that nobody notices but who stole the old key holds', () => {
  expect(judgeRotation(facts)).toMatchObject({
    holds: true,
    violations: [],
    figures: { refused_for_their_token: 0, rows_written_once: 1, snapshots_that_verify: 2 },
  });
});

test.each<[string, Partial<RotationFacts>, string]>([
  [
    'a part without traffic',
    { traffic: { ...traffic, changes: { before: 1, overlap: 0, after: 1 } } },
    'staging',
  ],
  ['snapshots of one key', { snapshots: [snapshot] }, 'staging'],
  ['no change', { rows: [] }, 'staging'],
  ['nobody who tried the old key', { oldTokens: [] }, 'staging'],
  ['no hosted runner', { edge: { ...edge, projects: 0 } }, 'staging'],
  ['a request that is refused', { traffic: { ...traffic, refused: ['token_expired'] } }, 'shut-out'],
  ['a refusal in the log', { logged: ['token_key_unknown'] }, 'shut-out'],
  ['a row that was written twice', { rows: [{ id: 'r', moved: 2, receipts: 1 }] }, 'exactly-once'],
  ['a row without a receipt', { rows: [{ id: 'r', moved: 1, receipts: 0 }] }, 'exactly-once'],
  ['a key that is retired while it is in use', { earlyRetirement: 0 }, 'early'],
  ['a refusal that names nobody', { heldBefore: 0 }, 'early'],
  [
    'a snapshot that does not verify',
    { snapshots: [...facts.snapshots, { ...snapshot, isGoodHere: false }] },
    'snapshots',
  ],
  [
    'one that does not verify elsewhere',
    { snapshots: [...facts.snapshots, { ...snapshot, isGoodElsewhere: false }] },
    'snapshots',
  ],
  ['a retired token that gets in', { oldTokens: [NO_KEY, 'in'] }, 'old-tokens'],
  ['one that is refused as something else', { oldTokens: ['token_invalid'] }, 'old-tokens'],
  ['a stolen key that mints', { stolenKey: ['in'] }, 'stolen-key'],
  ['a key that is printed', { isAnyKeyPrinted: true }, 'secrecy'],
  ['a hosted runner that is refused', { edge: { ...edge, refused: [NO_KEY] } }, 'edge'],
  ['a provider that refuses', { edge: { ...edge, refusedByProvider: 1 } }, 'edge'],
  ['a hosting token that lives on', { edge: { ...edge, isOldTokenRevoked: false } }, 'edge'],
  ['one that nobody uses', { edge: { ...edge, isNewTokenUsed: false } }, 'edge'],
])('%s is seen', (_what, changes, check) => {
  const { holds, violations } = judgeRotation({ ...facts, ...changes });
  expect(holds).toBe(false);
  expect(violations.map((one) => one.check)).toEqual([check]);
});
