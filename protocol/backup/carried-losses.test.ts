import { describe, expect, test } from 'vitest';
import type { EntryType } from '../entry-types.ts';
import { LossWalk } from './carried-losses.ts';

const ADA = 'https://login.example.com ada';
const actor = { kind: 'person', id: 'https://login.example.com olivia' } as const;

type Step = readonly [type: EntryType, body: Readonly<Record<string, unknown>>];

function lossesOf(...steps: readonly Step[]) {
  const walk = new LossWalk();
  for (const [place, [type, body]] of steps.entries()) walk.step({ type, body, actor, seq: place + 11 });
  return walk.end();
}

const lead = { person: ADA, name: 'Ada', roles: ['approver'], approval_roles: ['lead'] };
const credential_id = 'rnt_1';
const setting = { enforced: true, rules: [] };
const mappings = [
  { issuer: 'https://login.example.com', value: 'ops', roles: ['operator'], approval_roles: [] },
];

describe('what takes power away is a loss', () => {
  test.each<[EntryType, Step[1], object]>([
    [
      'credential.revoked',
      { credential_id, reason: null },
      { kind: 'credential', credential_id, until: null },
    ],
    [
      'credential.retiring',
      { credential_id, expires_at: 5 },
      { kind: 'credential', credential_id, until: 5 },
    ],
    ['member.removed', { person: ADA, reason: null }, { kind: 'member', person: ADA, bounds: null }],
    [
      'member.roles_changed',
      lead,
      { kind: 'member', person: ADA, bounds: { roles: ['approver'], approval_roles: ['lead'] } },
    ],
    ['invitation.revoked', { invitation_id: 'inv_1' }, { kind: 'invitation', invitation_id: 'inv_1' }],
    ['invitation.accepted', { invitation_id: 'inv_1' }, { kind: 'invitation', invitation_id: 'inv_1' }],
    [
      'session.revoked',
      { session: 's', expires_at: 5 },
      { kind: 'login', session: 's', expires_at: 5, person: actor.id },
    ],
    [
      'session.revoked',
      { session: 's', expires_at: 5, person: ADA },
      { kind: 'login', session: 's', expires_at: 5, person: ADA },
    ],
    ['cors.denied', { origin: 'https://a.test', name: 'x' }, { kind: 'origin', origin: 'https://a.test' }],
    ['claims.saved', { mappings, name: 'x' }, { kind: 'claims', mappings }],
    ['permissions.enforced', { setting, reason: null, name: 'x' }, { kind: 'permissions', setting }],
    ['bootstrap.exchanged', { credential_id }, { kind: 'bootstrap', credential_id }],
    ['runner.drained', { runner_id: 'r', reason: null, name: 'x' }, { kind: 'runner', runner_id: 'r' }],
  ])('%s', (type, body, loss) => {
    expect(lossesOf([type, body])).toEqual([{ ...loss, seq: 11 }]);
  });
});

describe('what was given again is none', () => {
  test.each<[string, Step, Step]>([
    ['an origin', ['cors.denied', { origin: 'o' }], ['cors.allowed', { origin: 'o' }]],
    [
      'a rule',
      ['permissions.enforced', { setting }],
      ['permissions.relaxed', { setting: { ...setting, enforced: false } }],
    ],
    [
      'an exchange',
      ['bootstrap.exchanged', { credential_id }],
      ['bootstrap.reopened', { reason: 'x', name: 'x' }],
    ],
    ['a runner', ['runner.drained', { runner_id: 'r' }], ['runner.undrained', { runner_id: 'r' }]],
    [
      'a runner that began anew',
      ['runner.drained', { runner_id: 'r' }],
      ['runner.registered', { runner_id: 'r' }],
    ],
  ])('%s', (_what, taken, given) => {
    expect(lossesOf(taken, given)).toEqual([]);
    expect(lossesOf(taken, given, taken)).toHaveLength(1);
  });

  test('a member who came back is bound by what they are in the end', () => {
    const removed: Step = ['member.removed', { person: ADA, reason: null }];
    expect(lossesOf(removed, ['member.added', lead])).toMatchObject([
      { bounds: { roles: ['approver'] }, seq: 12 },
    ]);
    expect(lossesOf(['member.added', lead], removed)).toMatchObject([{ bounds: null, seq: 12 }]);
  });
});

test('what only gives, or does something else, is none', () => {
  const others: readonly Step[] = [
    ['credential.issued', { credential_id }],
    ['invitation.created', { invitation_id: 'inv_1' }],
    ['proposal.rejected', {}],
    ['freeze.placed', {}],
  ];
  expect(lossesOf(...others)).toEqual([]);
});

test('losses come in the order of the entries that said so last', () => {
  const losses = lossesOf(
    ['credential.retiring', { credential_id, expires_at: 5 }],
    ['member.removed', { person: ADA }],
    ['credential.revoked', { credential_id }],
  );
  expect(losses.map(({ kind, seq }) => [kind, seq])).toEqual([
    ['member', 12],
    ['credential', 13],
  ]);
});

test('an entry that cannot be read is not passed over', () => {
  expect(() => lossesOf(['credential.revoked', { credential: credential_id }])).toThrow();
  const newer = { type: 'power.taken' as EntryType, body: {}, actor, seq: 11 };
  expect(() => new LossWalk().step(newer)).toThrow(TypeError);
});
