import { once } from 'node:events';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { verifyExport } from '@countersign/protocol/verify-export';
import { appliedMigrations, knownMigrations } from '@countersign/serve/apply-migrations';
import { copiesBeside } from '@countersign/serve/copy-before';
import { type OpenStore, openStore } from '@countersign/serve/open-store';
import { MIGRATIONS } from '@countersign/serve/plane-files';
import { readAppliedMigrations } from '@countersign/serve/read-record';
import { storePaths } from '@countersign/serve/store-paths';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { expectProblem } from '../support/expect-problem.ts';
import { claimRehearsals, request } from '../support/flow.ts';
import { send } from '../support/http.ts';
import { must } from '../support/must.ts';
import { endOf, ServedPlane } from '../support/served-plane.ts';
import type { TestTenant } from '../support/tenant.ts';

/* The control plane on one machine, as the command line runs it, with the real workerd below. */

// Each starts several processes, on machines that have two cores and other things to do.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let served: ServedPlane;
let tenant: TestTenant;

beforeAll(async () => {
  served = await ServedPlane.configure();
  tenant = await served.addTenant();
});
afterAll(() => served?.remove());
afterEach(async () => {
  await served.run('serve', '--stop');
});

const health = () =>
  send(served.origin, { method: 'GET', path: '/health' }).then(
    ({ status }) => status,
    () => 'nobody' as const,
  );

async function startDaemon(): Promise<string> {
  const ran = await served.run('serve', '--daemon');
  expect(ran).toMatchObject({ code: 0, err: '' });
  return ran.out;
}

/** Resolves when it has said that it serves, or has ended. */
async function startForeground() {
  const child = served.start('serve', '--foreground');
  const ended = endOf(child);
  if (child.stderr !== null) await Promise.race([once(child.stderr, 'data'), ended]);
  return { child, ended };
}

/** Until the system has no such process. */
const gone = (pid: number) =>
  eventually(
    async () => isThere(pid),
    (there) => !there,
  );

function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

test('a daemon serves until it is stopped, and is the only one', async () => {
  const banner = await startDaemon();
  expect(banner).toMatch(new RegExp(`^address +${served.origin}$`, 'm'));
  expect(banner).toContain(served.store);
  expect(banner).toMatch(/^backup destination +none: nothing is copied off this host$/m);
  expect(await health()).toBe(200);
  const status = await served.status();
  expect(status).toEqual({
    running: true,
    pid: expect.any(Number),
    stale_pid: null,
    url: served.origin,
    healthy: true,
    version: expect.stringMatching(/^\d+\.\d+\.\d+$/),
    started_at: expect.any(String),
    uptime_seconds: expect.any(Number),
    store: served.store,
    store_bytes: expect.any(Number),
    log: storePaths(served.store).log,
    tenants: 1,
    backup_destination: null,
    warnings: [],
  });
  expectProblem(await tenant.olivia.get('/v1/backups'), 'backups_not_kept');
  const wish = { method: 'POST', path: '/v1/account/projects', body: { label: 'mine' } } as const;
  expectProblem(await send(served.origin, { ...wish, token: tenant.olivia.token }), 'provisioning_closed');
  for (const way of ['--daemon', '--foreground']) {
    const ran = await served.run('serve', way);
    expect(ran).toMatchObject({ code: 4, out: '', err: expect.stringContaining(`process ${status.pid}`) });
  }
  const { plane, supervisor, workerd } = await served.processes();
  expect(supervisor).toBe(status.pid);
  // A poll that is held ends with an answer or with its line; which is not promised.
  const poll = claimRehearsals(tenant.runner, { wait_seconds: 25 }).catch(() => undefined);
  expect(await served.run('serve', '--stop')).toMatchObject({ code: 0, err: '' });
  await poll;
  await Promise.all([gone(supervisor), gone(plane), gone(workerd)]);
  expect(await health()).toBe('nobody');
  expect((await served.run('status')).code).toBe(1);
  expect((await served.run('serve', '--stop')).code).toBe(1);
});

test('kill -9 under load loses nothing that was acknowledged, and leaves no workerd', async () => {
  await startDaemon();
  const { plane, supervisor, workerd } = await served.processes();
  await served.govern(tenant);
  const acknowledged: string[] = [];
  const asking = async () => {
    for (;;) {
      // The line breaks with the process, and then nobody knows of this one.
      const id = await request(tenant.agent).catch(() => undefined);
      if (id === undefined) return;
      acknowledged.push(id);
    }
  };
  const load = Promise.all([asking(), asking(), asking(), asking()]);
  await eventually(
    async () => acknowledged.length,
    (length) => length >= 40,
  );
  process.kill(supervisor, 'SIGKILL');
  await load;
  await Promise.all([gone(plane), gone(workerd)]);
  expect(await served.status()).toMatchObject({ running: false, stale_pid: supervisor });
  expect(await startDaemon()).toContain(`the PID file was left by process ${supervisor}`);
  for (const id of acknowledged) must(await tenant.agent.get(`/v1/proposals/${id}`));
  const { text } = must(await tenant.audra.get('/v1/ledger/export'));
  expect(await verifyExport(Readable.from(text.trimEnd().split('\n')))).toMatchObject({ ok: true });
});

