import { describe, expect, test } from 'vitest';
import type { InvitationRow, MemberRow } from '../schema.ts';
import { appendAll, gist, keyed, memberRow, NOW, person, TENANT, worldOf } from '../test-support.ts';
import type { World } from '../turn/world.ts';
import { acceptInvitation } from './accept-invitation.ts';
import { givenByClaims } from './claims.ts';
import { invite } from './invite.ts';
import { removeMember } from './remove-member.ts';
import { revokeInvitation } from './revoke-invitation.ts';
import { setRoles } from './set-roles.ts';

const owner = person('olivia', { roles: ['owner'] });
const admin = person('adam', { roles: ['admin'] });
const olivia = memberRow({ person: 'iss olivia', name: 'olivia', roles: ['owner'] });
const adam = memberRow({ person: 'iss adam', name: 'adam', roles: ['admin'] });
const ann = memberRow();

function peopled(rows: readonly MemberRow[] = [olivia, adam, ann], others = {}): World {
  return worldOf({ roster: [...rows], keyed: keyed({ members: [...rows], ...others }) });
}

function roles(world: World, of: string, to: readonly string[], by = owner, approvalRoles: string[] = []) {
  return setRoles(world, { type: 'set-roles', person: of, roles: to, approvalRoles }, by, NOW);
}

const remove = (world: World, who: string, by = owner) =>
  removeMember(world, { type: 'remove-member', person: who, reason: null }, by, NOW);

describe('roles', () => {
  test('are stored in one order, whatever order they came in', () => {
    const world = peopled();
    appendAll(world, roles(world, 'iss ann', ['viewer', 'approver'], admin, ['b', 'a']));
    expect(world.member('iss ann')).toMatchObject({
      roles: ['approver', 'viewer'],
      approval_roles: ['a', 'b'],
      name: 'ann',
    });
  });

  test.each([
    ['an admin makes an owner', 'iss ann', ['owner'], admin, 'forbidden'],
    ['an admin demotes an owner', 'iss olivia', ['viewer'], admin, 'forbidden'],
    ['an admin makes an admin', 'iss ann', ['admin'], admin, 'ok'],
    ['an owner makes an owner', 'iss ann', ['owner'], owner, 'ok'],
    ['an unknown role', 'iss ann', ['root'], owner, 'validation_failed'],
    ['a role by its inherited name', 'iss ann', ['constructor'], owner, 'validation_failed'],
    ['the only owner steps down', 'iss olivia', ['admin'], owner, 'last_owner'],
    ['somebody unknown', 'iss nobody', ['viewer'], owner, 'member_not_found'],
  ] as const)('%s', (_name, who, to, by, code) => {
    expect(gist(roles(peopled(), who, to, by)).answer).toBe(code);
  });

  test('of approval are given by others', () => {
    expect(gist(roles(peopled(), 'iss adam', ['admin'], admin, ['lead'])).answer).toBe('forbidden');
    expect(gist(roles(peopled(), 'iss olivia', ['owner'], owner, ['lead'])).answer).toBe('forbidden');
    expect(gist(roles(peopled(), 'iss adam', ['admin'], owner, ['lead'])).answer).toBe('ok');
    const held = { ...adam, approval_roles: ['lead'] };
    expect(gist(roles(peopled([olivia, held]), 'iss adam', ['viewer'], admin, ['lead'])).answer).toBe('ok');
  });

  test('of a member who was removed are nobody’s to set', () => {
    const gone = memberRow({ status: 'removed', roles: [] });
    expect(gist(roles(peopled([olivia, gone]), 'iss ann', ['viewer'])).answer).toBe('member_not_found');
  });
});

describe('a removal', () => {
  test('leaves no role behind', () => {
    const world = peopled();
    appendAll(world, remove(world, 'iss ann', admin));
    expect(world.member('iss ann')).toMatchObject({ status: 'removed', roles: [], approval_roles: [] });
  });

  test('of owners stops at the last, within one turn', () => {
    const world = peopled([olivia, { ...adam, roles: ['owner'] }]);
    appendAll(world, remove(world, 'iss adam'));
    expect(gist(remove(world, 'iss olivia')).answer).toBe('last_owner');
  });

  test('does not count an owner who was removed before', () => {
    const gone = memberRow({ person: 'iss old', roles: ['owner'], status: 'removed' });
    expect(gist(remove(peopled([olivia, gone]), 'iss olivia')).answer).toBe('last_owner');
  });

  test('that would let the rules lock everybody out is refused', () => {
    const rule = {
      name: 'only-olivia',
      asks: ['save-permission-rules'],
      effect: 'deny',
      when: 'who.name != "olivia"',
    } as const;
    const value = { enforced: true, rules: [rule] };
    const setting = { tenant: TENANT, name: 'permissions' as const, value, tip_seq: 0, tip_hash: '' };
    const world = peopled([olivia, { ...adam, roles: ['owner'] }], { settings: [setting] });
    expect(gist(remove(world, 'iss olivia')).answer).toBe('lock_out');
    expect(gist(remove(world, 'iss adam')).answer).toBe('ok');
  });

  test('of an approval role, too, where the rules let owners change them by it', () => {
    const rule = {
      name: 'leads-only',
      asks: ['save-permission-rules'],
      effect: 'deny',
      when: '!("lead" in who.approval_roles)',
    } as const;
    const value = { enforced: true, rules: [rule] };
    const setting = { tenant: TENANT, name: 'permissions' as const, value, tip_seq: 0, tip_hash: '' };
    const world = peopled([{ ...olivia, approval_roles: ['lead'] }], { settings: [setting] });
    expect(gist(roles(world, 'iss olivia', ['owner'])).answer).toBe('lock_out');
    expect(gist(roles(world, 'iss olivia', ['owner', 'viewer'], owner, ['lead'])).answer).toBe('ok');
  });

  test('of somebody who is a member by a claim stands in a row', () => {
    const mappings = [{ issuer: 'https://idp', value: 'staff', roles: ['viewer'], approval_roles: [] }];
    const setting = {
      tenant: TENANT,
      name: 'claims' as const,
      value: { mappings },
      tip_seq: 0,
      tip_hash: '',
    };
    const world = peopled([olivia], { settings: [setting] });
    appendAll(world, remove(world, 'https://idp eve'));
    expect(world.member('https://idp eve')).toMatchObject({ status: 'removed' });
    expect(gist(remove(world, 'https://other eve')).answer).toBe('member_not_found');
  });
});

