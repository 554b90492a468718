import { setTimeout as pass } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { send } from '../support/http.ts';
import { must } from '../support/must.ts';
import { startTestPlane, type TestPlane } from '../support/plane.ts';

const TENANTS = 60;
const PROJECTS = '/v1/account/projects';
const STEPS = ['reserve_label', 'place', 'create_tenant', 'open'];
/** The platform lets an idle object leave memory after about ten seconds. */
const IDLE_MS = [14_000, 20_000, 30_000] as const;

let plane: TestPlane;
beforeAll(async () => {
  plane = await startTestPlane({ provisioner: {} });
}, 60_000);
afterAll(() => plane?.stop());

interface Made {
  readonly project: string;
  read(path: string): Promise<Readonly<Record<string, unknown>>>;
}

async function made(place: number): Promise<Made> {
  const token = await plane.issuers.get('members').sign(`owner-${place}`);
  const ask = async (method: string, path: string, body?: object) =>
    must(await send(plane.origin, { method, path, token, ...(body === undefined ? {} : { body }) })).body;
  const label = `tenant-${place}`;
  let progress = await ask('POST', PROJECTS, { label, sources: [] });
  while (progress.state === 'going')
    progress = await ask('GET', `${PROJECTS}/${label}/progress?wait_seconds=10&after=${progress.revision}`);
  expect(progress).toMatchObject({ state: 'done', failure: null });
  expect(progress.steps).toMatchObject(STEPS.map((name) => ({ name, state: 'done' })));
  const project = String(progress.project_id);
  return { project, read: (path) => ask('GET', `${path}?project_id=${project}`) };
}

/** When each one's object was started that is in memory now, or is started by this look. */
async function startedAt(all: readonly Made[]): Promise<readonly unknown[]> {
  return Promise.all(
    all.map(async ({ read }) => Object((await read('/v1/engine/health')).object).started_at),
  );
}

test('each of many tenants is whole, and none stays in memory when nobody asks for it', async () => {
  const all: Made[] = [];
  while (all.length < TENANTS) all.push(await made(all.length));
  expect(new Set(all.map(({ project }) => project)).size).toBe(TENANTS);
  for (const table of ['heads', 'settings', 'members', 'ledger'])
    expect(await plane.query(`SELECT DISTINCT tenant FROM ${table}`), table).toHaveLength(TENANTS);
  expect(await plane.query("SELECT 1 FROM tenants WHERE status = 'active'")).toHaveLength(TENANTS);
  expect(await plane.query('SELECT shard, held FROM shards')).toEqual([{ shard: 'DB', held: TENANTS }]);
  const before = await startedAt(all);
  for (const idleMs of IDLE_MS) {
    // Nothing but time may pass: whatever looked at an object would keep it in memory.
    await pass(idleMs);
    const after = await startedAt(all);
    if (after.every((time, place) => time !== before[place])) return;
  }
  expect.unreachable('some object stayed in memory the whole time');
}, 150_000);
