import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { FakePlane, problem } from '../testing/fake-plane.ts';
import { runCli } from '../testing/run-cli.ts';

const SHOWN = `sha256:${'a'.repeat(64)}`;
const OTHER = `sha256:${'b'.repeat(64)}`;

const proposal = {
  proposal_id: 'wrp_1',
  status: 'pending_review',
  proposal_version: 2,
  action: 'billing.waive_late_fee',
  reason: 'goodwill',
  principal: { id: 'ops' },
  proposed_by: { kind: 'agent', id: 'agt_1' },
  change_set: {
    source: { schema: 'public', table: 'invoices', primary_key: { column: 'id', value: 'INV-7' } },
    before: { late_fee_cents: 999, note: null },
    patch: { late_fee_cents: 0, note: '0' },
    after: { late_fee_cents: 0, note: '0' },
    guards: {
      tenant: { column: 'tenant_id', value: 'acme' },
      expected_version: { column: 'version', value: 7 },
    },
  },
  rehearsal: {
    status: 'done',
    before: { late_fee_cents: 500, note: null, status: 'open' },
    after: { late_fee_cents: 0, note: '0', status: 'open' },
    lock_held_ms: 3,
    drift: ['late_fee_cents'],
  },
  bounds: { late_fee_cents: { minimum: 0, maximum: 10_000 } },
  requirements: [{ role: 'billing_lead', approvals: 2, given: 1, by: ['Ada'] }],
  decisions: [{ verdict: 'approved', name: 'Ada', at: '2026-11-21T10:00:00Z', reason: 'fine' }],
  conversation: [{ kind: 'question', name: 'Ada', text: 'Which ticket?' }],
  cause: { by: 'policy:small', message: 'beyond 100 a day' },
  waiting: { why: 'one more billing_lead must approve', next: 'countersign proposals approve wrp_1' },
  effect_digest: SHOWN,
  expires_at: '2026-11-28T10:00:00Z',
  ledger_seq: 12,
};

let plane: FakePlane;
beforeEach(async () => {
  plane = await FakePlane.start();
  plane.on('GET /v1/proposals/wrp_1', { body: proposal });
  plane.on('POST /v1/proposals/wrp_1/approve', { body: { ok: true, status: 'approved' } });
});
afterEach(() => plane.stop());

const cli = (args: readonly string[], more: { typed?: string; isTerminal?: boolean } = {}) =>
  runCli(args, { environment: { COUNTERSIGN_URL: plane.url, COUNTERSIGN_TOKEN: 't' }, ...more });
const decisions = () => plane.seen.filter(({ line }) => line.startsWith('POST'));

describe('showing a proposal', () => {
  test('begins with the effect, as it will be written, and tells all that a decision needs', async () => {
    const { code, out } = await cli(['proposals', 'show', 'wrp_1']);
    expect(code).toBe(0);
    expect(out).toBe(`wrp_1  billing.waive_late_fee
pending_review, version 2

table   public.invoices
row     id = "INV-7"
tenant  tenant_id = "acme"
while   version = 7

COLUMN          BEFORE      AFTER
late_fee_cents  999     ->  0
note            null    ->  "0"

THE ROW HAS CHANGED since this was proposed: late_fee_cents is now 500

bounds     late_fee_cents 0 to 10000
rehearsed  done, lock held 3 ms
asked by   agent agt_1, for ops
reason     goodwill
by rule    policy:small: beyond 100 a day
needs      2 approvals by billing_lead, 1 given (Ada)
decided    approved by Ada, 2026-11-21 10:00Z: fine
question   Ada: Which ticket?
expires    2026-11-28 10:00Z
effect
    ${SHOWN}

waits  one more billing_lead must approve
next   countersign proposals approve wrp_1
`);
    expect(decisions()).toEqual([]);
  });

  test('of what nobody has looked at says so', async () => {
    const asked = {
      ...proposal,
      change_set: null,
      rehearsal: null,
      patch: { note: 'x' },
      scope: { object_id: 'INV-7' },
    };
    plane.on('GET /v1/proposals/wrp_1', { body: asked });
    const { out } = await cli(['proposals', 'show', 'wrp_1']);
    expect(out).toContain('row  INV-7\n');
    expect(out).toContain('note    (not known)  ->  "x"\nnobody has looked at the row');
  });

  test('takes the bounds from the contract version that binds it, where that may be read', async () => {
    const contract = { contract_id: 'ctr_1', contract_version_id: 'acv_1' };
    plane.on('GET /v1/proposals/wrp_1', {
      body: { ...proposal, bounds: undefined, contract, project_id: 'prj_1' },
    });
    expect((await cli(['proposals', 'show', 'wrp_1'])).out).not.toContain('bounds');
    const numeric_bounds = { late_fee_cents: { maximum: 9 } };
    const capabilities = [{ name: 'billing.waive_late_fee', proposal: { numeric_bounds } }];
    plane.on('GET /v1/control/projects/prj_1/agent-contracts/ctr_1/versions/acv_1', {
      body: { version: { contract_version_id: 'acv_1', digest: 'sha256:1', contract: { capabilities } } },
    });
    expect((await cli(['proposals', 'show', 'wrp_1'])).out).toContain('bounds     late_fee_cents - to 9\n');
  });

  test('keeps what an agent wrote from passing for something else', async () => {
    const hostile = '\u001b[1A\u001b[2K0 \u202eerom';
    const after = { ...proposal.rehearsal.after, note: hostile };
    const body = { ...proposal, reason: hostile, rehearsal: { ...proposal.rehearsal, after } };
    plane.on('GET /v1/proposals/wrp_1', { body });
    const { out } = await cli(['proposals', 'show', 'wrp_1'], { isTerminal: false });
    expect(out).not.toMatch(/[\u001b\u202e]/);
    expect(out.match(/\\u\{202e\}/g)).toHaveLength(2);
  });

  test('is colored for a terminal, unless it is told not to be', async () => {
    expect((await cli(['proposals', 'show', 'wrp_1'], { isTerminal: true })).out).toContain('\u001b[1m');
    const environment = { COUNTERSIGN_URL: plane.url, COUNTERSIGN_TOKEN: 't', NO_COLOR: '1' };
    const plain = await runCli(['proposals', 'show', 'wrp_1'], { environment, isTerminal: true });
    expect(plain.out).not.toContain('\u001b');
  });

  test('survives members of other forms than it knows', async () => {
    const body = {
      ...proposal,
      requirements: 'soon',
      rehearsal: 7,
      waiting: [],
      change_set: null,
      bounds: 'none',
    };
    plane.on('GET /v1/proposals/wrp_1', { body });
    expect(await cli(['proposals', 'show', 'wrp_1'])).toMatchObject({ code: 0 });
  });
});

