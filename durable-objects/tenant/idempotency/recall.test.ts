import { describe, expect, test } from 'vitest';
import type { IdempotencyRow } from '../schema.ts';
import { NOW, proposalRow, TENANT, worldOf } from '../test-support.ts';
import type { Ask, Command } from '../turn/command.ts';
import { answer, refuse } from '../turn/reply.ts';
import { recall, remember } from './recall.ts';
import { MOST_REMEMBERED } from './remembered-key.ts';
import { firstKeyThatCounts, storedKey } from './stored-key.ts';

const DAY_MS = 86_400_000;
const row = proposalRow();
const key = { key: 'k1', request: 'sha256:request' };
const kept = { ...key, status: 201, answer: '{"ok":true,"n":1}' };

function command(ask: Ask, given = key): Command {
  return { caller: { kind: 'system' }, ask, key: given };
}

const cancel = command({ type: 'cancel', proposalId: row.proposal_id, reason: null });
const decide = command({
  type: 'decide',
  proposalId: row.proposal_id,
  verdict: 'approved',
  reason: null,
  effectDigest: null,
});
const propose = command({ type: 'propose', request: { source_id: 's', change_set: {} } } as Ask);
const renew = command({
  type: 'renew',
  jobId: `wbj_${row.proposal_id}`,
  request: { runner_id: 'r', lease_id: 'l', lease_seconds: 30 },
});

const storedAt = (time: number): IdempotencyRow => ({
  tenant: TENANT,
  ...kept,
  key: storedKey(key.key, time),
});

describe('a key about a proposal', () => {
  const world = worldOf({ proposals: [proposalRow({ remembered: [kept] })] });

  test.each([
    ['cancel', cancel],
    ['decide', decide],
  ])('gives the first answer to %s again', (_name, again) => {
    expect(recall(world, again, NOW)).toEqual({ ok: true, status: 201, body: { ok: true, n: 1 } });
  });

  test('that came with another request is refused', () => {
    const other = { ...cancel, key: { ...key, request: 'sha256:other' } };
    expect(recall(world, other, NOW)).toMatchObject({ refusal: { code: 'idempotency_key_reused' } });
  });

  test('of a call whose keys repeat for ever counts for nothing', () => {
    expect(recall(world, renew, NOW)).toBeUndefined();
  });

  test('is kept in its row, and the oldest give way', () => {
    const remembered = Array.from({ length: MOST_REMEMBERED }, (_, place) => ({
      ...kept,
      key: `k${place + 100}`,
    }));
    const full = worldOf({ proposals: [proposalRow({ remembered })] });
    remember(full, cancel, answer({ ok: true }), NOW);
    const keys = full.proposal(row.proposal_id)?.remembered.map((one) => one.key);
    expect(keys).toEqual([...remembered.slice(1).map((one) => one.key), 'k1']);
  });
});

test('a key of what showed a secret gives the same again without it, and says so', () => {
  const minted = { id: 'rnt_1', digest: 'sha256:secret' };
  const ask = { type: 'rotate-credential', kind: 'runner', credentialId: 'rnt_0', minted } as const;
  const rotate = command({ ...ask, overlapSeconds: 0, expiresAt: null });
  const world = worldOf();
  remember(
    world,
    rotate,
    answer({ ok: true, token: { token_id: 'rnt_1' }, secret_available: true }, 201),
    NOW,
  );
  expect(recall(world, rotate, NOW)).toEqual({
    ok: true,
    status: 200,
    body: { ok: true, token: { token_id: 'rnt_1' }, secret_available: false, idempotent: true },
  });
});

describe('a key of a proposal that is new', () => {
  test.each([
    ['today', NOW],
    ['yesterday', NOW - DAY_MS],
    // An instance whose clock was ahead stored it so.
    ['tomorrow', NOW + DAY_MS],
  ])('counts when it was stored %s', (_name, time) => {
    expect(recall(worldOf({ keys: [storedAt(time)] }), propose, NOW)).toMatchObject({
      ok: true,
      status: 201,
    });
  });

  test('counts no more after that', () => {
    expect(recall(worldOf({ keys: [storedAt(NOW - 2 * DAY_MS)] }), propose, NOW)).toBeUndefined();
    expect(storedKey(key.key, NOW - 2 * DAY_MS) < firstKeyThatCounts(NOW)).toBe(true);
    expect(storedKey(key.key, NOW - DAY_MS) < firstKeyThatCounts(NOW)).toBe(false);
  });

  test('is seen by a later command of the same turn', () => {
    const world = worldOf();
    remember(world, propose, answer({ ok: true, n: 1 }, 201), NOW);
    expect(recall(world, propose, NOW)).toEqual({ ok: true, status: 201, body: { ok: true, n: 1 } });
  });

  test.each([
    ['a refusal', propose, refuse('source_unknown', 'no such source')],
    ['a call without a key', { ...propose, key: null }, answer({ ok: true })],
  ])('is not kept for %s', (_name, asked, reply) => {
    const world = worldOf();
    remember(world, asked, reply, NOW);
    expect(recall(world, propose, NOW)).toBeUndefined();
  });
});
