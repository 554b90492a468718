import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Asking, P } from '../testing/asking.ts';
import { acting } from '../testing/askings-acting.ts';
import { keepingBackups } from '../testing/askings-backups.ts';
import { credentials } from '../testing/askings-credentials.ts';
import { deciding } from '../testing/askings-deciding.ts';
import { steeringFleet } from '../testing/askings-fleet.ts';
import { governing } from '../testing/askings-governing.ts';
import { provisioning } from '../testing/askings-provisioning.ts';
import { running } from '../testing/askings-running.ts';
import { steering } from '../testing/askings-steering.ts';
import { FakePlane } from '../testing/fake-plane.ts';
import { runCli } from '../testing/run-cli.ts';

let plane: FakePlane;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'countersign-cli-'));
});
afterAll(() => rm(folder, { recursive: true }));
beforeEach(async () => {
  plane = await FakePlane.start();
});
afterEach(() => plane.stop());

const cli = (...args: string[]) =>
  runCli(args, {
    environment: {
      COUNTERSIGN_URL: plane.url,
      COUNTERSIGN_TOKEN: 'token-of-ada',
      COUNTERSIGN_PROJECT: 'prj_1',
      COUNTERSIGN_CONFIG_DIR: folder,
    },
  });

async function file(name: string, content: unknown): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, JSON.stringify(content));
  return path;
}

const policy = {
  name: 'small',
  applies_to: ['*'],
  when: 'true',
  effect: 'ask',
  requires: { approvals: 2 },
};

const askings: readonly Asking[] = [
  ...acting,
  ...running,
  ...steering,
  ...steeringFleet,
  ...keepingBackups,
  ...deciding,
  ...governing,
  ...credentials,
  ...provisioning,
];

describe('a command asks what it should, and prints what came', () => {
  test.each(askings.map((asking) => [asking.args.join(' '), asking] as const))(
    '%s',
    async (_name, asking) => {
      plane.on(asking.route, { body: asking.answer });
      const ran = await cli(...asking.args);
      expect(ran).toMatchObject({ code: 0 });
      expect(ran.out).toContain(asking.prints);
      const [seen] = plane.seen;
      const query = asking.query ?? (asking.route.includes(P) ? '' : 'project_id=prj_1');
      expect(seen?.line).toBe(`${asking.route}${query === '' ? '' : `?${query}`}`);
      expect(seen?.body).toEqual(asking.body);
      expect(seen?.token).toBe('token-of-ada');
      expect(seen?.idempotencyKey !== undefined).toBe(asking.route.startsWith('POST'));
      expect(plane.seen).toHaveLength(1);
    },
  );

  test.each(askings.map((asking) => [asking.args.join(' '), asking] as const))(
    '%s --json',
    async (_name, asking) => {
      plane.on(asking.route, { body: asking.answer });
      const { code, out } = await cli(...asking.args, '--json');
      expect(code).toBe(0);
      expect(() => JSON.parse(out)).not.toThrow();
    },
  );
});

test('status tells how the control plane and its queues are', async () => {
  plane.on('GET /v1/control/status', { body: { ok: true, status: 'ok' } });
  plane.on('GET /v1/engine/health', { body: { ok: true, depths: { pending_review: 3 } } });
  const { code, out } = await cli('status');
  expect(code).toBe(0);
  expect(out).toMatch(/^depths pending review +3$/m);
  expect(JSON.parse((await cli('status', '--json')).out)).toMatchObject({
    engine: { depths: { pending_review: 3 } },
  });
});

describe('files', () => {
  test('a policy is sent as it is, once its form holds', async () => {
    plane.on('POST /v1/policies', { body: { ok: true } });
    expect(await cli('policies', 'save', await file('policy.json', policy))).toMatchObject({ code: 0 });
    expect(plane.seen[0]?.body).toEqual({ policy });
    const wrong = await cli('policies', 'save', await file('wrong.json', { ...policy, effect: 'approve' }));
    expect(wrong).toMatchObject({ code: 1 });
    expect(wrong.out).toContain('$.limits');
    expect(plane.seen).toHaveLength(1);
  });

  test('a policy is looked at offline', async () => {
    expect((await cli('policies', 'test', '--offline', await file('policy.json', policy))).out).toContain(
      'well formed',
    );
    expect(await cli('policies', 'test', await file('wrong.json', { ...policy, efect: 1 }))).toMatchObject({
      code: 1,
    });
    expect(plane.seen).toEqual([]);
  });

  test('rules are saved from a list, or from what show gave', async () => {
    plane.on('POST /v1/permission-rules', { body: { ok: true } });
    const rules = [{ name: 'a' }];
    for (const content of [rules, { rules, enforced: true }])
      expect(await cli('permission-rules', 'save', await file('rules.json', content))).toMatchObject({
        code: 0,
      });
    expect(plane.seen.map(({ body }) => body)).toEqual([{ rules }, { rules }]);
    expect(await cli('permission-rules', 'save', await file('rules.json', { rules: 1 }))).toMatchObject({
      code: 2,
    });
  });

  test('claims are saved from a list, or from what show gave', async () => {
    const mappings = [{ issuer: 'https://i', value: 'leads', roles: ['approver'], approval_roles: [] }];
    plane.on('POST /v1/control/claims-mapping', { body: { ok: true, mappings } });
    for (const content of [mappings, { ok: true, mappings }])
      expect(await cli('claims', 'save', await file('claims.json', content))).toMatchObject({
        code: 0,
        out: '1 mapping is saved\n',
      });
    expect(plane.seen.map(({ body }) => body)).toEqual([{ mappings }, { mappings }]);
    expect(await cli('claims', 'save', await file('claims.json', { mappings: {} }))).toMatchObject({
      code: 2,
    });
  });

  test('arguments come from a file too, and --arg goes before', async () => {
    plane.on('POST /v1/proposals', { body: { proposal_id: 'wrp_1', status: 'rehearsing' } });
    const args = await file('args.json', { id: '7', cents: 1 });
    await cli('proposals', 'propose', 'b.w', '--args', args, '--arg', 'cents:=2');
    expect(plane.seen[0]?.body).toEqual({ capability: 'b.w', args: { id: '7', cents: 2 } });
  });

  test('that are not there, or hold something else, are told', async () => {
    expect(await cli('policies', 'save', join(folder, 'none.json'))).toMatchObject({ code: 1, out: '' });
    await writeFile(join(folder, 'broken.json'), '{');
    expect((await cli('policies', 'save', join(folder, 'broken.json'))).err).toContain('is not JSON');
  });
});

