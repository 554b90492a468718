import type { ExportVerdict } from '@countersign/protocol/verify-export';
import { verifyExport } from '@countersign/protocol/verify-export';
import { beforeAll, describe, expect, test } from 'vitest';
import { proposal, SOURCE } from '../../support/change-set.ts';
import { eventually } from '../../support/eventually.ts';
import { expectProblem } from '../../support/expect-problem.ts';
import {
  approve,
  claimOne,
  claimRehearsals,
  propose,
  RUNNER,
  read,
  report,
  reportRehearsal,
  request,
  requestAndRehearse,
} from '../../support/flow.ts';
import type { WireBody } from '../../support/http.ts';
import { must } from '../../support/must.ts';
import { type SharedPlane, sharedPlane } from '../../support/shared-planes.ts';
import type { Client, TestTenant } from '../../support/tenant.ts';

let plane: SharedPlane;
beforeAll(async () => {
  plane = await sharedPlane();
}, 60_000);

async function* linesOf(text: string): AsyncGenerator<string> {
  yield* text.split('\n').filter((line) => line !== '');
}

const verdictOn = (text: string): Promise<ExportVerdict> => verifyExport(linesOf(text));

const RECEIPT = `sha256:${'7'.repeat(64)}`;

function record(client: Client, changes: object) {
  return client.post('/v1/runner/activity', {
    schema_version: 'synapsor.runner-activity.v1',
    event_id: 'evt-1',
    event_type: 'evidence.recorded',
    runner_id: RUNNER,
    source_id: SOURCE,
    ...changes,
  });
}

/** An agent's proposal that was rehearsed, backed by evidence, approved and applied. */
async function applied(tenant: TestTenant) {
  const proposalId = await request(tenant.agent, {}, { reason: 'goodwill towards zanzibar' });
  const [rehearsal] = await claimRehearsals(tenant.runner);
  if (rehearsal === undefined) throw new TypeError('it is to be rehearsed');
  must(await reportRehearsal(tenant.runner, rehearsal));
  must(
    await record(tenant.runner, {
      proposal_id: proposalId,
      event_id: 'evidence:1',
      evidence_ids: ['evb_77'],
      detail: {
        bundle_digest: `sha256:${'e'.repeat(64)}`,
        query_fingerprint: 'qf_lateness',
        excerpt: { status: 'quagmire' },
      },
    }),
  );
  must(
    await record(tenant.runner, {
      proposal_id: proposalId,
      event_id: 'query-audit:1',
      event_type: 'query_audit.recorded',
      query_audit_ids: ['qa_5'],
      detail: { query_fingerprints: ['qf_lateness', 'qf_total'] },
    }),
  );
  const { effect_digest } = await read(tenant.ada, proposalId);
  const decision = { reason: 'reviewed with perseverance', effect_digest };
  must(await tenant.ada.post(`/v1/proposals/${proposalId}/approve`, decision));
  const job = await claimOne(tenant.runner);
  must(await report(tenant.runner, job, { result_hash: RECEIPT }));
  return { proposalId, rehearsal, job };
}

