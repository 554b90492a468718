import { routes } from '@countersign/gateway/routes/all-routes';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { leaseJob, propose, queueJob } from '../../support/flow.ts';
import type { Answer } from '../../support/http.ts';
import { startTestPlane, type TestPlane } from '../../support/plane.ts';
import { type About, sampleRequest } from '../../support/sample-requests.ts';
import { snapshot } from '../../support/snapshot.ts';
import { type Client, everybody, type TestTenant } from '../../support/tenant.ts';

let plane: TestPlane;
let mine: TestTenant;
let theirs: TestTenant;
let stranger: Client;
/** Things that are theirs, and as many that nobody has. */
let real: readonly About[];
let invented: readonly About[];

beforeAll(async () => {
  plane = await startTestPlane();
  [mine, theirs] = [await plane.tenant(), await plane.tenant()];
  const job = await leaseJob(theirs, { runner_id: 'their-runner' });
  const ids = [job.proposal_id, await propose(theirs.agent), await queueJob(theirs)];
  real = ids.map((proposalId) => ({ proposalId, leaseId: job.lease_id, runnerId: 'their-runner' }));
  const other = (id: string) => `${id.slice(0, -1)}${id.endsWith('0') ? '1' : '0'}`;
  invented = ids.map((id) => ({
    proposalId: other(id),
    leaseId: other(job.lease_id),
    runnerId: 'no-runner',
  }));
  stranger = theirs.bearing(await plane.issuers.get('members').sign('mallory'));
});
afterAll(() => plane.stop());

function ask(client: Client, route: (typeof routes)[number], about: About): Promise<Answer> {
  const { path, body } = sampleRequest(route, about);
  return route.method === 'GET' ? client.get(path) : client.post(path, body);
}

/** An answer without what must differ: its own id, the time, and what the request itself named. */
function bare({ status, text }: Answer, { proposalId, leaseId, runnerId }: About): string {
  const cleaned = text
    .replaceAll(proposalId, '<proposal>')
    .replaceAll(leaseId, '<lease>')
    .replaceAll(runnerId, '<runner>')
    .replace(/req_[0-9a-f-]+/, '<request>')
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '<time>');
  return `${status} ${cleaned}`;
}

const aboutThings = routes.filter(({ path }) => path.includes(':'));

describe('with the ids of another tenant', () => {
  test('no list of mine has anything of theirs', async () => {
    const lists = await Promise.all(
      [
        '/v1/proposals',
        '/v1/ledger?limit=500',
        '/v1/runners',
        '/v1/control/external-writebacks/proposals',
        '/v1/engine/health',
      ].map((path) => mine.olivia.get(path)),
    );
    for (const { status, text } of lists) {
      expect(status).toBe(200);
      for (const secret of [theirs.project, 'their-runner', ...real.map(({ proposalId }) => proposalId)]) {
        expect(text).not.toContain(secret);
      }
    }
  });

  test.each(
    everybody.flatMap((who) =>
      aboutThings.map((route) => ({ who, route, name: `${who}: ${route.method} ${route.path}` })),
    ),
  )('$name answers as if they were nobody’s', async ({ who, route }) => {
    for (const [place, theirThing] of real.entries()) {
      const nothing = invented[place];
      if (nothing === undefined) throw new TypeError('there are as many invented ids as real ones');
      const answer = await ask(mine[who], route, theirThing);
      expect([403, 404], answer.text).toContain(answer.status);
      expect(bare(answer, theirThing)).toBe(bare(await ask(mine[who], route, nothing), nothing));
    }
  });

  test('nothing of theirs changes', async () => {
    const before = await snapshot(plane, theirs.project);
    await Promise.all(
      everybody.flatMap((who) =>
        routes.flatMap((route) => real.map((about) => ask(mine[who], route, about))),
      ),
    );
    const after = await snapshot(plane, theirs.project);
    expect(after).toEqual(before);
  });
});

describe('with credentials of another tenant', () => {
  const machineNames = ['agent', 'runner', 'service'] as const;

  test.each(
    machineNames.flatMap((who) =>
      routes.map((route) => ({ who, route, name: `${who}: ${route.method} ${route.path}` })),
    ),
  )('$name is refused, whether the project is there or not', async ({ who, route }) => {
    const [about] = real;
    if (about === undefined) throw new TypeError('there is something of theirs');
    const { path, body } = sampleRequest(route, about);
    const token = mine[who].token;
    const nowhere = { ...about };
    const real_ = await ask(theirs.bearing(token), route, about);
    expect([real_.status, real_.body.error_code]).toEqual([403, 'wrong_project']);
    const fetchAt = (project: string) =>
      fetch(`${plane.origin}${path}?project_id=${project}`, {
        method: route.method,
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
    const unreal = await fetchAt('prj_nowhere');
    const text = await unreal.text();
    expect(bare({ ...real_, status: unreal.status, text }, nowhere)).toBe(bare(real_, about));
  });

  test.each(routes.map((route) => ({ route, name: `${route.method} ${route.path}` })))(
    'a stranger gets no hint that there is a project: $name',
    async ({ route }) => {
      const [about] = real;
      if (about === undefined) throw new TypeError('there is something of theirs');
      const answer = await ask(stranger, route, about);
      expect([answer.status, answer.body.error_code]).toEqual([404, 'project_not_found']);
      const { path, body } = sampleRequest(route, about);
      const nowhere = await fetch(`${plane.origin}${path}?project_id=prj_nowhere`, {
        method: route.method,
        headers: { authorization: `Bearer ${stranger.token}`, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      expect(bare({ ...answer, status: nowhere.status, text: await nowhere.text() }, about)).toBe(
        bare(answer, about),
      );
    },
  );
});
