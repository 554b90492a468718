import { snapshotKeysSchema } from '@countersign/protocol/backup/snapshot-keys';
import { knownMigrations } from '@countersign/protocol/known-migrations';
import type { BackupMeans } from '@countersign/provisioner/backup/backup-means';
import type { SnapshotStore } from '@countersign/provisioner/backup/snapshot-store';
import { newestGood, readSnapshot, shelfOf } from '@countersign/provisioner/backup/stored-snapshots';
import type { Surroundings } from '@countersign/provisioner/backup/surroundings';
import { freshSnapshot } from '@countersign/provisioner/backup/take-snapshot';
import { FRESH_RETURN, type Work } from '@countersign/provisioner/backup/work';
import { nextPiece } from '@countersign/provisioner/backup/work-pieces';
import type { SqlDatabase } from '@countersign/provisioner/means';
import { beforeEach, describe, expect, test } from 'vitest';
import { askAll, foundTenant } from '../simulation/found-tenant.ts';
import { ADDRESS, owner, TENANT } from '../simulation/tenant.ts';
import { keptRecord } from '../support/kept-record.ts';
import { newSnapshotKey } from '../support/snapshot-keys.ts';
import { migrationSql, SqliteDatabase } from '../support/sqlite-database.ts';

const NOW = Date.UTC(2027, 0, 15);
const FIRST = `snp_${'0'.repeat(25)}1`;
const ASIDE = `snp_${'0'.repeat(25)}2`;
const schema = migrationSql();
const keys = snapshotKeysSchema.parse([newSnapshotKey('first')]);
const KILLS_MS = 60_000;

/** A process that ends here; what it asked for last was done, or was not. */
class Killed extends Error {
  override name = 'Killed';
}

interface Kill {
  /** The number of the call to the outside. */
  readonly at: number;
  readonly when: 'before' | 'after';
}

/** Everything outside of a work: it outlives each kill. */
class Outside {
  readonly live = new SqliteDatabase(schema);
  readonly scratch = new SqliteDatabase(schema);
  readonly files = new Map<string, Uint8Array>();
  calls = 0;
  #kill: Kill | undefined;
  #files = 0;

  strikes(kill: Kill | undefined): void {
    this.#kill = kill;
    this.calls = 0;
  }

  around(): Surroundings {
    const means = this.#means();
    return {
      means,
      project: { tenant: TENANT, shard: 'DB', label: 'shop', region: 'weur' },
      before: async () => newestGood((await shelfOf(means.store, TENANT)).snapshots),
      newSnapshotId: () => ASIDE,
    };
  }

  async #asked<Answer>(call: () => Promise<Answer>): Promise<Answer> {
    this.calls += 1;
    const isHere = this.#kill?.at === this.calls;
    if (isHere && this.#kill?.when === 'before') throw new Killed('before');
    const answer = await call();
    if (isHere) throw new Killed('after');
    return answer;
  }

  #means(): BackupMeans {
    const record = (objectName: string) => {
      const kept = keptRecord(objectName === TENANT ? this.live : this.scratch, TENANT, NOW);
      return {
        readPage: (...call: Parameters<typeof kept.readPage>) => this.#asked(() => kept.readPage(...call)),
        compare: (...call: Parameters<typeof kept.compare>) => this.#asked(() => kept.compare(...call)),
        restore: (...call: Parameters<typeof kept.restore>) => this.#asked(() => kept.restore(...call)),
        hold: (...call: Parameters<typeof kept.hold>) => this.#asked(() => kept.hold(...call)),
        dismiss: () => this.#asked(() => kept.dismiss()),
        forget: () => this.#asked(() => kept.forget()),
      };
    };
    const records = new Map<string, ReturnType<typeof record>>();
    return {
      settings: { everyHours: null, proveEveryHours: null, keep: { count: 5, days: 30 } },
      store: this.#store(),
      keys,
      schema: knownMigrations.at(-1) ?? '',
      directory: this.#sql(this.live),
      shard: (binding) => this.#sql(binding === 'SCRATCH' ? this.scratch : this.live),
      scratch: 'SCRATCH',
      hostedRunners: undefined,
      forgetSaga: () => this.#asked(async () => undefined),
      record: (name) => {
        const known = records.get(name) ?? record(name);
        records.set(name, known);
        return known;
      },
      now: () => NOW,
      chance: () => {
        this.#files += 1;
        return this.#files.toString(16).padStart(8, '0');
      },
    };
  }

  #sql(database: SqliteDatabase): SqlDatabase {
    return {
      batch: (statements) =>
        this.#asked(async () => (await database.batch([...statements])).map(({ rows }) => rows)),
    };
  }

  #store(): SnapshotStore {
    return {
      put: (name, bytes) =>
        this.#asked(async () => {
          if (this.files.has(name)) return false;
          this.files.set(name, bytes);
          return true;
        }),
      get: (name) => this.#asked(async () => this.files.get(name)),
      list: (prefix) =>
        this.#asked(async () => [...this.files.keys()].filter((name) => name.startsWith(prefix)).sort()),
      remove: (names) =>
        this.#asked(async () => {
          for (const name of names) this.files.delete(name);
        }),
    };
  }
}