describe('an export', () => {
  test('of the whole record is verified offline, and says where it ends', async () => {
    const tenant = await plane.tenant();
    await applied(tenant);
    for (const who of [tenant.olivia, tenant.adam, tenant.audra, tenant.service]) {
      const answer = must(await who.get('/v1/ledger/export'));
      expect(answer.headers['content-type']).toBe('application/x-ndjson');
      expect(answer.headers['content-disposition']).toBe(
        `attachment; filename="${tenant.project}-ledger.ndjson"`,
      );
      const { head } = must(await tenant.audra.get('/v1/ledger?limit=1')).body as {
        head?: { seq: number; hash: string };
      };
      expect(await verdictOn(answer.text)).toMatchObject({
        ok: true,
        entries: head?.seq,
        manifest: { project_id: tenant.project, scope: 'whole', head_hash: head?.hash },
      });
    }
  });

  test('of one proposal is verified alone', async () => {
    const tenant = await plane.tenant();
    const { proposalId } = await applied(tenant);
    await propose(tenant.service);
    const { text } = must(await tenant.audra.get(`/v1/proposals/${proposalId}/export`));
    const verdict = await verdictOn(text);
    expect(verdict).toMatchObject({ ok: true, manifest: { scope: 'proposal', subject: proposalId } });
    const { entries } = must(await tenant.audra.get(`/v1/proposals/${proposalId}/replay`)).body;
    expect(verdict.entries).toBe(entries?.length);
    expectProblem(await tenant.audra.get('/v1/proposals/wrp_nothing/export'), 'proposal_not_found');
  });

  test('shows what was done to the record, and to the file', async () => {
    const tenant = await plane.tenant();
    await applied(tenant);
    const { text } = must(await tenant.audra.get('/v1/ledger/export'));
    const lines = text.split('\n');
    expect(await verdictOn(lines.slice(0, -2).join('\n'))).toMatchObject({ fault: { code: 'truncated' } });
    expect(await verdictOn(lines.toSpliced(3, 1).join('\n'))).toMatchObject({ fault: { code: 'dropped' } });
    expect(await verdictOn(text.replace('zanzibar', 'casablanca'))).toMatchObject({
      fault: { code: 'edited' },
    });
    await plane.query(
      "UPDATE ledger SET body = replace(body, 'zanzibar', 'casablanca') WHERE tenant = ?1",
      tenant.project,
    );
    const forged = must(await tenant.audra.get('/v1/ledger/export'));
    expect(await verdictOn(forged.text)).toMatchObject({ ok: false, fault: { code: 'edited' } });
  });

  test('is read in pages, and breaks off without a manifest when the pages do not fit', async () => {
    const tenant = await plane.tenant();
    const seq = must(await tenant.audra.get('/v1/ledger?limit=500')).body.entries?.length ?? 0;
    // Entries that follow each other, but for one.
    await plane.query(
      `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 4100)
       INSERT INTO ledger SELECT tenant, l.seq + n.i, at, actor_kind, actor_id, type, subject, body,
       CASE n.i WHEN 1 THEN hash WHEN 3500 THEN 'sha256:broken' ELSE 'sha256:' || (n.i - 1) END,
       prev_subject_seq, prev_subject_hash, 'sha256:' || n.i, nonce FROM ledger l CROSS JOIN n
       WHERE tenant = ?1 AND l.seq = ?2`,
      tenant.project,
      seq,
    );
    await plane.query('UPDATE heads SET seq = seq + 4100 WHERE tenant = ?1', tenant.project);
    const whole = fetch(`${plane.origin}/v1/ledger/export?project_id=${tenant.project}`, {
      headers: { authorization: `Bearer ${tenant.audra.token}` },
    }).then((response) => response.text());
    await expect(whole).rejects.toThrow(TypeError);
  });
});

describe('a replay', () => {
  test('is found from the proposal, its job, rehearsal, lease, receipt, evidence and entries', async () => {
    const tenant = await plane.tenant();
    const { proposalId, rehearsal, job } = await applied(tenant);
    const { entries } = must(await tenant.audra.get(`/v1/proposals/${proposalId}/replay`)).body;
    const handles = [
      proposalId,
      job.job_id,
      rehearsal.rehearsal_id,
      rehearsal.lease_id,
      job.lease_id,
      RECEIPT,
      'evidence:1',
      'evb_77',
      'query-audit:1',
      'qa_5',
      String(entries?.at(2)?.seq),
    ];
    for (const handle of handles) {
      const answer = await tenant.ada.get(`/v1/replay/${encodeURIComponent(handle)}`);
      expect([handle, answer.status]).toEqual([handle, 200]);
      expect(answer.body).toMatchObject({
        proposal_id: proposalId,
        integrity: { ok: true, entries: entries?.length },
        evidence: [{ event_id: 'evidence:1', evidence_ids: ['evb_77'] }],
        query_audit_events: [{ event_id: 'query-audit:1' }],
      });
      expect(answer.body.entries).toEqual(entries);
    }
  });

  test('of what nothing has, or what is about no proposal, is none', async () => {
    const tenant = await plane.tenant();
    for (const handle of ['1', '999999', 'wrp_nothing', 'wbj_nothing', 'sha256:00', 'rhj_1_x', '%00', "'"])
      expectProblem(await tenant.audra.get(`/v1/replay/${encodeURIComponent(handle)}`), 'handle_not_found');
  });
});

