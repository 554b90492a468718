import { routes } from '@countersign/gateway/routes/all-routes';
import { LEASE_SECONDS } from '@countersign/protocol/job-requests';
import { beforeAll, describe, expect, test } from 'vitest';
import { intend, letAct, refund } from '../../support/action-flow.ts';
import { SOURCE } from '../../support/change-set.ts';
import { pushRequest, testContract } from '../../support/contract.ts';
import { leaseJob, queueJob, requestAndRehearse } from '../../support/flow.ts';
import type { Answer } from '../../support/http.ts';
import { must } from '../../support/must.ts';
import { putInForce, submit } from '../../support/run-flow.ts';
import { type About, nothing, type Sender, sampleRequest } from '../../support/sample-requests.ts';
import { type SharedPlane, sharedPlane } from '../../support/shared-planes.ts';
import { recordOf } from '../../support/snapshot.ts';
import { type Client, everybody, type TestTenant, type Who } from '../../support/tenant.ts';

let plane: SharedPlane;
let mine: TestTenant;
let theirs: TestTenant;
let stranger: Client;
/** Things that are theirs, and as many that nobody has. */
let real: readonly About[];
let invented: readonly About[];

beforeAll(async () => {
  plane = await sharedPlane();
  [mine, theirs] = [await plane.tenant(), await plane.tenant()];
  const job = await leaseJob(theirs, { runner_id: 'their-runner', lease_seconds: LEASE_SECONDS.most });
  const ids = [job.proposal_id, await requestAndRehearse(theirs), await queueJob(theirs)];
  const things = { ...(await thingsOf(theirs)), leaseId: job.lease_id, runnerId: 'their-runner' };
  real = ids.map((proposalId) => ({ ...things, proposalId }));
  const other = (id: string) => `${id.slice(0, -1)}${id.endsWith('0') ? '1' : '0'}`;
  invented = ids.map((id) => ({
    ...nothing,
    proposalId: other(id),
    leaseId: other(job.lease_id),
    contractId: other(things.contractId),
    versionId: other(things.versionId),
    actionId: other(things.actionId),
    runId: other(things.runId),
    taskId: other(things.taskId),
    freezeId: other(things.freezeId),
  }));
  stranger = theirs.bearing(await plane.issuers.get('members').sign('mallory'));
});

/** One of everything that nobody else has. */
async function thingsOf(tenant: TestTenant) {
  const { agent, olivia, project } = await letAct(tenant);
  const contract = { ...testContract(), metadata: { name: 'theirs', version: '1.0.0' } };
  const pushed = must(
    await olivia.post(
      `/v1/control/projects/${project}/agent-contracts`,
      pushRequest(contract, { activate: false }),
    ),
  ).body;
  const policyName = 'their-policy';
  must(await olivia.post('/v1/policies', { policy: { ...aPolicy, name: policyName } }));
  const invited = must(await olivia.post('/v1/invitations', { name: 'theirs', roles: ['viewer'] })).body;
  const tokens = `/v1/control/projects/${project}/runner-tokens`;
  const issued = must(await olivia.post(tokens, { name: 'theirs', source_ids: [SOURCE] })).body;
  const [sourceId, person] = ['src_theirs', 'https://login.example.com theirs'];
  await plane.query(
    `INSERT INTO sources (tenant, source_id, name, engine) VALUES (?1, '${sourceId}', 'theirs', 'postgres')`,
    project,
  );
  await plane.query(
    'INSERT INTO members (tenant, person, name, roles, approval_roles, status) ' +
      `VALUES (?1, '${person}', 'theirs', '["viewer"]', '[]', 'active')`,
    project,
  );
  return {
    contractId: String(pushed.contract_id),
    versionId: String(pushed.contract_version_id),
    invitationId: idIn(invited, 'inv_'),
    credentialId: idIn(issued, 'rnt_'),
    policyName,
    sourceId,
    person,
    actionId: await intend(agent, refund()),
    ...(await runOf(tenant)),
    freezeId: await freezeOf(tenant),
  };
}

async function runOf({ agent, olivia }: TestTenant) {
  const { run_id, step_ids } = await submit(agent, { tasks: [{ task: 'echo' }] });
  await putInForce(olivia, 'prompt', 'their-prompt', { text: 'theirs' });
  return { runId: String(run_id), taskId: String(step_ids?.[0]), promptName: 'their-prompt' };
}

/** Of a runner that they alone have. */
async function freezeOf({ olivia, runner }: TestTenant): Promise<string> {
  const registration = {
    schema_version: 'synapsor.runner-registration.v1',
    runner_id: 'their-runner',
    runner_version: '1.0.0',
    engines: ['postgres'],
    capabilities: ['single_row_update'],
    scope: { project_id: 'token_scope', source_ids: [SOURCE] },
    registered_at: '2026-01-01T00:00:00Z',
  };
  must(await runner.post('/v1/runner/register', registration));
  const scope = { kind: 'runner', id: 'their-runner' };
  const { freeze } = must(await olivia.post('/v1/freezes', { scope, reason: 'theirs' })).body;
  return idIn(freeze, 'frz_');
}

/** The id of this kind that stands somewhere in an answer. */
function idIn(body: unknown, prefix: string): string {
  const found = new RegExp(`"(${prefix}[^"]+)"`).exec(JSON.stringify(body))?.[1];
  if (found === undefined) throw new TypeError(`there is no ${prefix} in ${JSON.stringify(body)}`);
  return found;
}

