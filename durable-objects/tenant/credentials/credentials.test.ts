import { servicePermissions } from '@countersign/protocol/service-scopes';
import { describe, expect, test } from 'vitest';
import { permissions, SET_UP } from '../access/permissions.ts';
import {
  appendAll,
  credentialRow,
  gist,
  keyed,
  NOW,
  person,
  SOURCE,
  TENANT,
  worldOf,
} from '../test-support.ts';
import type { World } from '../turn/world.ts';
import type { Wanted } from './credential-asks.ts';
import { credentialView } from './credential-view.ts';
import { issueCredential } from './issue-credential.ts';
import { revokeCredential } from './revoke-credential.ts';
import { rotateCredential } from './rotate-credential.ts';

const admin = person('adam', { roles: ['admin'] });
const minted = { id: 'rnt_new', digest: 'sha256:new' };
const source = { tenant: TENANT, source_id: SOURCE, name: SOURCE, engine: 'postgres' as const };
const capability = {
  tenant: TENANT,
  contract_id: 'ctr',
  version_id: 'ctv',
  digest: 'd',
  label: '1',
  version_seq: 3,
};

function withCredentials(...credentials: ReturnType<typeof credentialRow>[]): World {
  const capabilities = [
    { ...capability, capability: 'billing.waive' },
    { ...capability, capability: 'billing.old', version_id: null },
  ];
  return worldOf({ keyed: keyed({ credentials, capabilities, sources: [source] }) });
}

const wanted: Wanted = {
  name: 'Runner',
  sources: [SOURCE],
  permissions: null,
  role: null,
  bindings: {},
  capabilities: null,
  targets: [],
  handlers: [],
  expiresAt: null,
};

const issue = (
  kind: 'runner' | 'agent' | 'service',
  changes: Partial<Wanted> = {},
  world = withCredentials(),
) =>
  issueCredential(
    world,
    { type: 'issue-credential', kind, minted, wanted: { ...wanted, ...changes } },
    admin,
    NOW,
  );

const rotate = (world: World, changes = {}) =>
  rotateCredential(
    world,
    {
      type: 'rotate-credential',
      kind: 'runner',
      credentialId: 'crd_runner',
      minted,
      overlapSeconds: 0,
      expiresAt: null,
      ...changes,
    },
    admin,
    NOW,
  );

describe('a new credential', () => {
  test('is what was asked for, as a snapshot', () => {
    const world = withCredentials();
    appendAll(
      world,
      issue('agent', { capabilities: ['billing.waive'], bindings: { tenant_id: 'acme' } }, world),
    );
    expect(world.credential('rnt_new')).toMatchObject({
      kind: 'agent',
      digest: 'sha256:new',
      permissions: [
        ...['proposals:write', 'proposals:read', 'actions:write', 'actions:read'],
        ...['runs:write', 'runs:read'],
      ],
      capabilities: ['billing.waive'],
      bindings: { tenant_id: 'acme' },
      status: 'active',
      created_at: NOW,
    });
  });

  test('tells no digest', () => {
    const { reply } = issue('runner');
    expect(JSON.stringify(reply)).not.toContain('sha256');
    expect(reply).toMatchObject({ ok: true, status: 201, body: { secret_available: true } });
  });

  test.each<[string, 'runner' | 'agent' | 'service', Partial<Wanted>, string]>([
    ['a permission of another kind', 'runner', { permissions: ['proposals:read'] }, 'validation_failed'],
    [
      'a scope by its inherited name',
      'service',
      { sources: [], permissions: ['toString'] },
      'validation_failed',
    ],
    ['an unknown source', 'runner', { sources: ['src_none'] }, 'source_unknown'],
    ['a capability out of force', 'agent', { capabilities: ['billing.old'] }, 'capability_unknown'],
    ['an end that is now', 'agent', { expiresAt: NOW }, 'validation_failed'],
    ['an end that comes', 'agent', { expiresAt: NOW + 1 }, 'ok'],
    [
      'a key that proposes nowhere',
      'service',
      { sources: [], permissions: ['proposals:write'] },
      'validation_failed',
    ],
    ['a key that proposes', 'service', { permissions: ['proposals:write'] }, 'ok'],
    ['a key with a source for nothing', 'service', { permissions: ['project:read'] }, 'validation_failed'],
  ])('with %s', (_name, kind, changes, code) => {
    expect(gist(issue(kind, changes)).answer).toBe(code);
  });

  test('takes nobody else’s id', () => {
    const taken = withCredentials(credentialRow({ credential_id: 'rnt_new' }));
    expect(gist(issue('runner', {}, taken)).answer).toBe('unavailable');
    expect(
      gist(rotate(withCredentials(credentialRow(), credentialRow({ credential_id: 'rnt_new' })))),
    ).toEqual({
      answer: 'unavailable',
      entries: [],
    });
  });
});

