import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as pass } from 'node:timers/promises';
import { beforeAll, expect, test } from 'vitest';
import { eventually } from '../../support/eventually.ts';
import { propose } from '../../support/flow.ts';
import { LiveSocket, liveTicket } from '../../support/live-socket.ts';
import { must } from '../../support/must.ts';
import { type SharedPlane, sharedPlane } from '../../support/shared-planes.ts';
import type { Client, TestTenant } from '../../support/tenant.ts';

/** The platform lets an idle object leave memory after about ten seconds. */
const IDLE_MS = [12_000, 16_000, 20_000] as const;
const READERS = 50;
/** A reader has ten seconds to say that it reads. */
const TOO_LONG_MS = 10_500;

let plane: SharedPlane;
beforeAll(async () => {
  plane = await sharedPlane();
});

const startedAt = async (tenant: TestTenant) =>
  Object(must(await tenant.vera.get('/v1/engine/health')).body.object).started_at;

const liveSockets = async (tenant: TestTenant) => {
  const limits = Object(must(await tenant.olivia.get('/v1/limits')).body).limits;
  return limits.find(({ name }: { name: string }) => name === 'live_sockets')?.used;
};

/** Whether the object left memory; whatever it did, every reader must be told of the next turn, and of no other. */
async function isGoneWhileWatched(
  tenant: TestTenant,
  feeds: readonly LiveSocket[],
  idleMs: number,
): Promise<boolean> {
  const before = await startedAt(tenant);
  const known = feeds.map(({ entries }) => entries.length);
  // Nothing but time may pass: whatever looked at the object would keep it in memory.
  await pass(idleMs);
  const id = await propose(tenant.service);
  for (const [place, feed] of feeds.entries()) {
    await feed.until(() => feed.entries.length > (known[place] ?? 0));
    expect(feed.entries.slice(known[place]).map(({ proposal_id }) => proposal_id)).toEqual([id]);
  }
  return (await startedAt(tenant)) !== before;
}

test.concurrent('an idle tenant that fifty look at leaves memory, and all of them see the next turn', async () => {
  const tenant = await plane.tenant();
  const feeds = await Promise.all(
    Array.from({ length: READERS }, () => LiveSocket.open(plane.origin, tenant.olivia)),
  );
  const [first] = feeds;
  const begun = first?.head?.seq ?? 0;
  let isGone = false;
  for (const idleMs of IDLE_MS) {
    isGone ||= await isGoneWhileWatched(tenant, feeds, idleMs);
    if (isGone) break;
  }
  expect(isGone, 'the object stayed in memory the whole time').toBe(true);
  first?.close();
  await eventually(
    () => liveSockets(tenant),
    (used) => used === READERS - 1,
  );
  // Who comes back to an object that has forgotten everything misses nothing either.
  const again = await LiveSocket.open(plane.origin, tenant.olivia, { query: `?after=${begun}` });
  await propose(tenant.service);
  await again.until(() => again.entries.length > (first?.entries.length ?? 0));
  const seqs = again.entries.map(({ seq }) => seq);
  expect(seqs).toEqual(seqs.map((_, place) => begun + place + 1));
  for (const feed of [...feeds, again]) feed.close();
}, 90_000);

/** A client that is let in, and then reads nothing. */
async function openDeaf(client: Client): Promise<Socket> {
  const { hostname, port } = new URL(plane.origin);
  const ticket = await liveTicket(client);
  const socket = connect(Number(port), hostname);
  socket.write(
    [
      'GET /v1/live HTTP/1.1',
      `host: ${hostname}:${port}`,
      'connection: upgrade',
      'upgrade: websocket',
      'sec-websocket-version: 13',
      `sec-websocket-key: ${randomBytes(16).toString('base64')}`,
      `sec-websocket-protocol: countersign.live.v1, ${ticket}`,
      '\r\n',
    ].join('\r\n'),
  );
  const [answered] = await once(socket, 'data');
  expect(String(answered)).toMatch(/^HTTP\/1\.1 101 /);
  expect(String(answered)).not.toContain(ticket);
  socket.pause();
  return socket;
}

test.concurrent('a socket that never reads is closed, and keeps nobody else waiting', async () => {
  const tenant = await plane.tenant();
  const deaf = await openDeaf(tenant.olivia);
  const other = await LiveSocket.open(plane.origin, tenant.olivia);
  await propose(tenant.service);
  await other.until(() => other.entries.length === 1);
  expect(await liveSockets(tenant)).toBe(2);
  await pass(TOO_LONG_MS);
  await propose(tenant.service);
  await other.until(() => other.entries.length === 2);
  expect(await liveSockets(tenant)).toBe(1);
  deaf.destroy();
  other.close();
}, 60_000);
