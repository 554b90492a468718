import { roles } from '@countersign/protocol/roles';
import { servicePermissions } from '@countersign/protocol/service-scopes';
import { describe, expect, test } from 'vitest';
import { credentialRow, memberRow, NOW } from '../test-support.ts';
import type { AskType, Caller } from '../turn/command.ts';
import { authorize, type Known } from './authorize.ts';
import { noPermissionRules } from './permission-setting.ts';
import { agentPermissions, runnerPermissions } from './permissions.ts';

/** Said here once more in words, so that a slip in the table of permissions is seen. */
const mayAsk: Readonly<Partial<Record<AskType, readonly string[]>>> = {
  request: ['agent'],
  revise: ['agent'],
  'list-members': roles,
  'set-roles': ['owner', 'admin'],
  'remove-member': ['owner', 'admin'],
  invite: ['owner', 'admin'],
  'revoke-invitation': ['owner', 'admin'],
  'list-invitations': ['owner', 'admin', 'auditor'],
  'accept-invitation': [...roles, 'stranger'],
  'read-claims-mapping': ['owner', 'admin', 'auditor'],
  'save-claims-mapping': ['owner'],
  'issue-credential': ['owner', 'admin'],
  'rotate-credential': ['owner', 'admin'],
  'revoke-credential': ['owner', 'admin'],
  'list-credentials': ['owner', 'admin', 'auditor'],
  'read-credential': ['owner', 'admin', 'auditor'],
  'read-session': [...roles, 'agent', 'runner', 'service'],
  'revoke-session': roles,
  'read-entitlements': [...roles, 'service'],
  'read-status': [...roles, 'service'],
  'read-project': [...roles, 'service'],
  'list-sources': [...roles, 'service'],
  'read-source': [...roles, 'service'],
};

const held = { agent: agentPermissions, runner: runnerPermissions, service: servicePermissions } as const;
type Kind = keyof typeof held;
const kinds = Object.keys(held) as Kind[];

function knows(changes: Partial<Known> = {}): Known {
  return {
    member: () => undefined,
    credential: () => undefined,
    permissionRules: () => noPermissionRules,
    claims: () => ({ mappings: [] }),
    sessions: () => ({ revoked: [] }),
    ...changes,
  };
}

const ann: Caller = { kind: 'person', person: 'iss ann' };

function codeOf(known: Known, caller: Caller, asked: AskType): string {
  const authorized = authorize(known, { caller, ask: { type: 'may', asked }, key: null }, NOW);
  return authorized.ok ? 'ok' : authorized.refusal.code;
}

/** What everybody gets who asks this: members of each role, a token of each kind that holds all it can, a stranger. */
function answersTo(asked: AskType): Readonly<Record<string, string>> {
  const people = roles.map((role) => [
    role,
    codeOf(knows({ member: () => memberRow({ roles: [role] }) }), ann, asked),
  ]);
  const machines = kinds.map((kind) => {
    const credential = () => credentialRow({ credential_id: 'c', kind, permissions: [...held[kind]] });
    return [kind, codeOf(knows({ credential }), { kind, credentialId: 'c', digest: 'd' }, asked)];
  });
  return Object.fromEntries([...people, ...machines, ['stranger', codeOf(knows(), ann, asked)]]);
}

describe('who may ask', () => {
  test.each(Object.entries(mayAsk))('%s', (asked, allowed = []) => {
    const who = [...roles, ...kinds, 'stranger'];
    const denial = (one: string) => (one === 'stranger' ? 'project_not_found' : 'forbidden');
    expect(answersTo(asked as AskType)).toEqual(
      Object.fromEntries(who.map((one) => [one, allowed.includes(one) ? 'ok' : denial(one)])),
    );
  });
});

describe('a member', () => {
  test('who was removed is a stranger, whatever a claim says', () => {
    const mappings = [{ issuer: 'iss', value: 'staff', roles: ['admin'], approval_roles: [] }];
    const removed = () => memberRow({ status: 'removed', roles: ['owner'] });
    const caller = { ...ann, values: ['staff'] };
    expect(codeOf(knows({ claims: () => ({ mappings }) }), caller, 'invite')).toBe('ok');
    expect(codeOf(knows({ claims: () => ({ mappings }), member: removed }), caller, 'invite')).toBe(
      'project_not_found',
    );
  });

  test('has the roles that the project gave, not those of a claim', () => {
    const mappings = [{ issuer: 'iss', value: 'staff', roles: ['admin'], approval_roles: ['lead'] }];
    const known = knows({ claims: () => ({ mappings }), member: () => memberRow({ roles: ['viewer'] }) });
    const call = {
      caller: { ...ann, values: ['staff'] },
      ask: { type: 'may', asked: 'list-members' },
    } as const;
    expect(authorize(known, { ...call, key: null }, NOW)).toMatchObject({
      identity: { roles: ['viewer'], approvalRoles: [] },
    });
  });

  test('whose token was ended here is refused with it, and with no other', () => {
    const sessions = () => ({ revoked: [{ session: 's1', expires_at: NOW, person: 'iss ann' }] });
    const known = knows({ sessions, member: () => memberRow({ roles: ['owner'] }) });
    const withSession = (id: string) => ({ ...ann, session: { id, expiresAt: NOW } });
    expect(codeOf(known, withSession('s1'), 'list-members')).toBe('token_revoked');
    expect(codeOf(known, withSession('s1'), 'accept-invitation')).toBe('token_revoked');
    expect(codeOf(known, withSession('s2'), 'list-members')).toBe('ok');
  });
});

describe('a credential', () => {
  const caller = { kind: 'service', credentialId: 'c', digest: 'd' } as const;
  test.each([
    ['that retires', { status: 'retiring' as const, expires_at: NOW + 1 }, 'ok'],
    ['that has retired', { status: 'retiring' as const, expires_at: NOW }, 'token_expired'],
    ['that was revoked', { status: 'revoked' as const }, 'token_revoked'],
    ['with another secret', { digest: 'e' }, 'token_invalid'],
    ['of another kind', { kind: 'agent' as const }, 'token_invalid'],
    ['that holds nothing', { permissions: [] }, 'ok'],
  ])('%s', (_name, changes, code) => {
    const credential = () => credentialRow({ credential_id: 'c', kind: 'service', ...changes });
    expect(codeOf(knows({ credential }), caller, 'read-session')).toBe(code);
  });

  test('that holds a star holds nothing by it', () => {
    const credential = () => credentialRow({ credential_id: 'c', kind: 'service', permissions: ['*'] });
    expect(codeOf(knows({ credential }), caller, 'read-project')).toBe('forbidden');
  });
});