describe('a rotation', () => {
  test('hands on what the old one holds, and ends it', () => {
    const old = credentialRow({ expires_at: NOW + 5, permissions: ['runner:doctor'] });
    const world = withCredentials(old);
    appendAll(world, rotate(world));
    expect(world.credential('rnt_new')).toMatchObject({
      permissions: ['runner:doctor'],
      sources: [SOURCE],
      expires_at: NOW + 5,
      last_used_at: null,
      digest: 'sha256:new',
    });
    expect(world.credential('crd_runner')?.status).toBe('revoked');
  });

  test('with an overlap never lengthens the old one’s life', () => {
    const world = withCredentials(credentialRow({ expires_at: NOW + 5_000 }));
    appendAll(world, rotate(world, { overlapSeconds: 60 }));
    expect(world.credential('crd_runner')).toMatchObject({ status: 'retiring', expires_at: NOW + 5_000 });
    const endless = withCredentials(credentialRow());
    appendAll(endless, rotate(endless, { overlapSeconds: 60 }));
    expect(endless.credential('crd_runner')).toMatchObject({ status: 'retiring', expires_at: NOW + 60_000 });
  });

  test.each([
    ['of a revoked one', credentialRow({ status: 'revoked' }), {}, 'credential_ended'],
    ['of one that another takes over from', credentialRow({ status: 'retiring' }), {}, 'credential_ended'],
    ['of an expired one', credentialRow({ expires_at: NOW }), {}, 'credential_ended'],
    ['of another kind', credentialRow(), { kind: 'service' }, 'credential_not_found'],
    ['of none', credentialRow(), { credentialId: 'crd_none' }, 'credential_not_found'],
    ['to an end that lies back', credentialRow(), { expiresAt: NOW - 1 }, 'validation_failed'],
  ])('%s is refused and changes nothing', (_name, row, changes, code) => {
    expect(gist(rotate(withCredentials(row), changes))).toEqual({ answer: code, entries: [] });
  });
});

describe('a revocation', () => {
  const revoke = (world: World, kind: 'runner' | 'agent' = 'runner') =>
    revokeCredential(
      world,
      { type: 'revoke-credential', kind, credentialId: 'crd_runner', reason: 'leaked' },
      admin,
      NOW,
    );

  test('ends one that retires as well, once', () => {
    const world = withCredentials(credentialRow({ status: 'retiring' }));
    appendAll(world, revoke(world));
    expect(world.credential('crd_runner')?.status).toBe('revoked');
    expect(gist(revoke(world))).toEqual({ answer: 'ok', entries: [] });
  });

  test('is of the kind that the route is about', () => {
    expect(gist(revoke(withCredentials(credentialRow()), 'agent')).answer).toBe('credential_not_found');
  });
});

test.each([
  ['active', {}],
  ['active', { expires_at: NOW + 1 }],
  ['expired', { expires_at: NOW }],
  ['retiring', { status: 'retiring' as const, expires_at: NOW + 1 }],
  ['expired', { status: 'retiring' as const, expires_at: NOW }],
  ['revoked', { status: 'revoked' as const, expires_at: NOW }],
])('is shown as %s', (status, changes) => {
  expect(credentialView(credentialRow(changes), NOW)).toMatchObject({ status });
});

describe('scopes of keys', () => {
  const opened = Object.entries(permissions).filter(([, { service }]) => service !== undefined);

  test('are exactly those that open something', () => {
    const needed = new Set(opened.map(([, { service }]) => service).filter((one) => one !== '*'));
    expect([...servicePermissions, SET_UP].toSorted()).toEqual([...needed].toSorted());
  });

  test('open to no machine what hands out rights or decides', () => {
    for (const ask of [
      'set-roles',
      'remove-member',
      'accept-invitation',
      'save-claims-mapping',
      'allow-origin',
      'deny-origin',
      'decide',
    ] as const) {
      expect(Object.keys(permissions[ask])).toEqual(['person']);
    }
  });

  test('hand out rights with one that no key can be issued with, and that ends with the first owner', () => {
    const setting = opened.filter(([, { service }]) => service === SET_UP).map(([ask]) => ask);
    expect(setting.toSorted()).toEqual([
      'invite',
      'issue-credential',
      'list-credentials',
      'list-invitations',
      'list-members',
      'read-credential',
      'revoke-credential',
      'revoke-invitation',
      'rotate-credential',
    ]);
    expect(servicePermissions).not.toContain(SET_UP);
  });

  test('are no more than those who make keys may do themselves, but for what only programs send', () => {
    const beyond = opened.filter(([, { person: roles }]) => !roles?.includes('admin')).map(([ask]) => ask);
    expect(beyond).toEqual([]);
  });
});
