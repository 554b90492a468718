import { Buffer } from 'node:buffer';
import { describe, expect, test } from 'vitest';
// biome-ignore lint/plugin: the servers that tests start are shared by all packages and stand outside them
import { SPEC } from '../../../test/support/fly-samples.ts';
import { digestOf, machineConfig, tellsSecret } from './machine-config.ts';

test('a machine is what the spec says, closed to the outside, and bears its marks', () => {
  expect(machineConfig(SPEC, 'prj_acme')).toEqual({
    image: SPEC.image,
    guest: { cpu_kind: 'shared', cpus: 1, memory_mb: 512 },
    env: { LOG_LEVEL: 'info' },
    files: [
      {
        guest_path: '/etc/countersign/runner.json',
        raw_value: Buffer.from(SPEC.configuration).toString('base64'),
        mode: 0o444,
      },
    ],
    restart: { policy: 'always' },
    auto_destroy: false,
    stop_config: { signal: 'SIGTERM', timeout: '30s' },
    checks: {
      alive: expect.objectContaining({ type: 'http', port: 9464, path: '/healthz' }),
      ready: expect.objectContaining({ type: 'http', port: 9464, path: '/readyz' }),
    },
    metadata: {
      countersign_tenant: 'prj_acme',
      countersign_purpose: 'runner',
      countersign_spec: digestOf(SPEC),
    },
  });
});

describe('a machine has another spec', () => {
  test.each([
    { image: 'registry.example/other' },
    { environment: {} },
    { configuration: '{}' },
    { healthPort: 1 },
    { secretsVersion: 2 },
    { size: { ...SPEC.size, memoryMb: 1_024 } },
  ])('after %j', (changed) => {
    expect(digestOf({ ...SPEC, ...changed })).not.toBe(digestOf(SPEC));
  });

  test('but not after another region: it cannot be moved', () => {
    expect(digestOf({ ...SPEC, region: 'ams' })).toBe(digestOf(SPEC));
  });
});

test('a token of ours is found where it must not stand', () => {
  expect(tellsSecret(SPEC)).toBe(false);
  expect(tellsSecret({ ...SPEC, environment: { TOKEN: 'syn_run_prj_acme.x' } })).toBe(true);
  expect(tellsSecret({ ...SPEC, configuration: '{"token":"syn_run_prj_acme.x"}' })).toBe(true);
});
