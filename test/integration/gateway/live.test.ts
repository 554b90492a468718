import { beforeAll, describe, expect, test } from 'vitest';
import { eventually } from '../../support/eventually.ts';
import { expectProblem } from '../../support/expect-problem.ts';
import { approve, propose } from '../../support/flow.ts';
import { type Answer, send } from '../../support/http.ts';
import { LiveSocket, liveTicket } from '../../support/live-socket.ts';
import { must } from '../../support/must.ts';
import { type SharedPlane, sharedClockedPlane, sharedPlane } from '../../support/shared-planes.ts';
import type { Client, TestTenant } from '../../support/tenant.ts';

const PAGE = 'https://app.example.com';
const KEY = 'AAAAAAAAAAAAAAAAAAAAAA==';

let plane: SharedPlane;
beforeAll(async () => {
  plane = await sharedPlane();
});

const watch = (client: Client, query?: string) =>
  LiveSocket.open(plane.origin, client, query === undefined ? {} : { query });

/** An upgrade that is answered as a request is. */
function upgrade(protocols: string, headers = {}, query = ''): Promise<Answer> {
  return send(plane.origin, {
    method: 'GET',
    path: `/v1/live${query}`,
    headers: {
      connection: 'upgrade',
      upgrade: 'websocket',
      'sec-websocket-version': '13',
      'sec-websocket-key': KEY,
      'sec-websocket-protocol': protocols,
      ...headers,
    },
  });
}

const offered = (ticket: string) => `countersign.live.v1, ${ticket}`;

const liveSockets = async (tenant: TestTenant) => {
  const { limits } = must(await tenant.olivia.get('/v1/limits')).body as {
    limits?: readonly { name: string; used: number }[];
  };
  return limits?.find(({ name }) => name === 'live_sockets')?.used;
};

/** Sequences from one to another. */
const range = (after: number, through: number) =>
  Array.from({ length: through - after }, (_, place) => after + place + 1);

describe('the live feed', () => {
  test('tells what has been recorded, without its content', async () => {
    const tenant = await plane.tenant();
    const feed = await watch(tenant.olivia);
    const [hello] = feed.messages;
    if (hello?.kind !== 'hello') throw new TypeError('the first message is no hello');
    const id = await propose(tenant.service, {}, { reason: 'a word that nobody else says: quintessence' });
    await approve(tenant.ada, id);
    await feed.until(() => feed.entries.length >= 2);
    expect(feed.entries.map(({ kind, proposal_id }) => [kind, proposal_id])).toEqual([
      ['proposal.submitted', id],
      ['proposal.approved', id],
    ]);
    expect(JSON.stringify(feed.messages)).not.toContain('quintessence');
    const ledger = must(await tenant.olivia.get(`/v1/ledger?cursor=${hello.head.seq}`)).body;
    expect(feed.head).toEqual(ledger.head);
    expect(feed.entries.map(({ seq, at, kind, subject }) => ({ seq, at, type: kind, subject }))).toEqual(
      ledger.entries?.map(({ seq, at, type, subject }) => ({ seq, at, type, subject })),
    );
    feed.close();
  });

  test('chooses its protocol and never the ticket', async () => {
    const tenant = await plane.tenant();
    const feed = await watch(tenant.olivia);
    expect(feed.socket.protocol).toBe('countersign.live.v1');
    feed.close();
  });

  test('answers a ping, and ends a socket that says anything else', async () => {
    const tenant = await plane.tenant();
    const feed = await watch(tenant.olivia);
    feed.socket.send('ping');
    await feed.until(() => feed.pongs === 1);
    feed.socket.send('{"kind":"subscribe"}');
    expect((await feed.closed.promise).code).toBe(4005);
    await eventually(
      () => liveSockets(tenant),
      (used) => used === 0,
    );
  });

  test('of one project tells nothing of another', async () => {
    const tenant = await plane.tenant();
    const other = await plane.tenant();
    const feed = await watch(tenant.olivia);
    const theirs = await watch(other.olivia);
    await propose(other.service);
    await theirs.until(() => theirs.entries.length > 0);
    const own = await propose(tenant.service);
    await feed.until(() => feed.entries.length > 0);
    expect(feed.entries.map(({ proposal_id }) => proposal_id)).toEqual([own]);
    feed.close();
    theirs.close();
  });

  test('keeps from a viewer what a viewer may not see, but not that there is something', async () => {
    const tenant = await plane.tenant();
    const feed = await watch(tenant.vera);
    const whole = await watch(tenant.olivia);
    must(await tenant.olivia.post('/v1/cors-origins/allow', { origin: PAGE }));
    const id = await propose(tenant.service);
    await feed.until(() => feed.entries.length >= 2);
    await whole.until(() => whole.entries.length >= 2);
    expect(whole.entries.map(({ kind }) => kind)).toEqual(['cors.allowed', 'proposal.submitted']);
    const [hidden, shown] = feed.entries;
    expect(Object.keys(hidden ?? {})).toEqual(['seq', 'at']);
    expect(shown).toMatchObject({ kind: 'proposal.submitted', proposal_id: id });
    feed.close();
    whole.close();
  });

  test('tells 200 turns at once in order, each once', async () => {
    const tenant = await plane.tenant();
    const feeds = await Promise.all([tenant.olivia, tenant.vera, tenant.service].map((one) => watch(one)));
    const before = feeds[0]?.head?.seq ?? 0;
    await Promise.all(Array.from({ length: 200 }, () => propose(tenant.service)));
    for (const feed of feeds) {
      await feed.until(() => feed.entries.length >= 200);
      expect(feed.entries.map(({ seq }) => seq)).toEqual(range(before, before + 200));
      feed.close();
    }
  });
});