describe('the evidence of a proposal', () => {
  test('has ids, digests, fingerprints and excerpts', async () => {
    const tenant = await plane.tenant();
    const { proposalId } = await applied(tenant);
    expect(must(await tenant.ada.get(`/v1/proposals/${proposalId}/evidence`)).body).toMatchObject({
      proposal_id: proposalId,
      bundle: { bundle_id: expect.any(String) },
      evidence: [
        {
          event_id: 'evidence:1',
          digests: [`sha256:${'e'.repeat(64)}`],
          query_fingerprints: ['qf_lateness'],
          excerpts: [{ status: 'quagmire' }],
        },
      ],
      query_audit_events: [{ query_audit_ids: ['qa_5'], query_fingerprints: ['qf_lateness', 'qf_total'] }],
    });
    expectProblem(await tenant.ada.get('/v1/proposals/wrp_nothing/evidence'), 'proposal_not_found');
  });

  test('never names a field that its contract keeps out', async () => {
    const tenant = await plane.tenant();
    const proposalId = await requestAndRehearse(tenant);
    const secret = { proposal_id: proposalId, detail: { rows: [{ card_number: '4111-octopus' }] } };
    expectProblem(await record(tenant.runner, secret), 'outside_contract');
    const unseen = { proposal_id: proposalId, detail: { excerpt: { total_cents: 12 } } };
    expectProblem(await record(tenant.runner, unseen), 'outside_contract');
  });
});

async function search(client: Client, q: string, more = ''): Promise<WireBody> {
  return must(await client.get(`/v1/search?q=${encodeURIComponent(q)}${more}`)).body;
}

async function found(client: Client, q: string, more = ''): Promise<unknown[]> {
  return (await search(client, q, more)).results as unknown[];
}