let outside: Outside;
beforeEach(async () => {
  outside = new Outside();
  await foundTenant(outside.live, 'backups');
  outside.live.run([
    {
      sql: "INSERT INTO idempotency (tenant, key, request, status, answer) VALUES (?1, 'k', 'r', 201, '{}')",
      params: [TENANT],
    },
  ]);
});

const common = { work_id: 'bkp_1', begunAt: NOW, attempts: 0, trouble: null };
const snapshotWork = (): Work => ({
  ...common,
  kind: 'snapshot',
  snapshot_id: FIRST,
  state: freshSnapshot(TENANT, FIRST, 'demand'),
});
const restoreWork = (isRevokedAccepted = false): Work => ({
  ...common,
  kind: 'restore',
  snapshot_id: FIRST,
  phase: 'check',
  by: { by: 'person:olivia', name: 'Olivia' },
  reason: 'it was lost',
  isRevokedAccepted,
  kept: null,
  endedLogins: [],
  losses: null,
  state: FRESH_RETURN,
});
const proofWork = (): Work => ({ ...common, kind: 'proof', snapshot_id: FIRST, state: FRESH_RETURN });
const archiveWork = (): Work => ({
  ...common,
  kind: 'archive',
  snapshot_id: FIRST,
  phase: 'drain',
  reason: 'it is over',
  copy: null,
});
const deleteWork = (): Work => ({ ...common, kind: 'delete', snapshot_id: '', phase: 'machines' });

/** Works to the end; killed where that is said, and then going on from what was stored last. How it ended. */
async function played(begun: Work, kill?: Kill): Promise<string> {
  outside.strikes(kill);
  let around = outside.around();
  let work = begun;
  for (;;) {
    try {
      const piece = await nextPiece(around, work);
      if (piece.kind !== 'on' && piece.kind !== 'wait') return piece.kind;
      work = piece.work;
    } catch (fault) {
      if (!(fault instanceof Killed)) throw fault;
      // Whoever goes on is another process: nothing is remembered but what was stored.
      around = outside.around();
    }
  }
}

/** Each moment at which the outside is asked something by this work, before it is done and after. */
async function momentsOf(begin: () => Work): Promise<readonly Kill[]> {
  await played(begin());
  return Array.from({ length: outside.calls }, (_, place) => place + 1).flatMap((at) => [
    { at, when: 'before' as const },
    { at, when: 'after' as const },
  ]);
}

const tables = () =>
  (
    outside.live.run([{ sql: "SELECT name FROM sqlite_master WHERE type = 'table'", params: [] }])[0]?.rows ??
    []
  )
    .map(({ name }) => String(name))
    .filter((name) => !['shards', 'stale_writer', 'tenants'].includes(name));

function rowsOf(database: SqliteDatabase, but: readonly string[] = []) {
  return Object.fromEntries(
    tables()
      .filter((name) => !but.includes(name))
      .map((name) => {
        const sql = `SELECT * FROM ${name} WHERE tenant = ?1 ORDER BY 1, 2`;
        return [name, database.run([{ sql, params: [TENANT] }])[0]?.rows];
      }),
  );
}

/** What the entry that a restore wrote says. */
function restoredEntry(): unknown {
  const sql = "SELECT body FROM ledger WHERE tenant = ?1 AND type = 'tenant.restored'";
  return JSON.parse(String(outside.live.run([{ sql, params: [TENANT] }])[0]?.rows.at(-1)?.body));
}

