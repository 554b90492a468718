import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { finding } from '@countersign/protocol/doctor-report';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { FakePlane, problem } from '../testing/fake-plane.ts';
import { runCli } from '../testing/run-cli.ts';

const NOW = Date.parse('2026-11-22T12:00:00Z');
const SELF = 'GET /v1/control/sessions/self';
const DOCTOR = 'GET /v1/engine/doctor';

let plane: FakePlane;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'countersign-doctor-'));
});
afterAll(() => rm(folder, { recursive: true }));
beforeEach(async () => {
  plane = await FakePlane.start();
  plane.on('GET /health', { body: { ok: true, status: 'ok' } });
  plane.on(SELF, { body: { ok: true, context: { kind: 'person', name: 'Otto', expires_at: inHours(1) } } });
  plane.on(DOCTOR, { body: report() });
});
afterEach(() => plane.stop());

function inHours(hours: number): string {
  return new Date(NOW + hours * 3_600_000).toISOString();
}

const report = (findings: readonly object[] = [], serverTime = inHours(0)) => ({
  ok: true,
  server_time: serverTime,
  findings,
});
const doctor = (args: readonly string[] = [], url = plane.url) =>
  runCli(['doctor', ...args], {
    environment: { COUNTERSIGN_URL: url, COUNTERSIGN_TOKEN: 'token-of-otto', COUNTERSIGN_CONFIG_DIR: folder },
    now: () => NOW,
  });

const codesOf = (out: string) =>
  Object(JSON.parse(out)).findings.map(({ code }: { readonly code: string }) => code);

describe('doctor', () => {
  test('says what is well, and asks for health without a credential', async () => {
    const { code, out } = await doctor();
    expect(code).toBe(0);
    expect(out).toMatch(
      /^✓ control plane: .* answers, without leaving this machine\n✓ credential: person Otto; it ends in 1h\n✓ clock/,
    );
    expect(plane.seen.map(({ line, token }) => [line.split('?')[0], token])).toEqual([
      ['GET /health', undefined],
      [SELF, 'token-of-otto'],
      [DOCTOR, 'token-of-otto'],
    ]);
  });

  test.each([
    ['failed', finding('migrations_missing', 'database DB', 'it lacks 0008.sql', 'wrangler d1'), 3],
    ['unreachable', finding('issuer_unreachable', 'issuer', 'no keys', 'let it answer'), 5],
    ['warning', finding('storage_near_limit', 'database DB', '8.5 GB', 'make room'), 0],
  ])('shows what the control plane found, and what to do: %s', async (_outcome, found, code) => {
    plane.on(DOCTOR, { body: report([found]) });
    const ran = await doctor();
    expect(ran.code).toBe(code);
    expect(ran.out).toContain(`${found.where}: ${found.message}\n  fix: ${found.fix}\n`);
    const { out } = await doctor(['--json']);
    expect(JSON.parse(out)).toMatchObject({ ok: code === 0, findings: expect.arrayContaining([found]) });
  });

  test('writes out what a terminal would obey', async () => {
    plane.on(DOCTOR, { body: report([finding('no_issuers', 'a\u001b[2J', 'b')]) });
    expect((await doctor()).out).toContain('! a\\u{1b}[2J: b');
  });

  test.each([
    [60, 'clock_differs'],
    [-60, 'clock_differs'],
    [2, 'clock_agrees'],
  ])('compares clocks: %i s', async (seconds, code) => {
    plane.on(DOCTOR, { body: report([], new Date(NOW + seconds * 1_000).toISOString()) });
    expect(codesOf((await doctor(['--json'])).out)).toContain(code);
  });

  test('tells of a credential of a machine that ends soon', async () => {
    for (const [hours, code] of [
      [2, 'credential_ends'],
      [48, 'credential_valid'],
    ] as const) {
      const context = { kind: 'service', name: 'ci', expires_at: inHours(hours) };
      plane.on(SELF, { body: { ok: true, context } });
      expect(codesOf((await doctor(['--json'])).out)).toContain(code);
    }
  });

  test('goes no further than a credential that is not taken', async () => {
    plane.on(SELF, problem(401, 'token_revoked', 'the token was revoked', { retryable: false }));
    const { code, out } = await doctor(['--json']);
    expect(code).toBe(3);
    expect(codesOf(out)).toEqual(['plane_reachable', 'credential_refused']);
    expect(out).not.toContain('token-of-otto');
  });

  test('says which setting is wrong, as the control plane does', async () => {
    plane.on(SELF, problem(503, 'misconfigured', 'the setting ISSUERS is missing', { retryable: true }));
    const { code, out } = await doctor();
    expect(code).toBe(3);
    expect(out).toContain('gateway: the setting ISSUERS is missing\n  fix: ');
  });

  test('says what could not be looked at with this credential', async () => {
    plane.on(DOCTOR, problem(403, 'forbidden', 'no', { retryable: false }));
    const { code, out } = await doctor(['--json']);
    expect(code).toBe(0);
    expect(codesOf(out)).toEqual(['plane_reachable', 'credential_valid', 'not_for_this_credential']);
  });

  test('of what does not answer ends with 5', async () => {
    const { code, out } = await doctor(['--json'], 'http://127.0.0.1:1');
    expect(code).toBe(5);
    expect(codesOf(out)).toEqual(['plane_unreachable']);
    plane.on('GET /health', { body: '<html>a proxy</html>' });
    expect((await doctor()).code).toBe(5);
  });
});

describe('doctor of a plane on this machine', () => {
  async function configured(name: string, more: object = {}): Promise<string> {
    const config = join(folder, `${name}.json`);
    await writeFile(config, JSON.stringify({ store: `${name}-store`, issuers: [], ...more }));
    return config;
  }
  const local = async (config: string, ...args: string[]) =>
    runCli(['doctor', '--config', config, ...args], { environment: {} });

  test('that does not run says so, and makes nothing', async () => {
    const { code, out } = await local(await configured('idle'), '--json');
    expect(code).toBe(3);
    expect(codesOf(out)).toEqual(['plane_stopped', 'no_issuers']);
  });

  test('finds keys that others can read, issuers that are away, and a folder of copies that is not there', async () => {
    await mkdir(join(folder, 'ill-store'), { mode: 0o700 });
    await writeFile(join(folder, 'open-keys'), 'k'.repeat(40), { mode: 0o644 });
    const issuer = { issuer: 'http://127.0.0.1:1', audience: 'a', jwks_uri: 'http://127.0.0.1:1/jwks' };
    const secrets = { token_mac_keys: { file: 'open-keys' } };
    const config = await configured('ill', { issuers: [issuer], secrets, backups: { folder: 'nowhere' } });
    const { code, out } = await local(config, '--json');
    expect(code).toBe(3);
    expect(codesOf(out)).toEqual([
      'plane_stopped',
      'settings_wrong',
      'issuer_unreachable',
      expect.stringMatching(/^storage_/),
      'store_unusable',
    ]);
    expect(out).not.toContain('kkkk');
  });

  test('with a configuration that is wrong is usage', async () => {
    expect(await local(await configured('wrong', { port: 1 }))).toMatchObject({ code: 2, out: '' });
  });
});