describe('a search', () => {
  test('finds words and phrases in proposals, evidence and receipts, newest first', async () => {
    const tenant = await plane.tenant();
    const { proposalId } = await applied(tenant);
    const hit = { proposal_id: proposalId, handle: proposalId };
    expect(await found(tenant.ada, 'zanzibar goodwill')).toMatchObject([
      { ...hit, kind: 'proposal', type: 'proposal.submitted' },
      { ...hit, kind: 'proposal', type: 'proposal.requested' },
    ]);
    expect(await found(tenant.ada, '"towards zanzibar"')).toHaveLength(2);
    expect(await found(tenant.ada, '"zanzibar towards"')).toEqual([]);
    expect(await found(tenant.ada, 'quagmire')).toMatchObject([{ ...hit, kind: 'evidence' }]);
    expect(await found(tenant.ada, RECEIPT)).toMatchObject([{ ...hit, kind: 'receipt' }]);
    expect(await found(tenant.ada, proposalId, '&kind=receipt')).toMatchObject([{ kind: 'receipt' }]);
    const { indexed_through, is_complete, results } = await search(tenant.ada, 'perseverance');
    expect({ is_complete, indexed_through }).toEqual({
      is_complete: true,
      indexed_through: expect.any(Number),
    });
    expect(results).toMatchObject([
      {
        snippet: expect.stringContaining('with perseverance'),
        marked: expect.arrayContaining([{ text: 'perseverance', is_match: true }]),
      },
    ]);
  });

  test('gives a viewer no word that stands only in a payload', async () => {
    const tenant = await plane.tenant();
    const { proposalId } = await applied(tenant);
    for (const word of ['zanzibar', 'perseverance', 'quagmire', '5500', 'INV-3001', 'qf_lateness']) {
      expect([word, (await found(tenant.ada, word)).length > 0]).toEqual([word, true]);
      expect(await search(tenant.vera, word)).toEqual(await search(tenant.vera, 'nosuchwordatall'));
    }
    const open = await found(tenant.vera, proposalId);
    expect(open.length).toBeGreaterThan(4);
    expect(JSON.stringify(open)).not.toMatch(/zanzibar|perseverance|quagmire|5500|3001/);
    expect(await found(tenant.vera, 'ada approved')).toMatchObject([{ type: 'proposal.approved' }]);
  });

  test('gives a person whom a rule keeps from reading proposals no payload either', async () => {
    const tenant = await plane.tenant();
    await applied(tenant);
    const hidden = {
      name: 'hidden',
      asks: ['read-proposal', 'list-proposals'],
      effect: 'deny',
      when: "who.name == 'otto'",
    };
    must(await tenant.olivia.post('/v1/permission-rules', { rules: [hidden] }));
    must(await tenant.olivia.post('/v1/permission-rules/enforcement', { on: true, reason: 'as agreed' }));
    expect(await found(tenant.otto, 'zanzibar')).toEqual([]);
    expect(await found(tenant.otto, 'ada approved')).toHaveLength(1);
    expect(await found(tenant.adam, 'zanzibar')).toHaveLength(2);
  });

  test('gives an agent its own proposals only', async () => {
    const tenant = await plane.tenant();
    await applied(tenant);
    expect(await found(tenant.agent, 'zanzibar')).toHaveLength(2);
    expect(await found(tenant.otherAgent, 'zanzibar')).toEqual([]);
    expect(await found(tenant.otherAgent, 'src_billing')).toEqual([]);
    expect(await found(tenant.agent, 'quagmire')).toEqual([]);
  });

  test('never finds what a contract keeps out: it is nowhere in the record', async () => {
    const tenant = await plane.tenant();
    const id = await request(tenant.agent);
    const [rehearsal] = await claimRehearsals(tenant.runner);
    if (rehearsal === undefined) throw new TypeError('it is to be rehearsed');
    const row = { late_fee_cents: 5_500, card_number: '4111-octopus' };
    expectProblem(
      await reportRehearsal(tenant.runner, rehearsal, { before: row, after: row }),
      'outside_contract',
    );
    await record(tenant.runner, { proposal_id: id, detail: { card_number: '4111-octopus' } });
    const before = { late_fee_cents: 5_500, card_number: '4111-octopus' };
    const after = { late_fee_cents: 0, card_number: '4111-octopus' };
    const items = [{ card_number: '4111-octopus' }];
    for (const body of [
      proposal({ before, after }),
      proposal({ evidence: { bundle_id: 'b', query_fingerprint: 'q', items } }),
      proposal({}, { evidence_metadata: { rows: items } }),
      proposal({}, { query_audit: { rows: items } }),
    ])
      expectProblem(await tenant.service.post('/v1/proposals', body), 'outside_contract');
    expect(await found(tenant.olivia, 'octopus')).toEqual([]);
    const { text } = must(await tenant.olivia.get('/v1/ledger/export'));
    expect(text).not.toContain('octopus');
  });

  test('comes in pages that neither repeat nor leave out', async () => {
    const tenant = await plane.tenant();
    for (let count = 0; count < 5; count += 1)
      await propose(tenant.service, {}, { reason: `pelican ${count}` });
    const seen: unknown[] = [];
    for (let cursor = ''; ; ) {
      const body = await search(tenant.ada, 'pelican', `&limit=2${cursor}`);
      seen.push(...(body.results as { ledger_seq: number }[]).map(({ ledger_seq }) => ledger_seq));
      if (body.next_cursor === null) break;
      cursor = `&cursor=${body.next_cursor}`;
      await propose(tenant.service, {}, { reason: 'pelican new' });
    }
    expect(seen).toHaveLength(5);
    expect(seen).toEqual(seen.toSorted((a, b) => Number(b) - Number(a)));
  });

  test('takes any text for words', async () => {
    const tenant = await plane.tenant();
    await applied(tenant);
    for (const q of [
      '"',
      '""',
      'words:zanzibar',
      'zanzibar OR x',
      'NEAR(a b)',
      '*',
      '(',
      "';--",
      '\u0000',
      '-a',
      '{a}:b',
    ])
      expect([q, (await tenant.ada.get(`/v1/search?q=${encodeURIComponent(q)}`)).status]).toEqual([q, 200]);
    expect(await found(tenant.ada, 'zanzibar OR nothing')).toEqual([]);
  });

  test.each([
    '',
    '?q=',
    '?q=a&limit=0',
    '?q=a&kind=secret',
    '?q=a&cursor=x',
    `?q=${'a'.repeat(401)}`,
    '?q=a&x=1',
  ])('is refused when it is malformed: %s', async (query) => {
    const tenant = await plane.tenant();
    expect((await tenant.vera.get(`/v1/search${query}`)).status).toBeOneOf([400, 422]);
  });

  test('says how far it has looked while its index follows a long record, and gets there', async () => {
    const tenant = await plane.tenant();
    const seq = must(await tenant.audra.get('/v1/ledger?limit=500')).body.entries?.length ?? 0;
    await plane.query(
      `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 6000)
       INSERT INTO ledger SELECT tenant, l.seq + n.i, at, actor_kind, actor_id, 'proposal.expired', 'p' || n.i, '{}',
       prev_hash, NULL, NULL, hash, nonce FROM ledger l CROSS JOIN n WHERE tenant = ?1 AND l.seq = ?2`,
      tenant.project,
      seq,
    );
    await plane.query('UPDATE heads SET seq = seq + 6000 WHERE tenant = ?1', tenant.project);
    const first = await search(tenant.ada, 'p5999');
    expect(first).toMatchObject({ is_complete: false, results: [] });
    const last = await eventually(
      () => search(tenant.ada, 'p5999'),
      ({ is_complete }) => is_complete === true,
    );
    expect(last).toMatchObject({ indexed_through: seq + 6_000, results: [{ handle: 'p5999' }] });
  });

  test('begins anew when the record was rewound', async () => {
    const tenant = await plane.tenant();
    await propose(tenant.service, {}, { reason: 'albatross' });
    expect(await found(tenant.ada, 'albatross')).toHaveLength(1);
    const seq = must(await tenant.audra.get('/v1/ledger?limit=500')).body.entries?.length ?? 0;
    await plane.query(
      "UPDATE ledger SET body = replace(body, 'albatross', 'cormorant'), hash = 'sha256:other' WHERE tenant = ?1 AND seq = ?2",
      tenant.project,
      seq,
    );
    expect(await found(tenant.ada, 'albatross')).toEqual([]);
    expect(await found(tenant.ada, 'cormorant')).toHaveLength(1);
  });
});