const TAKEN_AWAY = ['credential.revoked', 'member.removed'] as const;

async function takeAway(): Promise<void> {
  await askAll(outside.live, 'taking away', [
    [owner, { type: 'revoke-credential', kind: 'agent', credentialId: 'crd_ada', reason: 'it leaked' }],
    [owner, { type: 'remove-member', person: 'iss cyd', reason: 'left' }],
  ]);
}

function restoredLedger() {
  const sql = 'SELECT seq, type, hash FROM ledger WHERE tenant = ?1 ORDER BY seq';
  return outside.live.run([{ sql, params: [TENANT] }])[0]?.rows ?? [];
}

describe('killed at any moment, and gone on with', () => {
  test(
    'a snapshot is whole, or still in the making',
    async () => {
      const moments = await momentsOf(snapshotWork);
      expect(moments.length).toBeGreaterThan(10);
      const [ended, calls] = [rowsOf(outside.live), outside.calls];
      for (const kill of moments) {
        outside.files.clear();
        expect(await played(snapshotWork(), kill), JSON.stringify(kill)).toBe('done');
        const { snapshots } = await shelfOf(outside.around().means.store, TENANT);
        expect(snapshots.map(({ refusedBecause }) => refusedBecause)).toEqual([null]);
        expect(await played(proofWork()), JSON.stringify(kill)).toBe('done');
      }
      expect(rowsOf(outside.live)).toEqual(ended);
      expect(calls).toBeGreaterThan(5);
    },
    KILLS_MS,
  );

  test(
    'a restore brings every row back, once',
    async () => {
      await played(snapshotWork());
      const before = {
        ledger: restoredLedger(),
        rows: rowsOf(outside.live, ['ledger', 'heads', 'settings']),
      };
      const moments = await momentsOf(restoreWork);
      for (const kill of moments) {
        for (const name of outside.files.keys()) if (name.includes(ASIDE)) outside.files.delete(name);
        expect(await played(restoreWork(), kill), JSON.stringify(kill)).toBe('done');
        expect(rowsOf(outside.live, ['ledger', 'heads', 'settings'])).toEqual(before.rows);
        const ledger = restoredLedger();
        expect(ledger.slice(0, before.ledger.length)).toEqual(before.ledger);
        expect(ledger.slice(before.ledger.length).map(({ type }) => type)).toEqual(['tenant.restored']);
        const [line] = outside.live.run([{ sql: 'SELECT status FROM tenants', params: [] }])[0]?.rows ?? [];
        expect(line?.status).toBe('active');
      }
    },
    KILLS_MS,
  );

  test(
    'a restore takes away again what was taken away, once',
    async () => {
      await played(snapshotWork());
      const { length: copied } = restoredLedger();
      await takeAway();
      // Each goes on from the snapshot, and so has the losses that the next one finds.
      for (const kill of await momentsOf(restoreWork)) {
        for (const name of outside.files.keys()) if (name.includes(ASIDE)) outside.files.delete(name);
        expect(await played(restoreWork(), kill), JSON.stringify(kill)).toBe('done');
        const types = restoredLedger().map(({ type }) => type);
        expect(types.slice(copied)).toEqual(['tenant.restored', ...TAKEN_AWAY]);
      }
      const verdict = await keptRecord(outside.live, TENANT, NOW).compare(ADDRESS);
      expect(verdict).toEqual({ kind: 'matches', entries: copied + 1 + TAKEN_AWAY.length });
    },
    KILLS_MS,
  );

  test(
    'a proof leaves the tenant alone, and nothing where it was made',
    async () => {
      await played(snapshotWork());
      const before = rowsOf(outside.live);
      for (const kill of await momentsOf(proofWork)) {
        expect(await played(proofWork(), kill), JSON.stringify(kill)).toBe('done');
        expect(rowsOf(outside.live)).toEqual(before);
        for (const rows of Object.values(rowsOf(outside.scratch))) expect(rows).toEqual([]);
      }
    },
    KILLS_MS,
  );

  test(
    'an archive is kept before anything is told to be archived',
    async () => {
      for (const kill of await momentsOf(archiveWork)) {
        outside.files.clear();
        outside.live.run([{ sql: "UPDATE tenants SET status = 'active'", params: [] }]);
        expect(await played(archiveWork(), kill), JSON.stringify(kill)).toBe('done');
        const found = await readSnapshot(outside.around().means.store, TENANT, FIRST);
        expect(found?.refusedBecause).toBeNull();
        const [line] = outside.live.run([{ sql: 'SELECT status FROM tenants', params: [] }])[0]?.rows ?? [];
        expect(line?.status).toBe('archived');
      }
    },
    KILLS_MS,
  );

  test(
    'an end leaves nothing',
    async () => {
      await played(snapshotWork());
      const moments = await momentsOf(deleteWork);
      expect(moments.length).toBeGreaterThan(10);
      for (const kill of moments) {
        outside = new Outside();
        await foundTenant(outside.live, 'backups');
        await played(snapshotWork());
        expect(await played(deleteWork(), kill), JSON.stringify(kill)).toBe('gone');
        for (const rows of Object.values(rowsOf(outside.live))) expect(rows).toEqual([]);
        expect(outside.live.run([{ sql: 'SELECT * FROM tenants', params: [] }])[0]?.rows).toEqual([]);
        expect([...outside.files.keys()]).toEqual([]);
      }
    },
    KILLS_MS,
  );
});

