import { describe, expect, test } from 'vitest';
import { appendAll, gist, keyed, NOW, person, TENANT, worldOf } from '../test-support.ts';
import type { World } from '../turn/world.ts';
import { revokeSession } from './revoke-session.ts';
import { KEPT_AFTER_MS, MOST_REVOKED, MOST_REVOKED_OF_ONE } from './sessions.ts';

const vera = person('vera', { roles: ['viewer'] });
const olivia = person('olivia', { roles: ['owner'] });

function worldWith(ended: number, personOf: (place: number) => string, expiresAt = NOW + 1): World {
  const revoked = Array.from({ length: ended }, (_, place) => ({
    session: `s${place}`,
    expires_at: expiresAt,
    person: personOf(place),
  }));
  const setting = {
    tenant: TENANT,
    name: 'sessions' as const,
    value: { revoked },
    tip_seq: 9,
    tip_hash: 'h9',
  };
  return worldOf({ keyed: keyed({ settings: [setting] }) });
}

const revoke = (world: World, by = vera, id = 'new') =>
  revokeSession(world, { type: 'revoke-session', session: { id, expiresAt: NOW + 1 } }, by, NOW);

describe('ended sessions', () => {
  test('of one person are so many, and those of others count for nothing', () => {
    expect(gist(revoke(worldWith(MOST_REVOKED_OF_ONE, () => 'iss vera'))).answer).toBe('overloaded');
    expect(gist(revoke(worldWith(MOST_REVOKED_OF_ONE - 1, () => 'iss vera'))).answer).toBe('ok');
    expect(gist(revoke(worldWith(MOST_REVOKED_OF_ONE, () => 'iss adam'))).answer).toBe('ok');
  });

  test('of all together bind everybody but owners', () => {
    const full = () => worldWith(MOST_REVOKED, (place) => `iss p${place}`);
    expect(gist(revoke(full())).answer).toBe('overloaded');
    expect(gist(revoke(full(), olivia)).answer).toBe('ok');
  });

  test('stay ended when another is, until they would have ended by themselves', () => {
    const world = worldWith(MOST_REVOKED_OF_ONE - 1, () => 'iss vera');
    appendAll(world, revoke(world));
    expect(world.sessions().revoked).toHaveLength(MOST_REVOKED_OF_ONE);
    expect(world.sessions().revoked.at(-1)).toEqual({
      session: 'new',
      expires_at: NOW + 1,
      person: 'iss vera',
    });
    const old = worldWith(MOST_REVOKED_OF_ONE, () => 'iss vera', NOW - KEPT_AFTER_MS);
    appendAll(old, revoke(old));
    expect(old.sessions().revoked).toHaveLength(1);
  });
});