describe('a rebuild', () => {
  const rebuild = (client: Client) => client.post('/v1/maintenance/rebuild');

  test('makes of the ledger the rows that stand', async () => {
    const tenant = await plane.tenant();
    await applied(tenant);
    await requestAndRehearse(tenant);
    await approve(tenant.ada, await propose(tenant.service));
    await claimOne(tenant.runner);
    const { body } = must(await rebuild(tenant.olivia));
    expect(body).toMatchObject({ matches: true, differences: [], differences_total: 0 });
    expect(body.compared).toMatchObject({
      proposals: 3,
      members: 7,
      credentials: 5,
      sources: 2,
      contracts: 1,
    });
  });

  test.each<[string, string, object]>([
    [
      'a proposal',
      "UPDATE proposals SET state = 'rejected' WHERE tenant = ?1",
      { table: 'proposals', column: 'state' },
    ],
    [
      'a proposal with its end',
      'UPDATE proposals SET tip_seq = seq WHERE tenant = ?1',
      { table: 'proposals', column: 'tip_seq' },
    ],
    [
      'a proposal that is gone',
      'DELETE FROM proposals WHERE tenant = ?1',
      { table: 'proposals', found: 'missing' },
    ],
    [
      'a member',
      `UPDATE members SET roles = '["owner"]' WHERE tenant = ?1 AND name = 'vera'`,
      { table: 'members', column: 'roles' },
    ],
    [
      'a credential',
      "UPDATE credentials SET permissions = '[]' WHERE tenant = ?1 AND credential_id = 'crd_agent'",
      { table: 'credentials', key: 'crd_agent', column: 'permissions' },
    ],
    [
      'a contract in force',
      "UPDATE capabilities SET digest = 'sha256:x' WHERE tenant = ?1",
      { table: 'capabilities', column: 'digest' },
    ],
    [
      'a source that nobody registered',
      "INSERT INTO sources (tenant, source_id, name, engine) VALUES (?1, 'src_x', 'x', 'mysql')",
      { table: 'sources', key: 'src_x', found: 'extra' },
    ],
    [
      'the ledger',
      "UPDATE ledger SET body = json_set(body, '$.reason', 'forged') WHERE tenant = ?1 AND type = 'proposal.approved'",
      { table: 'ledger', column: 'hash' },
    ],
    [
      'an event',
      'DELETE FROM activity WHERE tenant = ?1',
      { table: 'activity', key: `${RUNNER}/evt-1`, found: 'missing' },
    ],
    [
      'an event that nobody recorded',
      "INSERT INTO activity (tenant, runner_id, event_id, seq, digest) VALUES (?1, 'r', 'e', 1, '')",
      { table: 'activity', found: 'extra' },
    ],
    [
      'the ledger until it is none',
      "UPDATE ledger SET body = 'null' WHERE tenant = ?1 AND type IN ('evidence.recorded', 'proposal.submitted')",
      { table: 'ledger', column: 'body' },
    ],
    [
      'the depths',
      "UPDATE heads SET counters = json_set(counters, '$.queue', 9) WHERE tenant = ?1",
      { table: 'heads', column: 'counters.queue' },
    ],
  ])('names what was altered: %s', async (_name, sql, difference) => {
    const tenant = await plane.tenant();
    await approve(tenant.ada, await propose(tenant.service, {}, { reason: 'forgery' }));
    must(await record(tenant.runner, {}));
    await plane.query(sql, tenant.project);
    const { body } = must(await rebuild(tenant.adam));
    expect(body.matches).toBe(false);
    expect(body.differences).toContainEqual(expect.objectContaining(difference));
    expect(JSON.stringify(body)).not.toContain('forge');
  });
});

test('what is pending is listed while a fresh look is under way, in its order', async () => {
  const tenant = await plane.tenant();
  const seen = async () => {
    const ids: (string | undefined)[] = [];
    for (let cursor = ''; ; ) {
      const { body } = must(await tenant.ada.get(`/v1/proposals?status=pending_review&limit=1${cursor}`));
      ids.push(...(body.proposals ?? []).map(({ proposal_id }) => proposal_id));
      if (body.next_cursor === null) return ids;
      cursor = `&cursor=${body.next_cursor}`;
    }
  };
  const ids: string[] = [];
  for (const seconds of [1_000, 2_000, 3_000]) {
    const args = { invoice_id: `INV-${seconds}` };
    ids.push(await requestAndRehearse(tenant, args, { expires_in_seconds: seconds }));
  }
  expect(await seen()).toEqual(ids);
  must(await tenant.ada.post(`/v1/proposals/${ids[1]}/look`));
  expect(await seen()).toEqual(ids);
  expect(await claimRehearsals(tenant.runner)).toHaveLength(1);
  expect(await seen()).toEqual(ids);
});