test('a copy that is not as it was made is never brought back, and what is there stays', async () => {
  await played(snapshotWork());
  const before = rowsOf(outside.live);
  const names = [...outside.files.keys()].filter((name) => name.endsWith('.gz'));
  expect(names.length).toBeGreaterThan(1);
  for (const name of names) {
    const bytes = outside.files.get(name) ?? new Uint8Array();
    for (const altered of [
      bytes.slice(1),
      bytes.map((byte, at) => (at === bytes.length >> 1 ? byte ^ 1 : byte)),
    ]) {
      outside.files.set(name, altered);
      await expect(played(restoreWork())).rejects.toMatchObject({ code: 'file_altered' });
    }
    outside.files.delete(name);
    await expect(played(restoreWork())).rejects.toMatchObject({ code: 'file_missing' });
    outside.files.set(name, bytes);
  }
  expect(rowsOf(outside.live)).toEqual(before);
});

describe('where it is not known what was taken away', () => {
  test.each([
    "UPDATE ledger SET actor_id = 'x' WHERE seq = 3",
    'DELETE FROM ledger WHERE seq > 3',
    "UPDATE ledger SET type = 'power.taken' WHERE seq = 3",
  ])('nothing is erased before that was accepted: %s', async (sql) => {
    await played(snapshotWork());
    await takeAway();
    outside.live.run([{ sql, params: [] }]);
    const before = rowsOf(outside.live);
    await expect(played(restoreWork())).rejects.toMatchObject({ code: 'losses_unknown' });
    expect(rowsOf(outside.live)).toEqual(before);
    for (const name of outside.files.keys()) if (name.includes(ASIDE)) outside.files.delete(name);
    expect(await played(restoreWork(true))).toBe('done');
    expect(restoredEntry()).toMatchObject({ losses: { carried: null, because: 'not_verified' } });
  });

  test('a record that did not go on from the snapshot says nothing of it', async () => {
    await takeAway();
    await played(snapshotWork());
    // It has other entries from the first on.
    await foundTenant(outside.live, 'another');
    await expect(played(restoreWork())).rejects.toMatchObject({ code: 'losses_unknown' });
    for (const name of outside.files.keys()) if (name.includes(ASIDE)) outside.files.delete(name);
    expect(await played(restoreWork(true))).toBe('done');
    expect(restoredEntry()).toMatchObject({ losses: { carried: null, because: 'not_descended' } });
  });

  test('a project without a record has lost nothing that could be read', async () => {
    await played(snapshotWork());
    for (const name of tables()) outside.live.run([{ sql: `DELETE FROM ${name}`, params: [] }]);
    expect(await played(restoreWork())).toBe('done');
    expect(restoredEntry()).toMatchObject({ losses: { carried: null, because: 'no_record' } });
  });
});

test('no proof is made in a database that tenants live in', async () => {
  await played(snapshotWork());
  outside.scratch.run([
    {
      sql: "INSERT INTO tenants (tenant, label, shard, region, status, created_at) VALUES ('other', 'other', 'DB', '', 'active', 0)",
      params: [],
    },
  ]);
  await expect(played(proofWork())).rejects.toMatchObject({ code: 'scratch_in_use' });
});
