import { describe, expect, test } from 'vitest';
import { permissions, SET_UP } from '../access/permissions.ts';
import { issueCredential } from '../credentials/issue-credential.ts';
import { accountIn, reopenStatements } from '../maintenance/reopen-bootstrap.ts';
import { invite } from '../members/invite.ts';
import { appendAll, gist, head, keyed, machine, memberRow, NOW, worldOf } from '../test-support.ts';
import { applyRule } from '../turn/apply-rule.ts';
import type { AskOf } from '../turn/command.ts';
import type { Outcome } from '../turn/outcome.ts';
import type { World } from '../turn/world.ts';
import { exchangeBootstrap } from './exchange-bootstrap.ts';

const DAY_MS = 86_400_000;
const olivia = memberRow({ person: 'iss olivia', name: 'olivia', roles: ['owner'] });

function owned(): World {
  return worldOf({ roster: [olivia], keyed: keyed({ members: [olivia] }) });
}

function exchange(world: World, changes: Partial<AskOf<'bootstrap'>> = {}): Outcome {
  const minted = { id: 'ak_1', digest: 'sha256:1' };
  return exchangeBootstrap(
    world,
    { type: 'bootstrap', minted, name: 'ci', expiresAt: null, ...changes },
    NOW,
  );
}

function scopesOf({ reply }: Outcome): readonly string[] {
  const key = reply.ok ? reply.body.api_key : undefined;
  return Object(key).scopes;
}

describe('the exchange', () => {
  test('happens once, also within one turn', () => {
    const world = worldOf();
    const first = exchange(world);
    expect(gist(first)).toEqual({ answer: 'ok', entries: ['credential.issued', 'bootstrap.exchanged'] });
    appendAll(world, first);
    const again = exchange(world, { minted: { id: 'ak_2', digest: 'sha256:2' }, name: 'other' });
    expect(gist(again)).toEqual({ answer: 'already_bootstrapped', entries: [] });
  });

  test('gives an account that ends by itself', () => {
    const world = worldOf();
    appendAll(world, exchange(world));
    expect(world.credential('ak_1')).toMatchObject({ status: 'active', expires_at: NOW + 90 * DAY_MS });
    expect(gist(exchange(worldOf(), { expiresAt: NOW })).answer).toBe('validation_failed');
  });

  test('never gives what decides, claims or stops', () => {
    const may = (scopes: readonly string[]) =>
      Object.entries(permissions)
        .filter(([, { service }]) => service !== undefined && scopes.includes(service))
        .map(([ask]) => ask);
    for (const ask of [
      'decide',
      'decide-action',
      'set-roles',
      'propose',
      'claim',
      'emergency-stop',
      'allow-origin',
    ])
      expect(may(scopesOf(exchange(worldOf())))).not.toContain(ask);
    expect(scopesOf(exchange(owned()))).not.toContain(SET_UP);
    expect(scopesOf(exchange(owned()))).not.toContain('contracts:activate');
  });
});

describe('the first account', () => {
  const account = machine('service', { permissions: [SET_UP] });
  const request = { name: 'Olivia', roles: ['owner'], approval_roles: [], expires_in_seconds: 3_600 };
  const asked: AskOf<'invite'> = { type: 'invite', minted: { id: 'inv_1', digest: 'sha256:i' }, request };

  test('makes owners while there is none, and does nothing of the kind after', () => {
    expect(gist(applyRule(worldOf(), asked, account, NOW)).answer).toBe('ok');
    expect(gist(applyRule(owned(), asked, account, NOW)).answer).toBe('set_up_over');
  });

  test('is not any service account', () => {
    expect(gist(invite(worldOf(), asked, machine('service'), NOW)).answer).toBe('forbidden');
  });

  test('is counted among owners’ doings no more when the only owner was removed before', () => {
    const gone = memberRow({ person: 'iss old', roles: ['owner'], status: 'removed' });
    const world = worldOf({ roster: [gone], keyed: keyed({ members: [gone] }) });
    expect(gist(applyRule(world, asked, account, NOW)).answer).toBe('ok');
  });

  test('hands out no key that sets up', () => {
    const wanted = { name: 'again', sources: [], permissions: [SET_UP], role: null, bindings: {} } as const;
    const more = { capabilities: null, targets: [], handlers: [], expiresAt: null } as const;
    const minted = { id: 'ak_2', digest: 'sha256:2' };
    const ask = {
      type: 'issue-credential',
      kind: 'service',
      minted,
      wanted: { ...wanted, ...more },
    } as const;
    expect(gist(issueCredential(worldOf(), ask, account, NOW)).answer).toBe('validation_failed');
  });
});

describe('letting it happen once more', () => {
  const unlocking = { operator: 'us', reason: 'lost', nonce: 'n8', now: NOW };

  test('writes nothing where nothing was exchanged', () => {
    expect(reopenStatements({ head, settings: [], account: undefined }, unlocking)).toBeUndefined();
    expect(accountIn([])).toBeNull();
  });

  test('ends the account that was handed out', () => {
    const world = worldOf();
    appendAll(world, exchange(world));
    const settings = ['bootstrap', 'services'].flatMap((name) => world.row('settings', name) ?? []);
    const statements = reopenStatements({ head, settings, account: world.credential('ak_1') }, unlocking);
    const written = JSON.stringify(statements);
    expect(written).toContain('credential.revoked');
    expect(written).toContain('bootstrap.reopened');
    expect(accountIn(settings)).toBe('ak_1');
  });
});
