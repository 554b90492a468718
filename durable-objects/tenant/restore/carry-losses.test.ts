import type { Loss } from '@countersign/protocol/backup/carried-losses';
import { describe, expect, test } from 'vitest';
import {
  appendAll,
  credentialRow,
  keyed,
  memberRow,
  NOW,
  runnerRow,
  TENANT,
  worldOf,
} from '../test-support.ts';
import type { World } from '../turn/world.ts';
import { lossDrafts, ownerDraft } from './carry-losses.ts';

const COPY = 'snp_copy';
const ISSUER = 'https://login.example.com';
const HOUR_MS = 3_600_000;
const mapping = (value: string, ...roles: string[]) => ({ issuer: ISSUER, value, roles, approval_roles: [] });
const ops = mapping('ops', 'admin');
const staff = mapping('staff', 'viewer');

/** As a copy has it: everything is still there. */
function copied(): World {
  const setting = { tenant: TENANT, tip_seq: 0, tip_hash: '' };
  const invitation = {
    tenant: TENANT,
    invitation_id: 'inv_1',
    digest: 'd',
    name: 'New',
    roles: ['admin'],
    approval_roles: [],
    status: 'open' as const,
    created_at: NOW,
    expires_at: NOW + HOUR_MS,
    tip_seq: 0,
    tip_hash: '',
  };
  return worldOf({
    keyed: keyed({
      members: [
        memberRow({ person: 'iss ann', roles: ['admin'], approval_roles: ['lead', 'legal'] }),
        memberRow({ person: 'iss gone', roles: [], status: 'removed' }),
      ],
      credentials: [
        credentialRow(),
        credentialRow({ credential_id: 'crd_over', status: 'revoked' }),
        credentialRow({ credential_id: 'crd_short', status: 'retiring', expires_at: NOW + 1 }),
      ],
      invitations: [invitation],
      runners: [runnerRow()],
      settings: [
        { ...setting, name: 'cors', value: { origins: ['https://a.test', 'https://b.test'] } },
        { ...setting, name: 'claims', value: { mappings: [ops, staff] } },
      ],
    }),
  });
}

type Any = Loss extends infer One ? (One extends Loss ? Omit<One, 'seq'> : never) : never;

/** What becomes of such a record: the entries, which are then in the world. */
function carried(world: World, ...losses: readonly Any[]) {
  const drafts = lossDrafts(
    world,
    losses.map((loss) => ({ ...loss, seq: 77 })),
    COPY,
    NOW,
  );
  appendAll(world, { entries: [...drafts] });
  return drafts;
}

const bound = (...roles: string[]) => ({ roles, approval_roles: ['legal'] });

describe('what was taken away is taken away again', () => {
  test.each<[Any, string, (world: World) => unknown, unknown]>([
    [
      { kind: 'credential', credential_id: 'crd_runner', until: null },
      'credential.revoked',
      (world) => world.credential('crd_runner')?.status,
      'revoked',
    ],
    [
      { kind: 'credential', credential_id: 'crd_runner', until: NOW - 1 },
      'credential.retiring',
      (world) => world.credential('crd_runner')?.expires_at,
      NOW - 1,
    ],
    [
      { kind: 'member', person: 'iss ann', bounds: null },
      'member.removed',
      (world) => world.member('iss ann')?.status,
      'removed',
    ],
    [
      { kind: 'member', person: 'iss ann', bounds: bound('operator') },
      'member.roles_changed',
      (world) => [world.member('iss ann')?.roles, world.member('iss ann')?.approval_roles],
      [['operator'], ['legal']],
    ],
    [
      { kind: 'member', person: 'iss claimed', bounds: null },
      'member.removed',
      (world) => world.member('iss claimed')?.status,
      'removed',
    ],
    [
      { kind: 'invitation', invitation_id: 'inv_1' },
      'invitation.revoked',
      (world) => world.row('invitations', 'inv_1')?.status,
      'revoked',
    ],
    [
      { kind: 'login', session: 's', expires_at: NOW + HOUR_MS, person: 'iss ann' },
      'session.revoked',
      (world) => world.sessions().revoked,
      [{ session: 's', expires_at: NOW + HOUR_MS, person: 'iss ann' }],
    ],
    [
      { kind: 'origin', origin: 'https://a.test' },
      'cors.denied',
      (world) => world.row('settings', 'cors')?.value,
      { origins: ['https://b.test'] },
    ],
    [
      { kind: 'claims', mappings: [mapping('ops', 'operator'), mapping('new', 'owner')] },
      'claims.saved',
      (world) => world.claims().mappings,
      [mapping('ops', 'operator')],
    ],
    [
      { kind: 'permissions', setting: { enforced: true, rules: [] } },
      'permissions.enforced',
      (world) => world.permissionRules(),
      { enforced: true, rules: [] },
    ],
    [
      { kind: 'bootstrap', credential_id: 'crd_first' },
      'bootstrap.exchanged',
      (world) => world.row('settings', 'bootstrap')?.value,
      { is_exchanged: true, credential_id: 'crd_first' },
    ],
    [
      { kind: 'runner', runner_id: 'run_a' },
      'runner.drained',
      (world) => world.row('runners', 'run_a')?.status,
      'draining',
    ],
  ])('%j', (loss, type, look, left) => {
    const world = copied();
    const drafts = carried(world, loss);
    expect(drafts).toMatchObject([
      {
        type,
        actor: { kind: 'system', id: 'restore' },
        body: { carried_from: { snapshot_id: COPY, seq: 77 } },
      },
    ]);
    expect(look(world)).toEqual(left);
    expect(carried(world, loss)).toEqual([]);
  });
});

