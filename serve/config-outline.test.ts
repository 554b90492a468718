import { expect, test } from 'vitest';
import { configOutline } from './config-outline.ts';
import { serveConfigSchema } from './serve-config.ts';

test('the outline of a configuration says how it is set, and no name, path or address', () => {
  const config = serveConfigSchema.parse({
    listen: { host: '10.1.2.3', port: 9_000, behind_tls_proxy: true },
    store: '/canary/store',
    issuers: [
      {
        issuer: 'https://canary.example.com',
        audience: 'canary',
        jwks_uri: 'https://canary.example.com/jwks',
        algorithms: ['ES256'],
        roles_claim: 'canary',
      },
    ],
    secrets: { token_mac_keys: { env: 'CANARY' } },
    backups: { folder: '/canary/backups' },
    default_project: 'canary',
    log: '/canary/log',
    limits: { everywhere: { open_runs: 5 }, projects: { canary: { open_runs: 6 } } },
  });
  const outline = configOutline(config);
  expect(JSON.stringify(outline).toLowerCase()).not.toMatch(/canary|10\.1/);
  expect(outline).toEqual({
    listen: { is_loopback: false, port: 9_000, behind_tls_proxy: true },
    issuers: [{ algorithms: ['ES256'], has_roles_claim: true }],
    token_mac_keys: 'env',
    has_backups: true,
    has_default_project: true,
    has_log: true,
    limits: { everywhere: { open_runs: 5 }, projects_with_their_own: 1 },
  });
});