describe('who comes back', () => {
  test('is told what came after the sequence that they know', async () => {
    const tenant = await plane.tenant();
    const first = await watch(tenant.olivia);
    const known = first.head;
    first.close();
    for (let count = 0; count < 3; count += 1) await propose(tenant.service);
    const again = await watch(tenant.olivia, `?after=${known?.seq}&hash=${known?.hash}`);
    await propose(tenant.service);
    await again.until(() => again.entries.length >= 4);
    const after = known?.seq ?? 0;
    expect(again.entries.map(({ seq }) => seq)).toEqual(range(after, after + 4));
    again.close();
  });

  test('misses nothing of what is recorded while they come', async () => {
    const tenant = await plane.tenant();
    const proposing = Promise.all(Array.from({ length: 60 }, () => propose(tenant.service)));
    const feeds = await Promise.all(Array.from({ length: 12 }, () => watch(tenant.olivia, '?after=1')));
    await proposing;
    const { head } = must(await tenant.olivia.get('/v1/ledger?limit=1')).body as { head?: { seq: number } };
    for (const feed of feeds) {
      await feed.until(() => feed.head?.seq === head?.seq);
      expect(feed.entries.map(({ seq }) => seq)).toEqual(range(1, head?.seq ?? 0));
      feed.close();
    }
  });

  test.each([
    ['from beyond the end', () => '?after=1000000'],
    ['with the entry of another ledger', () => `?after=1&hash=sha256:${'0'.repeat(64)}`],
  ])('%s reads anew', async (_name, query) => {
    const tenant = await plane.tenant();
    const feed = await watch(tenant.olivia, query());
    await feed.until(() => feed.messages.length >= 3);
    expect(feed.messages.map(({ kind }) => kind)).toEqual(['hello', 'reset', 'ack']);
    const id = await propose(tenant.service);
    await feed.until(() => feed.entries.length >= 1);
    expect(feed.entries[0]?.proposal_id).toBe(id);
    feed.close();
  });

  test('too far behind reads anew', async () => {
    const tenant = await plane.tenant();
    await plane.query(
      `INSERT INTO ledger (tenant, seq, at, actor_kind, actor_id, type, subject, body, prev_hash, hash)
       SELECT l.tenant, 100 + n.value, l.at, l.actor_kind, l.actor_id, l.type, l.subject, l.body, l.prev_hash, l.hash
       FROM ledger l, json_each(?2) n WHERE l.tenant = ?1 AND l.seq = 1`,
      tenant.project,
      JSON.stringify(range(0, 1_001)),
    );
    await plane.query('UPDATE heads SET seq = 1101 WHERE tenant = ?1', tenant.project);
    const behind = await watch(tenant.olivia, '?after=100');
    await behind.until(() => behind.messages.length >= 3);
    expect(behind.messages.map(({ kind }) => kind)).toEqual(['hello', 'reset', 'ack']);
    const near = await watch(tenant.olivia, '?after=101');
    await near.until(() => near.entries.length >= 1_000);
    expect(near.entries.map(({ seq }) => seq)).toEqual(range(101, 1_101));
    behind.close();
    near.close();
  });
});

