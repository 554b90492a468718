import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { FakePlane, problem } from '../testing/fake-plane.ts';
import { runCli } from '../testing/run-cli.ts';

/** Stands wherever an answer could hold something that nobody else may see. */
const CANARY = 'canary';
const TOKEN = 'syn_agt_canary0123456789';

let plane: FakePlane;
let folder: string;
let made = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'countersign-support-'));
});
afterAll(() => rm(folder, { recursive: true }));
beforeEach(async () => {
  plane = await FakePlane.start();
});
afterEach(() => plane.stop());

function bundle(...more: string[]) {
  made += 1;
  const file = join(folder, `${made}.json`);
  const ran = runCli(['support', 'bundle', '--output', file, ...more], {
    environment: {
      COUNTERSIGN_URL: plane.url,
      COUNTERSIGN_TOKEN: TOKEN,
      COUNTERSIGN_PROJECT: 'prj_1',
      COUNTERSIGN_CONFIG_DIR: folder,
    },
    now: () => Date.parse('2026-11-21T12:00:00Z'),
  });
  return { file, ran };
}

/** A value with canaries in fields that nobody knows, and in place of those that are known. */
function poisoned<Value extends object>(value: Value): object {
  return { ...value, note: `${CANARY} note`, [`${CANARY}_field`]: { deep: [`${CANARY} value`] } };
}

const FREEZE = 'frz_01M80DAG9H0000016JWT8QKHN8';
const runner = poisoned({
  runner_id: 'billing-1',
  status: 'online',
  runner_version: '0.1.0',
  engines: ['postgres', `${CANARY} engine`],
  source_ids: ['src_billing', TOKEN],
  last_seen_at: '2026-11-21T12:00:00Z',
  active_leases: { jobs: 2, actions: 0, tasks: 0, [`${CANARY}!`]: 3 },
  safe_to_stop: false,
  drained: { name: `${CANARY} name`, reason: `${CANARY} reason`, at: '2026-11-21T12:00:00Z' },
});
const freeze = poisoned({
  freeze_id: FREEZE,
  scope: { kind: 'contract', id: `${CANARY} id` },
  is_stop: true,
  reason: `${CANARY} reason`,
  placed_by_name: `${CANARY} name`,
  placed_at: '2026-11-21T11:59:00Z',
  until: null,
  state: 'in_force',
});
const entry = (seq: number, subject: string, actor: object) =>
  poisoned({
    seq,
    at: '2026-11-21T12:00:00.000Z',
    type: 'proposal.submitted',
    actor,
    subject,
    body: { change_set: { patch: { iban: `${CANARY} iban` } } },
    hash: `sha256:${'a'.repeat(64)}`,
  });

function givenEverything(): void {
  plane.on('GET /v1/control/status', { body: poisoned({ status: 'ok', project_id: 'prj_1' }) });
  plane.on('GET /v1/engine/health', {
    body: poisoned({ status: 'ok', depths: { queued: 3 }, ledger: { seq: 900, hash: CANARY } }),
  });
  plane.on('GET /v1/runners', { body: { runners: [runner, { ...runner, runner_id: `${CANARY} row` }] } });
  plane.on('GET /v1/freezes', { body: { is_stopped: true, freezes: [freeze] } });
  plane.on('GET /v1/limits', {
    body: { limits: [poisoned({ name: 'open_runs', used: 1, limit: 5, counts: `${CANARY} text` })] },
  });
  plane.on('GET /v1/ledger', {
    body: {
      entries: [
        entry(899, `INV-${CANARY}-4711`, { kind: 'person', id: `https://login ${CANARY}@example.com` }),
        entry(900, `member/https://login ${CANARY}@example.com`, { kind: 'agent', id: TOKEN }),
        entry(901, 'wrp_01M80DAG9H0000016JWT8QKHN8', { kind: 'system', id: 'clock' }),
      ],
    },
  });
}

describe('support bundle', () => {
  test('holds what helps, and nothing that anybody wrote or that a row holds', async () => {
    givenEverything();
    const doctor = join(folder, 'doctor.json');
    const checks = [
      poisoned({ where: 'src_billing', outcome: 'failed', what: `${CANARY} column`, sql: `${CANARY} sql` }),
    ];
    await writeFile(doctor, JSON.stringify({ runner_version: '0.1.0', checks }));
    const { file, ran } = bundle('--doctor', doctor);
    const { code, out } = await ran;
    expect(code).toBe(0);
    const text = await readFile(file, 'utf8');
    expect(text.toLowerCase()).not.toContain(CANARY);
    expect(text).not.toContain('syn_');
    expect(text).not.toContain(plane.url);
    expect(out).toMatch(/^runners +2$/m);
    expect(JSON.parse(text).parts).toMatchObject({
      status: { ok: true, data: { project_id: 'prj_1' } },
      health: { ok: true, data: { depths: { queued: 3 }, ledger: { seq: 900, hash: null } } },
      runners: {
        data: [
          {
            runner_id: 'billing-1',
            engines: ['postgres', null],
            source_ids: ['src_billing', null],
            active_leases: { jobs: 2 },
          },
          { runner_id: null },
        ],
      },
      freezes: { data: [{ freeze_id: FREEZE, scope: { kind: 'contract' }, is_stop: true }] },
      limits: { data: [{ name: 'open_runs', used: 1, limit: 5 }] },
      ledger: {
        data: [
          { seq: 899, actor: { kind: 'person' }, subject: { noun: 'proposal', id: null } },
          { seq: 900, actor: { kind: 'agent' }, subject: { noun: 'member', id: null } },
          { seq: 901, subject: { noun: 'proposal', id: 'wrp_01M80DAG9H0000016JWT8QKHN8' } },
        ],
      },
      doctor: { data: { runner_version: '0.1.0', checks: [{ where: 'src_billing', outcome: 'failed' }] } },
    });
    expect(plane.seen.map(({ line }) => line)).toContainEqual(expect.stringMatching(/ledger.*cursor=400/));
  });

  test('leaves out what may not be read, says so, and is for its owner alone', async () => {
    givenEverything();
    plane.on('GET /v1/ledger', problem(403, 'forbidden', `${CANARY} message`));
    const { file, ran } = bundle();
    expect((await ran).out).toMatch(/^ledger +left out: forbidden$/m);
    const text = await readFile(file, 'utf8');
    expect(JSON.parse(text).parts.ledger).toEqual({ ok: false, error_code: 'forbidden' });
    expect(text).not.toContain(CANARY);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
  });

  test('replaces no file, and leaves none where it fails', async () => {
    givenEverything();
    const { file, ran } = bundle('--doctor', join(folder, 'none.json'));
    expect((await ran).code).toBe(1);
    await expect(stat(file)).rejects.toThrow('ENOENT');
    await writeFile(file, 'mine');
    made -= 1;
    expect((await bundle().ran).code).toBe(3);
    expect(await readFile(file, 'utf8')).toBe('mine');
  });
});