test('kill -9 of everything but workerd leaves it for the next start, which ends it first', async () => {
  await startDaemon();
  const { plane, supervisor, workerd } = await served.processes();
  process.kill(supervisor, 'SIGKILL');
  process.kill(plane, 'SIGKILL');
  await Promise.all([gone(supervisor), gone(plane)]);
  expect(isThere(workerd)).toBe(true);
  await startDaemon();
  await gone(workerd);
  expect(await served.status()).toMatchObject({ healthy: true, tenants: 1 });
});

describe('in the foreground', () => {
  test.each(['workerd', 'plane'] as const)('kill -9 of %s ends the rest, and it fails', async (victim) => {
    const { ended } = await startForeground();
    const processes = await served.processes();
    process.kill(processes[victim], 'SIGKILL');
    expect(await ended).toMatchObject({ code: 1, err: expect.stringContaining('the plane ended by itself') });
    await Promise.all(Object.values(processes).map(gone));
    expect(await served.status()).toMatchObject({ running: false, stale_pid: null });
  });

  test('it logs lines of JSON, and ends well when it is told to', async () => {
    const { child, ended } = await startForeground();
    child.kill('SIGTERM');
    const { code, err, out } = await ended;
    expect(code).toBe(0);
    expect(err).toContain('standard output');
    const events = out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line).event);
    expect(events).toEqual(expect.arrayContaining(['plane.serving', 'plane.stopping', 'plane.stopped']));
  });
});

test('a port that somebody has is told, with what is still true and what to do', async () => {
  const other = createServer().listen(served.port, '127.0.0.1');
  await once(other, 'listening');
  try {
    const ran = await served.run('serve', '--daemon');
    expect(ran).toMatchObject({ code: 4, out: '' });
    expect(ran.err).toContain(`port ${served.port} of 127.0.0.1 is taken`);
    expect(ran.err).toContain('the store is as it was');
    expect(ran.err).toContain('next: stop what listens there');
    expect(await served.status()).toMatchObject({ running: false, stale_pid: null, tenants: 1 });
  } finally {
    other.close();
    await once(other, 'close');
  }
});

describe('a store', () => {
  const within = async <Result>(
    store: string,
    work: (database: OpenStore['database']) => Promise<Result>,
  ) => {
    const opened = await openStore(storePaths(store).plane);
    try {
      return await work(opened.database);
    } finally {
      await opened.close();
    }
  };
  const stepsIn = (store: string) => within(store, appliedMigrations);

  test('that is newer than the program is refused before anything is served', async () => {
    const { store } = served;
    const before = await stepsIn(store);
    const later = '9999_later.sql';
    await within(store, (database) => note(database, later).run());
    const ran = await served.run('serve', '--daemon');
    expect(ran).toMatchObject({ code: 3, out: '' });
    expect(ran.err).toContain(later);
    expect(ran.err).toMatch(/next: install version \d+\.\d+\.\d+ or a later one, then: countersign serve/);
    expect(await health()).toBe('nobody');
    expect(await stepsIn(store)).toEqual([...before, later]);
    await within(store, (database) =>
      database.prepare('DELETE FROM d1_migrations WHERE name = ?1').bind(later).run(),
    );
  });

  test('that lacks a step gets it, once it is copied as it was', async () => {
    const store = join(served.folder, 'older');
    await mkdir(store, { mode: 0o700 });
    const known = knownMigrations();
    await within(store, async (database) => {
      await appliedMigrations(database);
      for (const name of known.slice(0, -1)) {
        const statements = (await readFile(join(MIGRATIONS, name), 'utf8')).split('--> statement-breakpoint');
        await database.batch([...statements.map((sql) => database.prepare(sql)), note(database, name)]);
      }
    });
    const config = join(served.folder, 'older.json');
    await writeFile(config, JSON.stringify({ store, listen: { port: served.port }, issuers: [] }));
    await writeFile(storePaths(store).macKeys, 'k'.repeat(32), { mode: 0o600 });
    const copies = copiesBeside(storePaths(store).plane, undefined);
    await writeFile(copies, 'no folder');
    const refused = await served.run('serve', '--daemon', '--config', config);
    expect(refused).toMatchObject({ code: 3, err: expect.stringContaining('no migration was applied') });
    expect(await stepsIn(store)).toEqual(known.slice(0, -1));
    await rm(copies);
    const { code, out } = await served.run('serve', '--daemon', '--config', config);
    expect(code).toBe(0);
    expect((await served.run('serve', '--stop', '--config', config)).code).toBe(0);
    expect(await stepsIn(store)).toEqual(known);
    const [copy = '', ...more] = await readdir(copies);
    expect(more).toEqual([]);
    expect(out.replaceAll(/\s+/g, '')).toContain(`copiedasitwas${join(copies, copy)}`);
    expect(readAppliedMigrations(join(copies, copy))).toEqual([known.slice(0, -1)]);
    expect(await readFile(storePaths(store).log, 'utf8')).toContain('"plane.copied"');
  });
});

/** Notes that a database has had a step. */
function note(database: OpenStore['database'], name: string) {
  return database.prepare("INSERT INTO d1_migrations (name, applied_at) VALUES (?1, '')").bind(name);
}