describe('a ticket', () => {
  test('counts once', async () => {
    const tenant = await plane.tenant();
    const ticket = await liveTicket(tenant.olivia);
    const feed = new LiveSocket(plane.origin, ticket);
    await feed.until(() => feed.messages.length > 0);
    expectProblem(await upgrade(offered(ticket)), 'ticket_invalid');
    feed.close();
  });

  test('is needed, and no token stands in for it', async () => {
    const tenant = await plane.tenant();
    const { token } = tenant.service;
    expectProblem(await upgrade('countersign.live.v1'), 'ticket_missing');
    expectProblem(
      await upgrade('countersign.live.v1', { authorization: `Bearer ${token}` }),
      'ticket_missing',
    );
    expectProblem(await upgrade(offered(token)), 'ticket_invalid');
    expectProblem(await upgrade(offered(`${await liveTicket(tenant.olivia)}A`)), 'ticket_invalid');
    expectProblem(await upgrade(`${await liveTicket(tenant.olivia)}`), 'ticket_missing');
  });

  test('opens nothing by an ordinary request, of another project, or with a field that is not known', async () => {
    const tenant = await plane.tenant();
    const other = await plane.tenant();
    expectProblem(await send(plane.origin, { method: 'GET', path: '/v1/live' }), 'upgrade_required');
    const ticket = await liveTicket(tenant.olivia);
    expectProblem(await upgrade(offered(ticket), {}, `?project_id=${other.project}`), 'wrong_project');
    expectProblem(await upgrade(offered(ticket), {}, '?ticket=1'), 'unknown_field');
    expectProblem(await upgrade(offered(ticket), {}, '?hash=sha256:0'), 'validation_failed');
    const feed = new LiveSocket(plane.origin, ticket, { query: `?project_id=${tenant.project}` });
    await feed.until(() => feed.messages.length > 0);
    feed.close();
  });

  test('is of whoever asked: a member who was removed since then opens nothing', async () => {
    const tenant = await plane.tenant();
    const ticket = await liveTicket(tenant.vera);
    await removeMember(tenant, 'vera');
    expectProblem(await upgrade(offered(ticket)), 'project_not_found');
    expectProblem(await tenant.vera.post('/v1/live/tickets'), 'project_not_found');
    expect(await liveSockets(tenant)).toBe(0);
  });

  test('counts for half a minute, and what it opens for an hour', async () => {
    const clocked = await sharedClockedPlane();
    const tenant = await clocked.tenant();
    const late = await liveTicket(tenant.service);
    await clocked.advance(tenant, 30_000);
    const refused = new LiveSocket(clocked.origin, late);
    await refused.closed.promise;
    expect(refused.messages).toEqual([]);
    const feed = await LiveSocket.open(clocked.origin, tenant.service);
    await clocked.advance(tenant, 3_599_999);
    await propose(tenant.service);
    await feed.until(() => feed.entries.length === 1);
    await clocked.advance(tenant, 1);
    await propose(tenant.service);
    expect((await feed.closed.promise).code).toBe(4000);
    expect(feed.entries).toHaveLength(1);
  });

  test('is no token', async () => {
    const tenant = await plane.tenant();
    const ticket = await liveTicket(tenant.olivia);
    expectProblem(await tenant.bearing(ticket).get('/v1/proposals'), 'token_invalid');
  });
});

describe('a page', () => {
  test('of an origin that the project does not know is refused before anything is opened', async () => {
    const tenant = await plane.tenant();
    const ticket = await liveTicket(tenant.olivia);
    for (const origin of [
      'https://evil.example.com',
      'null',
      'file://',
      `${plane.origin.replace('http', 'https')}0`,
    ]) {
      expectProblem(await upgrade(offered(ticket), { origin }), 'origin_refused');
    }
    expect(await liveSockets(tenant)).toBe(0);
    const feed = new LiveSocket(plane.origin, ticket, { headers: { origin: plane.origin } });
    await feed.until(() => feed.messages.length > 0);
    feed.close();
  });

  test('of an origin on the list is served, where its address names the project', async () => {
    const tenant = await plane.tenant();
    must(await tenant.olivia.post('/v1/cors-origins/allow', { origin: PAGE }));
    const feed = await LiveSocket.open(plane.origin, tenant.olivia, {
      query: `?project_id=${tenant.project}`,
      headers: { origin: PAGE },
    });
    feed.close();
    const other = await plane.tenant();
    const ticket = await liveTicket(other.olivia);
    expectProblem(
      await upgrade(offered(ticket), { origin: PAGE }, `?project_id=${other.project}`),
      'origin_refused',
    );
  });
});

async function removeMember(tenant: TestTenant, name: string): Promise<void> {
  const person = plane.issuers.get('members').personOf(name);
  must(await tenant.olivia.post(`/v1/members/${encodeURIComponent(person)}/remove`, { reason: 'left' }));
}

describe('whoever loses what they may see', () => {
  test('is cut off in the turn that takes it, and others are not', async () => {
    const tenant = await plane.tenant();
    const feed = await watch(tenant.vera);
    const other = await watch(tenant.olivia);
    await removeMember(tenant, 'vera');
    expect((await feed.closed.promise).code).toBe(4001);
    expect(feed.entries).toEqual([]);
    await other.until(() => other.entries.length >= 1);
    expect(other.entries.map(({ kind }) => kind)).toEqual(['member.removed']);
    other.close();
  });

  test('a key that is revoked is cut off', async () => {
    const tenant = await plane.tenant();
    const feed = await watch(tenant.service);
    // To be used is no change of it.
    await propose(tenant.service);
    await feed.until(() => feed.entries.length >= 1);
    must(await tenant.olivia.post('/v1/control/api-keys/revoke', { key_id: 'crd_service', reason: 'lost' }));
    expect((await feed.closed.promise).code).toBe(4001);
  });

  test('a token that was ended is cut off', async () => {
    const tenant = await plane.tenant();
    const own = tenant.bearing(
      await plane.issuers.get('members').sign('olivia', { claims: { jti: 'one more' } }),
    );
    const feed = await watch(own);
    const other = await watch(tenant.olivia);
    must(await own.post('/v1/control/sessions/revoke'));
    expect((await feed.closed.promise).code).toBe(4001);
    await other.until(() => other.entries.length >= 1);
    other.close();
  });
});