describe('approving', () => {
  test('shows first, asks, and binds the decision to what was shown', async () => {
    const ran = await cli(['proposals', 'approve', 'wrp_1', '--reason', 'ok'], { typed: 'approve' });
    expect(ran).toMatchObject({ code: 0 });
    expect(ran.out).toContain('late_fee_cents  999     ->  0');
    expect(ran.out).toMatch(/\napproved\n$/);
    expect(ran.err).toContain('Type approve to approve wrp_1');
    expect(plane.seen.map(({ line }) => line)).toEqual([
      'GET /v1/proposals/wrp_1',
      'POST /v1/proposals/wrp_1/approve',
    ]);
    expect(decisions()[0]).toMatchObject({
      body: { effect_digest: SHOWN, reason: 'ok' },
      idempotencyKey: expect.stringMatching(/^[\w-]{36}$/),
    });
  });

  test.each([['no'], [''], ['APPROVE?'], ['y']])('is not done by typing %j', async (typed) => {
    expect(await cli(['proposals', 'approve', 'wrp_1'], { typed })).toMatchObject({ code: 1 });
    expect(decisions()).toEqual([]);
  });

  test('is not done where nobody can be asked, without --yes', async () => {
    const ran = await cli(['proposals', 'approve', 'wrp_1']);
    expect(ran).toMatchObject({ code: 2 });
    expect(ran.out).toContain('late_fee_cents');
    expect(decisions()).toEqual([]);
  });

  test('with --yes still shows; with --json on stderr', async () => {
    expect((await cli(['proposals', 'approve', 'wrp_1', '--yes'])).out).toContain('late_fee_cents  999');
    const ran = await cli(['proposals', 'approve', 'wrp_1', '--yes', '--json']);
    expect(JSON.parse(ran.out)).toEqual({ ok: true, status: 'approved' });
    expect(ran.err).toContain('late_fee_cents  999');
    expect(decisions()).toHaveLength(2);
  });

  test('goes on only if the effect is the one that was looked at before', async () => {
    const ask = ['proposals', 'approve', 'wrp_1', '--yes', '--effect'];
    expect(await cli([...ask, OTHER])).toMatchObject({ code: 4 });
    expect(decisions()).toEqual([]);
    expect(await cli([...ask, SHOWN])).toMatchObject({ code: 0 });
  });

  test('of what nobody has looked at is not done', async () => {
    plane.on('GET /v1/proposals/wrp_1', { body: { ...proposal, effect_digest: null } });
    const ran = await cli(['proposals', 'approve', 'wrp_1', '--yes']);
    expect(ran).toMatchObject({ code: 4 });
    expect(ran.err).toContain('countersign proposals look wrp_1');
    expect(decisions()).toEqual([]);
  });

  test('of what changed meanwhile is a conflict', async () => {
    plane.on(
      'POST /v1/proposals/wrp_1/approve',
      problem(409, 'decision_outdated', 'it has changed', { next: 'look again' }),
    );
    const ran = await cli(['proposals', 'approve', 'wrp_1', '--yes']);
    expect(ran).toMatchObject({
      code: 4,
      err: 'it has changed (decision_outdated)\n  next: look again\n  request: req_1\n',
    });
  });
});

describe('waiting for a proposal', () => {
  const at = (status: string, ledger_seq: number) => ({ body: { proposal_id: 'wrp_1', status, ledger_seq } });

  test('goes on until it has ended, from where it was', async () => {
    plane.on('GET /v1/proposals/wrp_1', at('pending_review', 3), at('approved', 5), at('applied', 9));
    expect(await cli(['proposals', 'wait', 'wrp_1'])).toMatchObject({ code: 0, out: 'applied\n' });
    expect(plane.seen.map(({ line }) => line)).toEqual([
      'GET /v1/proposals/wrp_1',
      'GET /v1/proposals/wrp_1?wait_seconds=25&after=3',
      'GET /v1/proposals/wrp_1?wait_seconds=25&after=5',
    ]);
  });

  test('ends well where it should, and else not', async () => {
    plane.on('GET /v1/proposals/wrp_1', at('approved', 3));
    expect(await cli(['proposals', 'wait', 'wrp_1', '--until', 'approved'])).toMatchObject({ code: 0 });
    expect(await cli(['proposals', 'wait', 'wrp_1', '--timeout', '0'])).toMatchObject({ code: 1 });
    plane.on('GET /v1/proposals/wrp_1', at('conflict', 3));
    expect(await cli(['proposals', 'wait', 'wrp_1'])).toMatchObject({ code: 1, out: 'conflict\n' });
  });
});