describe('a list', () => {
  test('says how to go on, and what is hostile in it is harmless', async () => {
    plane.on('GET /v1/runners', {
      body: { runners: [{ runner_id: '\u001b[2J', status: 'on\u202eline' }], next_cursor: 'c.1' },
    });
    const { err, out } = await cli('runners', 'list');
    expect(err).toBe('more: --cursor c.1\n');
    expect(out).toContain('\\u{1b}[2J');
    expect(out).toContain('\\u{202e}');
    expect(out).not.toMatch(/[\u001b\u202e]/);
  });

  test('of nothing says so', async () => {
    plane.on('GET /v1/runners', { body: { runners: [] } });
    expect((await cli('runners', 'list')).out).toBe('nothing\n');
  });
});

describe('what a command cannot do without', () => {
  test.each([
    ['a reason', ['proposals', 'reject', 'wrp_1']],
    ['a reason', ['permission-rules', 'enforce']],
    ['an answer or arguments', ['proposals', 'revise', 'wrp_1']],
    ['a role', ['members', 'roles', 'ada']],
    ['a scope', ['services', 'create', 'ci']],
    ['a source', ['agents', 'create', 'bot']],
    ['a binding that can be read', ['agents', 'create', 'bot', '--source', 's', '--bind', 'x']],
    ['an argument that can be read', ['proposals', 'propose', 'a.b', '--arg', 'x']],
    ['JSON after :=', ['proposals', 'propose', 'a.b', '--arg', 'x:=y']],
    ['a number', ['runners', 'list', '--limit', 'ten']],
    ['a reason', ['fleet', 'stop']],
    ['a reason', ['fleet', 'freeze', 'project']],
    ['a reason', ['fleet', 'lift', 'frz_1', '--yes']],
    ['a scope that there is', ['fleet', 'freeze', 'table', 't', '--reason', 'r']],
    ['what it is that is frozen', ['fleet', 'freeze', 'source', '--reason', 'r']],
    ['no more than the project', ['fleet', 'freeze', 'project', 'prj_1', '--reason', 'r']],
    ['one end', ['fleet', 'freeze', 'project', '--reason', 'r', '--for', '1h', '--until', '2099-01-01']],
    ['an end that can be read', ['fleet', 'freeze', 'project', '--reason', 'r', '--until', 'soon']],
    ['something to wait for', ['fleet', 'drain', 'r', '--undo', '--wait']],
    ['something to wait for', ['fleet', 'drain', 'r', '--timeout', '3']],
    ['a reason', ['backup', 'restore', 'snp_1', '--yes']],
    ['a folder', ['backup', 'fetch', 'snp_1']],
    ['a snapshot or a folder', ['backup', 'verify']],
    ['no more than one of them', ['backup', 'verify', 'snp_1', '--from', '.']],
    ['keys of a folder alone', ['backup', 'verify', 'snp_1', '--keys', 'k']],
    ['a state that there is', ['runs', 'list', '--state', 'ended']],
    ['an outcome', ['runs', 'finish', 'run_1', '--outcome', 'canceled']],
    ['what a runner may touch', ['runner-tokens', 'create', 'west']],
    ['a kind that there is', ['registry', 'retire', 'routes', 'all']],
    ['two versions', ['registry', 'diff', 'route', 'all', '1']],
    ['a version that is a number', ['registry', 'activate', 'route', 'all', '--version', 'new']],
    ['a description', ['registry', 'save', 'skill', 'tone', 'tone.md']],
    ['no description', ['registry', 'save', 'prompt', 'p', 'p.md', '--description', 'x']],
    ['one standard input', ['runs', 'submit', 'review', '--input', '-', '--token-file', '-']],
    ['a time', ['services', 'create', 'ci', '--scope', 'a', '--expires-at', 'tomorrow']],
  ])('is %s: %j', async (_what, args) => {
    expect(await cli(...args)).toMatchObject({ code: 2, out: '' });
    expect(plane.seen).toEqual([]);
  });
});