const aPolicy = { applies_to: ['*'], when: 'true', effect: 'refuse', message: 'no' };

type AnyRoute = (typeof routes)[number];

function ask(client: Client, route: AnyRoute, about: About, sender: Sender): Promise<Answer> {
  const { path, body } = sampleRequest(route, about, sender);
  return route.method === 'GET' ? client.get(path) : client.post(path, body);
}

/** Somebody of my tenant asks about a thing. */
function askAsMine(who: Who, route: AnyRoute, about: About): Promise<Answer> {
  return ask(mine[who], route, about, { who, project: mine.project });
}

/** Which of their things this request is about: the others make the same one once more. */
function placesIn(route: AnyRoute, who: Who): readonly number[] {
  const sender = { who, project: mine.project };
  const requests = real.map((about) => JSON.stringify(sampleRequest(route, about, sender)));
  return [...new Set(requests.map((request) => requests.indexOf(request)))];
}

function thingsAt(place: number): { readonly theirThing: About; readonly unreal: About } {
  const [theirThing, unreal] = [real[place], invented[place]];
  if (theirThing === undefined || unreal === undefined)
    throw new TypeError('there are as many invented ids as real ones');
  return { theirThing, unreal };
}

/** The same request to a project that is not there. */
async function askNowhere(token: string, route: AnyRoute, about: About, who: Who) {
  const { path, body } = sampleRequest(route, about, { who, project: 'prj_nowhere' });
  const answer = await fetch(
    `${plane.origin}${path}${path.includes('?') ? '&' : '?'}project_id=prj_nowhere`,
    {
      method: route.method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    },
  );
  return { status: answer.status, text: await answer.text() };
}

/** An answer without what must differ: its own id, the time, and what the request itself named. */
function bare({ status, text }: Pick<Answer, 'status' | 'text'>, about: About): string {
  const named = Object.entries(about).reduce((rest, [name, id]) => rest.replaceAll(id, `<${name}>`), text);
  const cleaned = named.replace(/req_[0-9a-f-]+/, '<request>').replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '<time>');
  return `${status} ${cleaned}`;
}

const aboutThings = routes.filter(({ path }) => path.replace(':project_id', '').includes(':'));

describe('with the ids of another tenant', () => {
  test('no list of mine has anything of theirs', async () => {
    const lists = await Promise.all(
      [
        '/v1/proposals',
        '/v1/ledger?limit=500',
        '/v1/runners',
        '/v1/control/external-writebacks/proposals',
        '/v1/engine/health',
        `/v1/control/projects/${mine.project}/agent-contracts`,
        `/v1/control/projects/${mine.project}/runner-tokens`,
        '/v1/members',
        '/v1/invitations',
        '/v1/control/external-sources',
        '/v1/ledger/export',
        '/v1/search?q=INV',
        '/v1/policies',
        '/v1/runs',
        '/v1/actions',
        '/v1/control/registry',
        '/v1/control/snapshot',
        '/v1/control/changes',
      ].map((path) => mine.olivia.get(path)),
    );
    for (const { status, text } of lists) {
      expect(status).toBe(200);
      for (const secret of [theirs.project, ...real.flatMap((about) => Object.values(about))]) {
        expect(text).not.toContain(secret);
      }
    }
  });

  test.each(
    everybody.flatMap((who) =>
      aboutThings.map((route) => ({ who, route, name: `${who}: ${route.method} ${route.path}` })),
    ),
  )('$name answers as if they were nobody’s', async ({ who, route }) => {
    for (const { theirThing, unreal } of placesIn(route, who).map(thingsAt)) {
      const answer = await askAsMine(who, route, theirThing);
      expect([403, 404], answer.text).toContain(answer.status);
      expect(bare(answer, theirThing)).toBe(bare(await askAsMine(who, route, unreal), unreal));
    }
  });

  test('nothing of theirs changes', async () => {
    // Whoever ends their own token can ask nothing more.
    const asked = routes.filter(({ asks }) => asks !== 'revoke-session');
    const before = await recordOf(plane, theirs.project);
    await Promise.all(
      everybody.flatMap((who) =>
        asked.flatMap((route) =>
          placesIn(route, who).map((place) => askAsMine(who, route, thingsAt(place).theirThing)),
        ),
      ),
    );
    expect(await recordOf(plane, theirs.project)).toEqual(before);
  }, 240_000);
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
    const token = mine[who].token;
    const there = await ask(theirs.bearing(token), route, about, { who, project: theirs.project });
    expect([there.status, there.body.error_code]).toEqual([403, 'wrong_project']);
    expect(bare(await askNowhere(token, route, about, who), about)).toBe(bare(there, about));
  });

  test.each(routes.map((route) => ({ route, name: `${route.method} ${route.path}` })))(
    'a stranger gets no hint that there is a project: $name',
    async ({ route }) => {
      const [about] = real;
      if (about === undefined) throw new TypeError('there is something of theirs');
      const answer = await ask(stranger, route, about, { who: 'ada', project: theirs.project });
      // The one thing that whoever is no member may ask; there it is the code that counts.
      const isForAll = route.asks === 'accept-invitation';
      const code = isForAll ? 'invitation_not_found' : 'project_not_found';
      expect([answer.status, answer.body.error_code]).toEqual([404, code]);
      const nowhere = await askNowhere(stranger.token, route, about, 'ada');
      expect(bare(nowhere, about)).toBe(bare(answer, about));
    },
  );
});
