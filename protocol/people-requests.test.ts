import { describe, expect, test } from 'vitest';
import { createAgentSchema, createApiKeySchema } from './credential-requests.ts';
import {
  inviteSchema,
  personSchema,
  saveClaimsMappingSchema,
  setRolesSchema,
  shownNameSchema,
} from './people-requests.ts';

describe('a name that is shown', () => {
  test.each(['Ann', 'Zoë', '李雷', 'Ann (on call) #2', 'x'.repeat(200)])('may be %s', (name) => {
    expect(shownNameSchema.safeParse(name).success).toBe(true);
  });

  test.each([
    ['empty', ''],
    ['overlong', 'x'.repeat(201)],
    ['with blanks around it', ' Ann'],
    ['with a line break', 'Ann\nadmin'],
    ['turned around', 'nimda\u202E'],
    ['with a joiner that nobody sees', 'An\u200Dn'],
    ['with a mark of byte order', '\uFEFFAnn'],
    ['in another spelling of the same', 'Zoe\u0308'],
    ['of private characters', '\uE000'],
  ])('may not be %s', (_name, name) => {
    expect(shownNameSchema.safeParse(name).success).toBe(false);
  });
});

describe('a person', () => {
  test.each([
    ['https://issuer.example/a 248289761001', true],
    ['https://issuer.example/a auth0|ünï', true],
    ['https://issuer.example/a', false],
    ['https://issuer.example/a b c', false],
    ['https://issuer.example/a b\u0000', false],
    ['https://issuer.example/a b\tc', false],
    ['https://issuer.example/a b\uD800', false],
    [' subject', false],
    [`https://a.example ${'x'.repeat(256)}`, false],
  ])('%s: %s', (person, isOne) => {
    expect(personSchema.safeParse(person).success).toBe(isOne);
  });
});

describe('requests', () => {
  test('of an invitation count for a week unless they say otherwise', () => {
    const wanted = { name: 'Ann', roles: ['viewer'] };
    expect(inviteSchema.parse(wanted)).toMatchObject({ expires_in_seconds: 604_800, approval_roles: [] });
    for (const expires_in_seconds of [59, 2_592_001, 60.5]) {
      expect(inviteSchema.safeParse({ ...wanted, expires_in_seconds }).success).toBe(false);
    }
  });

  test('name a role, each once', () => {
    for (const roles of [[], ['viewer', 'viewer']]) {
      expect(setRolesSchema.safeParse({ roles }).success).toBe(false);
    }
  });

  test('map a value of an issuer once', () => {
    const mapping = { issuer: 'https://a.example', value: 'x', roles: ['viewer'] };
    expect(saveClaimsMappingSchema.safeParse({ mappings: [mapping] }).success).toBe(true);
    const twice = [mapping, { ...mapping, roles: ['admin'] }];
    expect(saveClaimsMappingSchema.safeParse({ mappings: twice }).success).toBe(false);
  });

  test.each([1_900_000_000, '2030-01-31T12:00:00Z'])('take the end %s of a credential', (expires_at) => {
    const key = { name: 'Key', scopes: ['project:read'], expires_at };
    expect(createApiKeySchema.parse(key).expires_at).toBe(expires_at);
  });

  test.each([0, 1.5, 1_900_000_000_000, '2030-01-31', 'soon', null])(
    'do not take the end %s',
    (expires_at) => {
      const key = { name: 'Key', scopes: ['project:read'], expires_at };
      expect(createApiKeySchema.safeParse(key).success).toBe(false);
    },
  );

  test('of an agent say for whom it acts', () => {
    const agent = { name: 'Agent', source_ids: ['src_a'] };
    const bound = (bindings: unknown) => createAgentSchema.safeParse({ ...agent, bindings }).success;
    expect(bound({ tenant_id: 'a', principal: 'b', region: 'eu' })).toBe(true);
    expect(bound({ tenant_id: 'a' })).toBe(false);
    expect(bound({ tenant_id: 'a', principal: 'b', 'no name': 'c' })).toBe(false);
    const many = Object.fromEntries(Array.from({ length: 19 }, (_, place) => [`b${place}`, 'x']));
    expect(bound({ tenant_id: 'a', principal: 'b', ...many })).toBe(false);
  });
});
