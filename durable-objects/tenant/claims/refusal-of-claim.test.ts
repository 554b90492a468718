import { mintId } from '@countersign/protocol/ids';
import { expect, test } from 'vitest';
import { system } from '../access/identity.ts';
import { machine, NOW, TENANT, worldOf } from '../test-support.ts';
import { type NamedClaim, refusalOfClaim } from './refusal-of-claim.ts';

const mine = machine('runner', { actor: { kind: 'runner', id: 'crd_mine' } });
const theirs = machine('runner', { actor: { kind: 'runner', id: 'crd_theirs' } });
const claimAt = (seq: number) => mintId('tcl', { at: NOW, seq, tenant: TENANT });

/** The claim that stands, and two that were given before: of this task, and of another. */
const [standing, earlier, ofAnother] = [claimAt(30), claimAt(20), claimAt(10)];
const given = (claim_id: string, step_id: string) => ({
  claim_id,
  step_id,
  attempt: 1,
  runner_id: 'r1',
  credential: 'crd_mine',
  expires_at: NOW,
});
const world = worldOf({
  bodies: [
    { seq: 20, body: given(earlier, 'stp_1') },
    { seq: 10, body: given(ofAnother, 'stp_2') },
  ],
});
const claimed = {
  noun: 'task',
  prefix: 'tcl',
  id: 'stp_1',
  row: {
    claim_id: standing,
    claim_runner: 'r1',
    claim_credential: 'crd_mine',
    claim_expires_at: NOW + 1,
  },
  over: { code: 'task_canceled', message: 'it is over' },
} as const;

const named = (claim_id: string, runner_id = 'r1'): NamedClaim => ({ claim_id, runner_id });

test.each([
  ['its own', named(standing), mine, NOW, undefined],
  ['its own, at the end of its time', named(standing), mine, NOW + 1, 'task_canceled'],
  ['one that another token holds', named(standing), theirs, NOW, 'claim_foreign'],
  ['one that was given under another name', named(standing, 'r2'), mine, NOW, 'claim_foreign'],
  ['one that it had', named(earlier), mine, NOW, 'task_canceled'],
  ['one that another token had', named(earlier), theirs, NOW, 'claim_foreign'],
  ['one that was had under another name', named(earlier, 'r2'), mine, NOW, 'claim_foreign'],
  ['one of another task', named(ofAnother), mine, NOW, 'claim_required'],
  ['one whose entry says nothing', named(claimAt(25)), mine, NOW, 'claim_required'],
  ['one that is still to come', named(claimAt(world.nextSeq)), mine, NOW, 'claim_required'],
  [
    'one of an action',
    named(mintId('clm', { at: NOW, seq: 20, tenant: TENANT })),
    mine,
    NOW,
    'claim_required',
  ],
  ['no claim', named('tcl_none'), mine, NOW, 'claim_required'],
])('a worker that names %s', (_which, claim, who, now, code) => {
  expect(refusalOfClaim(world, claimed, claim, who, now)?.code).toBe(code);
});

test('the tenant itself may take back any claim that stands', () => {
  expect(refusalOfClaim(world, claimed, named(standing, 'r2'), system, NOW)).toBeUndefined();
});
