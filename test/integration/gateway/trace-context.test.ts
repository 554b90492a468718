import { guardedUpdateJobSchema, publicJobSchema } from '@countersign/protocol/writeback-job';
import { beforeAll, describe, expect, test } from 'vitest';
import { proposal } from '../../support/change-set.ts';
import { approve, claimOne, read, release } from '../../support/flow.ts';
import { send } from '../../support/http.ts';
import { must } from '../../support/must.ts';
import { type SharedPlane, sharedPlane } from '../../support/shared-planes.ts';
import { snapshot } from '../../support/snapshot.ts';
import { submission } from '../../support/submission.ts';
import type { TestTenant } from '../../support/tenant.ts';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const TRACEPARENT = `00-${TRACE}-00f067aa0ba902b7-01`;

let plane: SharedPlane;
let tenant: TestTenant;
beforeAll(async () => {
  plane = await sharedPlane();
});

async function propose(headers: Readonly<Record<string, string>>) {
  const answer = must(await tenant.service.post('/v1/proposals', proposal(), { headers }));
  return { id: String(answer.body.proposal_id), answer };
}

/** The job that the proposal becomes, as a claim gives it out. */
async function claimed(proposalId: string) {
  await approve(tenant.ada, proposalId);
  return claimOne(tenant.runner);
}

describe('the traceparent of a proposal', () => {
  beforeAll(async () => {
    tenant = await plane.tenant();
  });

  test('comes out of the claim, beside the job and not in it', async () => {
    const { id } = await propose({ traceparent: TRACEPARENT });
    const job = await claimed(id);
    expect(job).toMatchObject({ proposal_id: id, traceparent: TRACEPARENT });
    const { writeback_job } = guardedUpdateJobSchema.parse(job);
    expect(publicJobSchema.safeParse(writeback_job).success).toBe(true);
    expect(JSON.stringify(writeback_job)).not.toContain(TRACE);
  });

  test('comes out of the next claim too', async () => {
    const { id } = await propose({ traceparent: TRACEPARENT });
    must(await release(tenant.runner, await claimed(id)));
    expect(await claimOne(tenant.runner)).toMatchObject({ proposal_id: id, traceparent: TRACEPARENT });
  });

  test('is kept when a runner submits the change set', async () => {
    const id = `wrp_${'7d'.repeat(10)}`;
    const headers = { traceparent: TRACEPARENT };
    must(await tenant.runner.post('/v1/runner/proposals', submission(id), { headers }));
    expect(await claimed(id)).toMatchObject({ proposal_id: id, traceparent: TRACEPARENT });
  });

  test.each([
    ['none', {}],
    ['another version', { traceparent: `01-${TRACE}-00f067aa0ba902b7-01` }],
    ['one of zeros', { traceparent: `00-${'0'.repeat(32)}-00f067aa0ba902b7-01` }],
    ['upper case', { traceparent: TRACEPARENT.toUpperCase() }],
    ['two of them', { traceparent: `${TRACEPARENT}, ${TRACEPARENT}` }],
    ['what is no traceparent', { traceparent: 'x'.repeat(4_000) }],
  ])('that is %s is left away, and the proposal is made', async (_name, headers) => {
    const { id } = await propose(headers);
    const job = await claimed(id);
    expect(job.proposal_id).toBe(id);
    expect(job).not.toHaveProperty('traceparent');
  });

  test('is no part of what is proposed: whoever reads the proposal does not see it', async () => {
    const { id } = await propose({ traceparent: TRACEPARENT });
    expect(JSON.stringify(await read(tenant.service, id))).not.toContain(TRACE);
  });
});

describe('a retry with another traceparent', () => {
  beforeAll(async () => {
    tenant = await plane.tenant();
  });

  test.each([
    ['another', { traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01` }],
    ['none', {}],
    ['invalid', { traceparent: 'x' }],
  ])('(%s) gets the first answer, and the first trace stays', async (name, others) => {
    const key = { 'idempotency-key': `try-${name}` };
    const first = await propose({ ...key, traceparent: TRACEPARENT });
    const before = await snapshot(plane, tenant.project);
    const again = await propose({ ...key, ...others });
    expect([again.answer.status, again.answer.body]).toEqual([201, first.answer.body]);
    expect(await snapshot(plane, tenant.project)).toEqual(before);
    expect(await claimed(first.id)).toMatchObject({ proposal_id: first.id, traceparent: TRACEPARENT });
  });

  test('of a submission is the same submission', async () => {
    const request = submission(`wrp_${'7e'.repeat(10)}`);
    const post = (traceparent: string) =>
      tenant.runner.post('/v1/runner/proposals', request, { headers: { traceparent } });
    const statuses = [await post(TRACEPARENT), await post(TRACEPARENT.replace('-01', '-00'))];
    expect(statuses.map(({ status }) => status)).toEqual([201, 200]);
  });
});

test('the description names the header where a proposal comes in, and nowhere else', async () => {
  const { text } = must(await send(plane.origin, { method: 'GET', path: '/v1/openapi.json' }));
  const paths: Record<string, object> = JSON.parse(text).paths;
  const naming = Object.entries(paths)
    .filter(([, path]) => JSON.stringify(path).includes('"traceparent"'))
    .map(([path]) => path);
  expect(naming).toEqual(['/v1/proposals', '/v1/runner/proposals']);
});
