import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { FakePlane, problem } from '../testing/fake-plane.ts';
import { runCli } from '../testing/run-cli.ts';

const P = '/v1/control/projects/prj_1';
const SECRET = 'syn_agt_not_really';

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

/** The command, the route that it asks, its body, what is answered, and what of that is printed. */
interface Asking {
  readonly args: readonly string[];
  readonly route: string;
  readonly query?: string;
  readonly body?: object;
  readonly answer: object;
  readonly prints: string;
}

const askings: readonly Asking[] = [
  {
    args: ['whoami'],
    route: 'GET /v1/control/sessions/self',
    answer: { ok: true, context: { email: 'ada@acme.example', project_id: 'prj_1' } },
    prints: 'ada@acme.example',
  },
  {
    args: ['proposals', 'list', '--status', 'pending_review', '--limit', '2'],
    route: 'GET /v1/proposals',
    query: 'project_id=prj_1&status=pending_review&limit=2',
    answer: { proposals: [{ proposal_id: 'wrp_1', status: 'pending_review', action: 'billing.waive' }] },
    prints: 'billing.waive',
  },
  {
    args: ['proposals', 'explain', 'wrp_1'],
    route: 'GET /v1/proposals/wrp_1',
    answer: { proposal_id: 'wrp_1', status: 'rehearsing', waiting: { why: 'a runner looks', next: 'wait' } },
    prints: 'a runner looks',
  },
  {
    args: ['proposals', 'explain', 'wrp_2'],
    route: 'GET /v1/proposals/wrp_2',
    answer: {
      proposal_id: 'wrp_2',
      status: 'rejected',
      cause: { by: 'rehearsal', message: 'there is no such row', next: 'name a row that is there' },
    },
    prints: 'rejected\nby rule  rehearsal: there is no such row (name a row that is there)\n',
  },
  {
    args: ['proposals', 'propose', 'billing.waive', '--arg', 'id=7', '--arg', 'cents:=7', '--reason', 'r'],
    route: 'POST /v1/proposals',
    body: { capability: 'billing.waive', args: { id: '7', cents: 7 }, reason: 'r' },
    answer: { proposal_id: 'wrp_1', status: 'rehearsing' },
    prints: 'wrp_1  rehearsing',
  },
  {
    args: ['proposals', 'capabilities'],
    route: 'GET /v1/capabilities',
    answer: { capabilities: [{ name: 'billing.waive', description: 'Waive', args: { id: {}, cents: {} } }] },
    prints: 'id, cents',
  },
  {
    args: ['proposals', 'revise', 'wrp_1', '--answer', 'ticket 42', '--arg', 'cents:=3'],
    route: 'POST /v1/proposals/wrp_1/revise',
    body: { answer: 'ticket 42', args: { cents: 3 } },
    answer: { status: 'rehearsing' },
    prints: 'rehearsing',
  },
  {
    args: ['proposals', 'reject', 'wrp_1', '--reason', 'no'],
    route: 'POST /v1/proposals/wrp_1/reject',
    body: { reason: 'no' },
    answer: { status: 'rejected' },
    prints: 'rejected',
  },
  {
    args: ['proposals', 'cancel', 'wrp_1'],
    route: 'POST /v1/proposals/wrp_1/cancel',
    body: {},
    answer: { status: 'canceled' },
    prints: 'canceled',
  },
  {
    args: ['proposals', 'look', 'wrp_1'],
    route: 'POST /v1/proposals/wrp_1/look',
    body: {},
    answer: {},
    prints: 'fresh look',
  },
  {
    args: ['proposals', 'send-back', 'wrp_1', 'Which ticket?'],
    route: 'POST /v1/proposals/wrp_1/send-back',
    body: { question: 'Which ticket?' },
    answer: { status: 'changes_requested' },
    prints: 'changes_requested',
  },
  {
    args: ['contracts', 'list'],
    route: `GET ${P}/agent-contracts`,
    answer: { contracts: [{ contract_id: 'ctr_1', name: 'billing', status: 'active' }] },
    prints: 'billing',
  },
  {
    args: ['contracts', 'show', 'ctr_1'],
    route: `GET ${P}/agent-contracts/ctr_1`,
    answer: {
      contract: { contract_id: 'ctr_1', active_version_id: 'acv_1' },
      versions: [{ contract_version_id: 'acv_2', digest: 'sha256:2' }],
    },
    prints: 'sha256:2',
  },
  {
    args: ['contracts', 'history', 'ctr_1'],
    route: `GET ${P}/agent-contracts/ctr_1`,
    answer: {
      contract: { contract_id: 'ctr_1', active_version_id: 'acv_1' },
      versions: [{ contract_version_id: 'acv_1', version_number: 1, risk_increasing: true }],
    },
    prints: 'permits more',
  },
  {
    args: ['contracts', 'activate', 'ctr_1', 'acv_2', '--reason', 'why'],
    route: `POST ${P}/agent-contracts/ctr_1/versions/acv_2/activate`,
    body: { reason: 'why' },
    answer: { contract: { active_version_id: 'acv_2' } },
    prints: 'acv_2 is in force',
  },
  {
    args: ['contracts', 'rollback', 'ctr_1', 'acv_1'],
    route: `POST ${P}/agent-contracts/ctr_1/versions/acv_1/rollback`,
    body: {},
    answer: { contract: { active_version_id: 'acv_1' } },
    prints: 'acv_1 is in force',
  },
  {
    args: ['policies', 'list'],
    route: 'GET /v1/policies',
    answer: { policies: [{ name: 'small', status: 'draft', policy: { effect: 'ask', applies_to: ['*'] } }] },
    prints: 'ask',
  },
  {
    args: ['policies', 'show', 'small'],
    route: 'GET /v1/policies/small',
    answer: { policy: { name: 'small', when: 'patch.a < 3' } },
    prints: 'patch.a < 3',
  },
  {
    args: ['policies', 'activate', 'small', '--reason', 'why'],
    route: 'POST /v1/policies/small/activate',
    body: { reason: 'why' },
    answer: {},
    prints: 'in force',
  },
  {
    args: ['policies', 'retire', 'small'],
    route: 'POST /v1/policies/small/retire',
    body: {},
    answer: {},
    prints: 'out of force',
  },
  {
    args: ['policies', 'replay', 'small'],
    route: 'GET /v1/policies/small/replay',
    answer: {
      would_approve: [{ proposal_id: 'wrp_1' }, 'wrp_2'],
      of_these_rejected_by_people: [{ proposal_id: 'wrp_2' }],
    },
    prints: 'would have approved 2\n  wrp_1\n  wrp_2\nof these, people rejected 1\n  wrp_2\n',
  },
  {
    args: ['permission-rules', 'show'],
    route: 'GET /v1/permission-rules',
    answer: { rules: [{ name: 'no-bots', effect: 'deny' }], enforced: true },
    prints: 'enforced',
  },
  {
    args: ['permission-rules', 'enforce', '--reason', 'why'],
    route: 'POST /v1/permission-rules/enforcement',
    body: { on: true, reason: 'why' },
    answer: {},
    prints: 'hold now',
  },
  {
    args: ['permission-rules', 'relax', '--reason', 'why'],
    route: 'POST /v1/permission-rules/enforcement',
    body: { on: false, reason: 'why' },
    answer: {},
    prints: 'hold no more',
  },
  {
    args: ['members', 'list'],
    route: 'GET /v1/members',
    answer: { members: [{ person: 'ada@acme.example', name: 'Ada', roles: ['approver'] }] },
    prints: 'ada@acme.example',
  },
  {
    args: ['members', 'roles', 'iss|ada/1', '--role', 'approver', '--approval-role', 'billing_lead'],
    route: 'POST /v1/members/iss%7Cada%2F1/roles',
    body: { roles: ['approver'], approval_roles: ['billing_lead'] },
    answer: {},
    prints: 'approver, billing_lead',
  },
  {
    args: ['members', 'remove', 'ada', '--reason', 'left'],
    route: 'POST /v1/members/ada/remove',
    body: { reason: 'left' },
    answer: {},
    prints: 'no member',
  },
  {
    args: ['invitations', 'list'],
    route: 'GET /v1/invitations',
    answer: { invitations: [{ invitation_id: 'inv_1', name: 'Ada', status: 'open' }] },
    prints: 'inv_1',
  },
  {
    args: ['invitations', 'revoke', 'inv_1'],
    route: 'POST /v1/invitations/inv_1/revoke',
    body: {},
    answer: {},
    prints: 'no more',
  },
  {
    args: ['agents', 'list'],
    route: 'GET /v1/agents',
    answer: { agents: [{ agent_id: 'agt_1', name: 'bot', last_used_at: '2026-11-21T10:00:30Z' }] },
    prints: '2026-11-21 10:00Z',
  },
  {
    args: ['agents', 'revoke', 'agt_1'],
    route: 'POST /v1/agents/agt_1/revoke',
    body: {},
    answer: {},
    prints: 'revoked',
  },
  {
    args: ['services', 'list'],
    route: 'GET /v1/control/api-keys',
    query: 'project_id=prj_1',
    answer: { api_keys: [{ key_id: 'ak_1', scopes: ['contracts:write'], expires_at: 1_800_000_000 }] },
    prints: '2027-01-15 08:00Z',
  },
  {
    args: ['services', 'revoke', 'ak_1'],
    route: 'POST /v1/control/api-keys/revoke',
    body: { project_id: 'prj_1', key_id: 'ak_1' },
    answer: {},
    prints: 'revoked',
  },
  {
    args: ['runner-tokens', 'list'],
    route: `GET ${P}/runner-tokens`,
    answer: { runner_tokens: [{ token_id: 'rnt_1', source_ids: ['src_1'] }] },
    prints: 'src_1',
  },
  {
    args: ['runner-tokens', 'revoke', 'rnt_1'],
    route: `POST ${P}/runner-tokens/rnt_1/revoke`,
    body: {},
    answer: {},
    prints: 'revoked',
  },
  {
    args: ['jobs', 'requeue', 'wbj_1'],
    route: 'POST /v1/jobs/wbj_1/requeue',
    body: {},
    answer: {},
    prints: 'queued again',
  },
  {
    args: ['jobs', 'discard', 'wbj_1'],
    route: 'POST /v1/jobs/wbj_1/discard',
    body: {},
    answer: {},
    prints: 'given up',
  },
  {
    args: ['runners', 'list'],
    route: 'GET /v1/runners',
    answer: { runners: [{ runner_id: 'billing-1', status: 'online' }] },
    prints: 'online',
  },
  {
    args: ['search', 'waiver', 'goodwill', '--kind', 'proposal', '--limit', '5'],
    route: 'GET /v1/search',
    query: 'project_id=prj_1&q=waiver+goodwill&kind=proposal&limit=5',
    answer: { results: [{ kind: 'proposal', handle: 'wrp_1', snippet: 'Waive' }] },
    prints: 'Waive',
  },
  {
    args: ['replay', 'wbj_1'],
    route: 'GET /v1/replay/wbj_1',
    answer: {
      steps: [
        {
          seq: 3,
          at: '2026-11-21T10:00:00Z',
          phase: 'proposed',
          type: 't',
          actor: { kind: 'agent', id: 'a' },
        },
      ],
      integrity: { ok: false },
    },
    prints: 'THE CHAIN DOES NOT HOLD',
  },
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
      const isInPath = asking.route.includes(P);
      expect(seen?.line).toBe(`${asking.route}${isInPath ? '' : `?${asking.query ?? 'project_id=prj_1'}`}`);
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

describe('a secret', () => {
  const issuings = [
    {
      args: [
        'agents',
        'create',
        'bot',
        '--bind',
        'tenant_id=acme',
        '--bind',
        'principal=a=b',
        '--source',
        'src_1',
      ],
      route: 'POST /v1/agents',
      body: { name: 'bot', bindings: { tenant_id: 'acme', principal: 'a=b' }, source_ids: ['src_1'] },
      answer: { agent_token: SECRET, agent: { agent_id: 'agt_1' } },
    },
    {
      args: ['agents', 'rotate', 'agt_1', '--overlap', '60'],
      route: 'POST /v1/agents/agt_1/rotate',
      body: { overlap_seconds: 60 },
      answer: { agent_token: SECRET, agent: { agent_id: 'agt_1' } },
    },
    {
      args: [
        'services',
        'create',
        'ci',
        '--scope',
        'contracts:write',
        '--expires-at',
        '2027-01-15T08:00:00Z',
      ],
      route: 'POST /v1/control/api-keys',
      body: { project_id: 'prj_1', name: 'ci', scopes: ['contracts:write'], expires_at: 1_800_000_000 },
      answer: { token: SECRET, api_key: { key_id: 'ak_1' } },
    },
    {
      args: ['services', 'rotate', 'ak_1'],
      route: 'POST /v1/control/api-keys/rotate',
      body: { project_id: 'prj_1', key_id: 'ak_1' },
      answer: { token: SECRET, api_key: { key_id: 'ak_1' } },
    },
    {
      args: ['runner-tokens', 'create', 'r', '--source', 'src_1'],
      route: `POST ${P}/runner-tokens`,
      body: { name: 'r', source_ids: ['src_1'] },
      answer: { runner_token: SECRET, token: { token_id: 'rnt_1' } },
    },
    {
      args: ['runner-tokens', 'rotate', 'rnt_1'],
      route: `POST ${P}/runner-tokens/rnt_1/rotate`,
      body: {},
      answer: { runner_token: SECRET, token: { token_id: 'rnt_1' } },
    },
    {
      args: ['invitations', 'create', 'Ada', '--role', 'approver', '--days', '2'],
      route: 'POST /v1/invitations',
      body: { name: 'Ada', roles: ['approver'], approval_roles: [], expires_in_seconds: 172_800 },
      answer: { invitation_id: 'inv_1', code: SECRET },
    },
  ];

  test.each(issuings.map((one) => [one.args.slice(0, 2).join(' '), one] as const))(
    'of %s is printed once, alone, or saved for its owner',
    async (_name, { answer, args, body, route }) => {
      plane.on(route, { body: answer });
      const ran = await cli(...args);
      expect(ran).toMatchObject({ code: 0, out: `${SECRET}\n` });
      expect(ran.err).not.toContain(SECRET);
      expect(plane.seen[0]?.body).toEqual(body);

      const path = join(folder, 'secret');
      for (const flags of [[], ['--json']]) {
        const saved = await cli(...args, '--save', path, ...flags);
        expect(saved).toMatchObject({ code: 0, err: '' });
        expect(saved.out).not.toContain(SECRET);
        expect(await readFile(path, 'utf8')).toBe(`${SECRET}\n`);
        expect((await stat(path)).mode & 0o777).toBe(0o600);
        await rm(path);
      }
    },
  );

  test('is not made where it could not be kept, and leaves no file where none was made', async () => {
    const path = await file('taken', {});
    expect(await cli('services', 'rotate', 'ak_1', '--save', path)).toMatchObject({ code: 3, out: '' });
    expect(plane.seen).toEqual([]);
    plane.on('POST /v1/control/api-keys/rotate', problem(403, 'forbidden', 'no'));
    const free = join(folder, 'free');
    expect(await cli('services', 'rotate', 'ak_1', '--save', free)).toMatchObject({ code: 3, out: '' });
    await expect(stat(free)).rejects.toThrow('ENOENT');
  });

  test('such as the code of an invitation comes from stdin, a file or a person, never from an argument', async () => {
    plane.on('POST /v1/invitations/accept', { body: { ok: true } });
    const environment = {
      COUNTERSIGN_URL: plane.url,
      COUNTERSIGN_TOKEN: 't',
      COUNTERSIGN_CONFIG_DIR: folder,
    };
    const path = join(folder, 'code');
    await writeFile(path, 'c-3\n');
    await runCli(['invitations', 'accept'], { environment, input: 'c-1\n' });
    await runCli(['invitations', 'accept'], { environment, typed: 'c-2' });
    await runCli(['invitations', 'accept', '--code-file', path], { environment });
    expect(plane.seen.map(({ body }) => body)).toEqual([{ code: 'c-1' }, { code: 'c-2' }, { code: 'c-3' }]);
    expect(await runCli(['invitations', 'accept', 'c-4'], { environment })).toMatchObject({ code: 2 });
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
    ['a time', ['services', 'create', 'ci', '--scope', 'a', '--expires-at', 'tomorrow']],
  ])('is %s: %j', async (_what, args) => {
    expect(await cli(...args)).toMatchObject({ code: 2, out: '' });
    expect(plane.seen).toEqual([]);
  });
});