test.each<[what: string, loss: Any]>([
  ['a credential that the copy does not know', { kind: 'credential', credential_id: 'crd_new', until: null }],
  ['one that had ended', { kind: 'credential', credential_id: 'crd_over', until: NOW }],
  ['one that ends before', { kind: 'credential', credential_id: 'crd_short', until: NOW + 2 }],
  ['a member who is new', { kind: 'member', person: 'iss new', bounds: bound('owner') }],
  ['a member who came back', { kind: 'member', person: 'iss gone', bounds: bound('admin') }],
  [
    'a member who was raised',
    {
      kind: 'member',
      person: 'iss ann',
      bounds: { roles: ['owner'], approval_roles: ['lead', 'legal', 'x'] },
    },
  ],
  ['an invitation that is new', { kind: 'invitation', invitation_id: 'inv_2' }],
  ['a login that is over', { kind: 'login', session: 's', expires_at: NOW - HOUR_MS, person: 'iss ann' }],
  ['an origin that is not there', { kind: 'origin', origin: 'https://c.test' }],
  ['claims that are more', { kind: 'claims', mappings: [ops, staff, mapping('new', 'viewer')] }],
  ['a runner that is new', { kind: 'runner', runner_id: 'run_b' }],
])('nothing is taken, and nothing given, by %s', (_what, loss) => {
  expect(carried(copied(), loss)).toEqual([]);
});

describe('a project whose last owner is taken away again', () => {
  const owner = memberRow({ person: 'iss ann', roles: ['owner'] });
  const by = { person: 'iss olivia', name: 'Olivia' };
  const claims = { mappings: [mapping('all', 'owner')] };
  const none = { mappings: [] };
  const taken = (bounds: ReturnType<typeof bound> | null) =>
    lossDrafts(
      worldOf({ keyed: keyed({ members: [owner] }) }),
      [{ kind: 'member', person: 'iss ann', bounds, seq: 77 }],
      COPY,
      NOW,
    );

  test.each([null, bound('admin')])('is its restorer’s, and not that owner’s again: %j', (bounds) => {
    expect(ownerDraft([owner], none, taken(bounds), by)).toMatchObject({
      type: 'member.added',
      actor: { kind: 'system', id: 'restore' },
      body: { ...by, roles: ['owner'], approval_roles: [] },
    });
  });

  test('stays whose it is where there is another owner, or an identity provider names one', () => {
    const other = memberRow({ person: 'iss oscar', roles: ['owner'] });
    expect(ownerDraft([owner, other], none, taken(null), by)).toBeUndefined();
    expect(ownerDraft([owner], claims, taken(null), by)).toBeUndefined();
    const removed = { ...other, status: 'removed' as const };
    expect(ownerDraft([owner, removed], none, taken(null), by)).toBeDefined();
  });

  test('is not named by a provider whose word was taken away', () => {
    const rows = worldOf({
      keyed: keyed({
        settings: [{ tenant: TENANT, name: 'claims', value: claims, tip_seq: 0, tip_hash: '' }],
      }),
    });
    const drafts = lossDrafts(rows, [{ kind: 'claims', mappings: [], seq: 77 }], COPY, NOW);
    expect(ownerDraft([], claims, drafts, by)).toBeDefined();
  });
});