describe('an invitation', () => {
  const minted = { id: 'inv_1', digest: 'sha256:code' };
  const request = { name: 'New', roles: ['approver'], approval_roles: ['lead'], expires_in_seconds: 60 };
  const stranger = person('new', { roles: [] });
  const accept = (world: World, changes = {}, by = stranger, now = NOW) =>
    acceptInvitation(world, { type: 'accept-invitation', offered: { ...minted, ...changes } }, by, now);

  /** An open invitation, with the entry that made it. */
  function invited(changes: Partial<InvitationRow> = {}, rows = [olivia, adam], by = 'iss adam'): World {
    const body = {
      invitation_id: 'inv_1',
      digest: minted.digest,
      ...request,
      expires_at: NOW + 1,
      invited_by: by,
    };
    const row = {
      tenant: TENANT,
      invitation_id: 'inv_1',
      digest: minted.digest,
      name: 'New',
      roles: request.roles,
      approval_roles: request.approval_roles,
      status: 'open' as const,
      created_at: NOW,
      expires_at: NOW + 1,
      tip_seq: 40,
      tip_hash: 'h',
      ...changes,
    };
    return worldOf({
      keyed: keyed({ members: rows, invitations: [row] }),
      bodies: [{ seq: 40, body }],
    });
  }

  test('is taken once, and makes a member', () => {
    const world = invited();
    const outcome = accept(world);
    expect(gist(outcome)).toEqual({ answer: 'ok', entries: ['invitation.accepted', 'member.added'] });
    appendAll(world, outcome);
    expect(world.member('iss new')).toMatchObject({ roles: ['approver'], approval_roles: ['lead'] });
    expect(gist(accept(world, {}, person('late'))).answer).toBe('invitation_not_found');
    expect(gist(accept(world)).answer).toBe('already_member');
  });

  test.each([
    ['with another code', invited(), { digest: 'sha256:cods' }],
    ['with a shorter one', invited(), { digest: 'sha' }],
    ['that is not there', invited(), { id: 'inv_2' }],
    ['that was revoked', invited({ status: 'revoked' }), {}],
    ['that was used', invited({ status: 'accepted' }), {}],
    ['that has just expired', invited({ expires_at: NOW }), {}],
    ['of somebody who was removed', invited({}, [olivia, { ...adam, status: 'removed' }]), {}],
    ['of somebody who is less now', invited({}, [olivia, { ...adam, roles: ['viewer'] }]), {}],
    ['of one’s own, by a claim', invited({}, [olivia], 'iss new'), {}],
    ['to be owner, of an admin', invited({ roles: ['owner'] }), {}],
    ['to be owner, of a stranger', invited({ roles: ['owner'] }, [olivia], 'iss x'), {}],
  ])('is refused in the same words: %s', (_name, world, changes) => {
    expect(accept(world, changes).reply).toEqual({
      ok: false,
      refusal: {
        code: 'invitation_not_found',
        message: 'there is no such invitation, or it counts no more',
      },
    });
  });

  test('is offered within what its maker may give', () => {
    const ask = (changes = {}) => ({ type: 'invite' as const, minted, request: { ...request, ...changes } });
    expect(gist(invite(peopled(), ask({ roles: ['owner'] }), admin, NOW)).answer).toBe('forbidden');
    expect(gist(invite(peopled(), ask({ roles: ['owner'] }), owner, NOW)).answer).toBe('ok');
    expect(gist(invite(invited(), ask(), owner, NOW)).answer).toBe('unavailable');
  });

  test('is taken back once', () => {
    const world = invited();
    const ask = { type: 'revoke-invitation', invitationId: 'inv_1' } as const;
    appendAll(world, revokeInvitation(world, ask, admin, NOW));
    expect(gist(revokeInvitation(world, ask, admin, NOW))).toEqual({ answer: 'ok', entries: [] });
    const used = invited({ status: 'accepted' });
    expect(gist(revokeInvitation(used, ask, admin, NOW)).answer).toBe('invitation_not_found');
  });
});

describe('claims', () => {
  const mapping = (issuer: string, value: string, roles: string[]) => ({
    issuer,
    value,
    roles,
    approval_roles: [value],
  });
  const setting = {
    mappings: [
      mapping('https://a', 'x', ['viewer']),
      mapping('https://a', 'y', ['viewer', 'admin']),
      mapping('https://b', 'x', ['operator']),
    ],
  };

  test('give what all values of the own issuer give together', () => {
    expect(givenByClaims(setting, 'https://a eve', ['x', 'y', 'z'])).toEqual({
      roles: ['viewer', 'admin'],
      approvalRoles: ['x', 'y'],
    });
  });

  test.each([
    ['no value', 'https://a eve', []],
    ['values of another issuer', 'https://c eve', ['x']],
    ['an issuer in the subject', 'https://c https://a', ['x']],
    ['an issuer as a beginning', 'https://a/b eve', ['x']],
  ])('give nothing for %s', (_name, who, values) => {
    expect(givenByClaims(setting, who, values)).toBeUndefined();
  });
});
