import { readLogLine } from '@countersign/protocol/log/log-line';
import { mintToken } from '@countersign/protocol/token';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { proposal, SOURCE } from '../../support/change-set.ts';
import { eventually } from '../../support/eventually.ts';
import { APPLIED, propose } from '../../support/flow.ts';
import type { Answer } from '../../support/http.ts';
import { send } from '../../support/http.ts';
import { must } from '../../support/must.ts';
import { type DeployedPlane, MAC_KEY, startTestPlane } from '../../support/plane.ts';
import { everybody, type TestTenant } from '../../support/tenant.ts';

let plane: DeployedPlane;
let tenant: TestTenant;
beforeAll(async () => {
  plane = await startTestPlane({ issuers: ['strangers'] });
  tenant = await plane.tenant();
});
afterAll(() => plane.stop());

/** The lines about a request, once there are any: workerd hands them over when it likes. */
function linesOf(answer: Answer): Promise<readonly string[]> {
  const id = String(answer.headers['x-request-id']);
  return eventually(
    async () => plane.logs.filter((line) => line.includes(id)),
    (lines) => lines.length > 0,
  );
}

async function lineOf(answer: Answer) {
  const lines = await linesOf(answer);
  expect(lines, 'a request is one line').toHaveLength(1);
  return readLogLine(lines[0] ?? '');
}

const kinds: readonly (readonly [what: string, code: string, ask: () => Promise<Answer>])[] = [
  ['no token', 'token_missing', () => send(plane.origin, { method: 'GET', path: '/v1/proposals' })],
  [
    'a token that is changed',
    'token_key_unknown',
    () => tenant.bearing(`${tenant.agent.token}x`).get('/v1/proposals'),
  ],
  [
    'a token that nobody issued',
    'token_invalid',
    () => tenant.bearing(mintToken('agt', tenant.project, 'crd_nobody', MAC_KEY)).get('/v1/proposals'),
  ],
  [
    'a JWT of an issuer that nobody trusts',
    'token_invalid',
    () => tenant.bearing(`${btoa('{"alg":"none"}')}.${btoa('{"iss":"x"}')}.`).get('/v1/proposals'),
  ],
  ['a role that does not include it', 'forbidden', () => tenant.vera.get('/v1/ledger')],
  ['a token that lacks it', 'forbidden', () => tenant.agent.get('/v1/ledger')],
  [
    'a token of another project',
    'wrong_project',
    () =>
      send(plane.origin, {
        method: 'GET',
        path: '/v1/proposals?project_id=prj_x',
        token: tenant.agent.token,
      }),
  ],
  [
    'somebody who is no member',
    'project_not_found',
    async () => tenant.bearing(await plane.issuers.get('strangers').sign('mallory')).get('/v1/proposals'),
  ],
  [
    'an invitation that there is not',
    'invitation_not_found',
    async () => {
      const stranger = tenant.bearing(await plane.issuers.get('strangers').sign('mallory'));
      return stranger.post('/v1/invitations/accept', { code: 'syn_inv_guessed' });
    },
  ],
  [
    'an approval of what one proposed',
    'separation_of_duty',
    async () => {
      const id = await propose(tenant.olivia);
      return tenant.olivia.post(`/v1/proposals/${id}/approve`);
    },
  ],
];

describe('a denial', () => {
  test.each(kinds)('for %s is one event with the code %s', async (_what, code, ask) => {
    const answer = await ask();
    expect(answer.body.error_code, answer.text).toBe(code);
    expect(await lineOf(answer)).toMatchObject({
      event: 'request.denied',
      level: 'warn',
      target: 'gateway',
      code,
      status: answer.status,
      request_id: answer.headers['x-request-id'],
    });
  });
});

describe('a request', () => {
  test('that is answered says who asked what of which project, and how long it took', async () => {
    const id = await propose(tenant.service);
    const line = await lineOf(must(await tenant.ada.get(`/v1/proposals/${id}`)));
    expect(line).toMatchObject({
      event: 'request.answered',
      tenant: tenant.project,
      actor: `person:${plane.issuers.get('members').personOf('ada')}`,
      subject: id,
      method: 'GET',
      route: '/v1/proposals/{proposal_id}',
      status: 200,
      duration_ms: expect.any(Number),
    });
  });

  test('that is wrong is refused, which is no denial', async () => {
    const answer = await tenant.service.post('/v1/proposals', { nonsense: 'a value of mine' });
    expect(await lineOf(answer)).toMatchObject({ event: 'request.refused', code: answer.body.error_code });
  });

  test('with a token in its path has no subject', async () => {
    const line = await lineOf(await tenant.olivia.get(`/v1/replay/${tenant.runner.token}`));
    expect(line).toMatchObject({ code: 'handle_not_found' });
    expect(line).not.toHaveProperty('subject');
  });
});

test('all that a session logs is of the schema, and nothing that was sent is in it', async () => {
  const marks = ['a-row-value-of-4711', 'a-reason-nobody-logs', 'a-query-nobody-logs', 'a-key-nobody-logs'];
  const [value = '', reason, query, key = ''] = marks;
  const change = proposal({}, { reason: value });
  const made = must(
    await tenant.service.post('/v1/proposals', change, { headers: { 'idempotency-key': key } }),
  ).body;
  must(await tenant.ada.post(`/v1/proposals/${made.proposal_id}/approve`, { reason }));
  must(await tenant.olivia.get(`/v1/search?q=${query}`));
  const [job] =
    must(await tenant.runner.post('/v1/writeback/jobs/claim', { source_id: SOURCE, runner_id: 'r1' })).body
      .jobs ?? [];
  const result = {
    protocol_version: '1.0',
    job_id: job?.job_id,
    runner_id: 'r1',
    lease_id: job?.lease_id,
    ...APPLIED,
  };
  must(await tenant.runner.post(`/v1/writeback/jobs/${job?.job_id}/result`, result));
  const issued = must(
    await tenant.olivia.post(`/v1/control/projects/${tenant.project}/runner-tokens`, {
      name: 'another',
      source_ids: [SOURCE],
    }),
  );
  await tenant.service.post('/v1/proposals', { [value]: value });
  // What is not understood at all: a table is away.
  await plane.query('ALTER TABLE runners RENAME TO runners_away');
  const failed = await tenant.olivia.get('/v1/runners');
  await plane.query('ALTER TABLE runners_away RENAME TO runners');
  expect(await linesOf(failed)).toHaveLength(2);

  const text = plane.logs.join('\n');
  for (const line of plane.logs) expect(readLogLine(line), line).toBeDefined();
  const secrets = [
    ...everybody.map((who) => tenant[who].token),
    ...Object.values(issued.body).filter((one) => typeof one === 'string' && one.startsWith('syn_')),
    MAC_KEY,
    ...marks,
  ];
  expect(secrets.length).toBeGreaterThan(everybody.length + 1 + marks.length);
  for (const secret of secrets) expect(text).not.toContain(secret);
  expect(text).not.toMatch(/syn_|eyJ|Bearer/);
  expect(plane.logs.map((line) => readLogLine(line)?.event)).toEqual(
    expect.arrayContaining([
      'request.answered',
      'request.denied',
      'request.refused',
      'request.failed',
      'tenant.fault',
    ]),
  );
});
