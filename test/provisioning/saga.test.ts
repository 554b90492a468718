import { macKeyId } from '@countersign/protocol/mac-key-id';
import { readToken, tokenDigest } from '@countersign/protocol/token';
import { hostedCredentialId } from '@countersign/provisioner/hosted-runners';
import { hostedToken } from '@countersign/provisioner/hosted-token';
import type { Hosted, HostingProvider } from '@countersign/provisioner/hosting/hosting-provider';
import type { Means, SqlDatabase } from '@countersign/provisioner/means';
import { MOST_ATTEMPTS } from '@countersign/provisioner/saga/advance';
import { runSaga, type SagaHost } from '@countersign/provisioner/saga/run-saga';
import { newSaga, type Saga } from '@countersign/provisioner/saga/saga';
import { allSteps } from '@countersign/provisioner/steps/all-steps';
import { describe, expect, test } from 'vitest';
import { migrationSql, SqliteDatabase } from '../support/sqlite-database.ts';

const MAC_KEY = 'the key that signs the tokens of tests';
const NEWER_KEY = 'the key that was made when tests went on';
const SEED = 'what the tokens of hosted runners are made of';
const NOW = Date.UTC(2027, 0, 15);

const schema = migrationSql();
const KILLS_MS = 60_000;

/** Everything outside of the saga, which outlives each kill. */
class Outside {
  readonly shard = new SqliteDatabase(schema);
  readonly directory = this.shard;
  /** Apps at the hosting provider, with the token that each has. */
  readonly apps = new Map<string, { token: string | undefined; machines: number }>();
  hosting: Hosted = { ok: true };

  means(tenantsPerOwner = 1, macKeys: readonly [string, ...string[]] = [MAC_KEY]): Means {
    return {
      directory: asked(this.directory),
      shard: () => asked(this.shard),
      shards: [{ binding: 'SHARD_1', most: 10 }],
      tenantsPerOwner,
      hostedRunners: {
        provider: () => this.#provider(),
        image: 'registry.example/runner@sha256:1',
        regions: {},
        usualRegion: 'ams',
        controlPlaneUrl: 'https://plane.example',
      },
      macKey: macKeyId(macKeys[0]),
      tokenOf: (saga) => hostedToken(saga, hostedCredentialId(saga), macKeys, SEED),
    };
  }

  rows(table: string, tenant: string, database = this.shard) {
    return (
      database.run([{ sql: `SELECT * FROM ${table} WHERE tenant = ?1`, params: [tenant] }])[0]?.rows ?? []
    );
  }

  /** What the counts of shards say, and what they must say. */
  counts() {
    const read = (sql: string) => this.directory.run([{ sql, params: [] }])[0]?.rows ?? [];
    return {
      counted: read('SELECT shard, held FROM shards WHERE held <> 0 ORDER BY shard'),
      held: read(
        "SELECT shard, count(*) AS held FROM tenants WHERE shard <> '' GROUP BY shard ORDER BY shard",
      ),
    };
  }

  #provider(): HostingProvider {
    const appOf = (name: string) => this.apps.get(name) ?? { token: undefined, machines: 0 };
    return {
      ensureApp: async (name) => {
        this.apps.set(name, appOf(name));
        return { ok: true };
      },
      ensureSecret: async (app, _name, value) => {
        this.apps.set(app, { ...appOf(app), token: value });
        return { ok: true, secretsVersion: 1 };
      },
      ensureMachine: async (app) => {
        this.apps.set(app, { ...appOf(app), machines: 1 });
        return this.hosting.ok ? { ok: true, machineId: 'm1' } : this.hosting;
      },
      awaitHealthy: async () => ({ ok: true }),
      stopMachine: async () => ({ ok: true }),
      removeApp: async (app) => {
        this.apps.delete(app);
        return { ok: true };
      },
      lookAt: async () => ({ ok: true, found: undefined }),
    };
  }
}

function asked(database: SqliteDatabase): SqlDatabase {
  return {
    batch: async (statements) => (await database.batch([...statements])).map(({ rows }) => rows),
  };
}

function saga(label = 'acme', person = 'https://issuer.example ann', isHosted = true): Saga {
  const wish = {
    label,
    sources: [{ source_id: 'src_a', name: 'Billing', engine: 'postgres' as const }],
    ...(isHosted ? { hosted_runner: { targets: ['letters'], handlers: ['model'] } } : {}),
  };
  const ids = { saga_id: `prv_${label}`, tenant: `prj_${label}`, nonce: `nonce of ${label}` };
  return newSaga({ ...ids, owner: { person }, wish, begunAt: NOW });
}

class Killed extends Error {
  override name = 'Killed';
}

/** The place where a provisioning is stored and run, killed at a moment that a test names. */
class Place {
  stored: Saga;
  clock = NOW;
  /** Of the last run, before and after each thing that was stored or done. */
  moments = 0;
  readonly faults: unknown[] = [];
  readonly #means: Means;

  constructor(means: Means, wanted: Saga) {
    this.#means = means;
    this.stored = wanted;
  }

  /** `killedAt`: counts the moments before and after each thing that is stored or done. */
  async run(killedAt = Number.POSITIVE_INFINITY): Promise<Saga> {
    this.moments = 0;
    const live = () => {
      this.moments += 1;
      if (this.moments === killedAt) throw new Killed('here');
    };
    const around = async <Result>(work: () => Promise<Result>): Promise<Result> => {
      live();
      const result = await work();
      live();
      return result;
    };
    const isOver = { killed: false };
    const steps = Object.fromEntries(
      Object.entries(allSteps(this.#means)).map(([name, step]) => [
        name,
        {
          do: (given: Saga) => around(() => step.do(given)).catch(rethrow(isOver)),
          undo: (given: Saga) => around(() => step.undo(given)).catch(rethrow(isOver)),
        },
      ]),
    );
    const host: SagaHost = {
      steps: steps as SagaHost['steps'],
      store: async (next) => {
        if (isOver.killed) throw new Killed('dead already');
        await around(async () => {
          this.stored = next;
        });
      },
      now: () => this.clock,
      random: () => 0.5,
      fault: (fault) => this.faults.push(fault),
    };
    return runSaga(host, this.stored);
  }
}

/** A killed process stores nothing more, whatever its code would do with the error. */
function rethrow(isOver: { killed: boolean }) {
  return (fault: unknown) => {
    if (fault instanceof Killed) isOver.killed = true;
    throw fault;
  };
}

describe('a provisioning', () => {
  test('makes the line, the rows, the owner and the hosted runner', async () => {
    const outside = new Outside();
    const place = new Place(outside.means(), saga());
    const done = await place.run();
    expect(done.state).toBe('done');
    expect(outside.rows('tenants', 'prj_acme', outside.directory)).toMatchObject([
      {
        label: 'acme',
        shard: 'SHARD_1',
        region: 'weur',
        status: 'active',
        owner: 'https://issuer.example ann',
      },
    ]);
    expect(outside.rows('members', 'prj_acme')).toMatchObject([{ roles: '["owner"]' }]);
    const [credential] = outside.rows('credentials', 'prj_acme');
    const [app] = outside.apps.values();
    expect(app?.machines).toBe(1);
    expect(tokenDigest(app?.token ?? '')).toBe(credential?.digest);
    expect(readToken(app?.token ?? '', [MAC_KEY])).toMatchObject({ kind: 'runner', tenant: 'prj_acme' });
  });

  test(
    'killed at any moment goes on, and ends in the same',
    async () => {
      const whole = new Place(new Outside().means(), saga());
      await whole.run();
      const { moments } = whole;
      expect(moments).toBeGreaterThan(30);
      for (let killedAt = 1; killedAt <= moments; killedAt += 1) {
        const outside = new Outside();
        const place = new Place(outside.means(), saga());
        await place.run(killedAt).catch(() => undefined);
        place.clock += 3_600_000;
        expect(await place.run(), `killed at ${killedAt}`).toMatchObject({ state: 'done' });
        expect(outside.rows('heads', 'prj_acme')).toMatchObject([{ turn: 1, nonce: 'nonce of acme' }]);
        expect(outside.rows('tenants', 'prj_acme', outside.directory)).toMatchObject([{ status: 'active' }]);
        expect([...outside.apps.values()]).toMatchObject([{ machines: 1 }]);
        expect(outside.counts().counted, `killed at ${killedAt}`).toEqual(outside.counts().held);
      }
    },
    KILLS_MS,
  );

  test(
    'goes on with the key that it began with when another became the newest, whenever that was',
    async () => {
      const whole = new Place(new Outside().means(), saga());
      await whole.run();
      for (let rotatedAt = 1; rotatedAt <= whole.moments; rotatedAt += 1) {
        const outside = new Outside();
        const before = new Place(outside.means(), saga());
        await before.run(rotatedAt).catch(() => undefined);
        const after = new Place(outside.means(1, [NEWER_KEY, MAC_KEY]), before.stored);
        after.clock += 3_600_000;
        expect(await after.run(), `rotated at ${rotatedAt}`).toMatchObject({ state: 'done' });
        const [credential] = outside.rows('credentials', 'prj_acme');
        const [app] = outside.apps.values();
        expect(tokenDigest(app?.token ?? ''), `rotated at ${rotatedAt}`).toBe(credential?.digest);
        const [issued] = outside
          .rows('ledger', 'prj_acme')
          .filter(({ type }) => type === 'credential.issued');
        const { mac_key } = JSON.parse(String(issued?.body));
        const key = [NEWER_KEY, MAC_KEY].find((one) => macKeyId(one) === mac_key);
        expect(readToken(app?.token ?? '', [key ?? 'none']), `rotated at ${rotatedAt}`).toBeDefined();
      }
    },
    KILLS_MS,
  );

  test(
    'that cannot be finished leaves nothing, killed at any moment',
    async () => {
      const trouble = { code: 'not_allowed', mayPass: false } as const;
      for (let killedAt = 1; killedAt <= 60; killedAt += 1) {
        const outside = new Outside();
        outside.hosting = { ok: false, trouble };
        const place = new Place(outside.means(), saga());
        await place.run(killedAt).catch(() => undefined);
        place.clock += 3_600_000;
        expect(await place.run(), `killed at ${killedAt}`).toMatchObject({ state: 'undone' });
        expect(outside.apps.size).toBe(0);
        expect(outside.rows('tenants', 'prj_acme', outside.directory)).toEqual([]);
        expect(outside.counts(), `killed at ${killedAt}`).toEqual({ counted: [], held: [] });
        for (const table of ['heads', 'ledger', 'members', 'credentials', 'sources', 'settings'])
          expect(outside.rows(table, 'prj_acme'), table).toEqual([]);
      }
    },
    KILLS_MS,
  );

  test('waits for trouble that may pass, and gives up in the end', async () => {
    const outside = new Outside();
    outside.hosting = { ok: false, trouble: { code: 'busy', mayPass: true, retryAfterMs: 90_000 } };
    const place = new Place(outside.means(), saga());
    const waiting = await place.run();
    expect(waiting.steps.find(({ name }) => name === 'host_machine')).toMatchObject({
      state: 'retrying',
      trouble: 'hosting_busy',
      retryAt: NOW + 90_000,
    });
    expect(await place.run()).toEqual(waiting);
    for (let tries = 1; tries < MOST_ATTEMPTS; tries += 1) {
      place.clock += 200_000;
      await place.run();
    }
    expect(place.stored.state).toBe('undone');
    expect(outside.apps.size).toBe(0);
  });
});

test('the counts of shards follow the directory, however its lines come, move and go', () => {
  const outside = new Outside();
  const line = (tenant: string, shard: string) => ({
    sql: "INSERT INTO tenants (tenant, label, shard, region, status, created_at) VALUES (?1, ?1, ?2, '', 'active', 1) ON CONFLICT DO NOTHING",
    params: [tenant, shard],
  });
  const counts = (...statements: Parameters<SqliteDatabase['run']>[0]) => {
    outside.directory.run([...statements]);
    expect(outside.counts().counted).toEqual(outside.counts().held);
    return outside
      .counts()
      .counted.map(({ held, shard }) => `${shard}:${held}`)
      .join(' ');
  };
  expect(counts(line('a', ''), line('b', 'X'), line('b', 'X'), line('c', 'X'))).toBe('X:2');
  expect(counts({ sql: "UPDATE tenants SET shard = 'Y' WHERE tenant IN ('a', 'b')", params: [] })).toBe(
    'X:1 Y:2',
  );
  expect(counts({ sql: "UPDATE tenants SET status = 'suspended'", params: [] })).toBe('X:1 Y:2');
  expect(counts({ sql: "UPDATE tenants SET shard = '' WHERE tenant = 'c'", params: [] })).toBe('Y:2');
  expect(counts({ sql: 'DELETE FROM tenants', params: [] })).toBe('');
});

describe('a label', () => {
  test('is the first one’s who asks, and of one person one project', async () => {
    const outside = new Outside();
    await new Place(outside.means(), saga('acme')).run();
    const other = saga('acme', 'https://issuer.example bob', false);
    const taken = await new Place(outside.means(), { ...other, tenant: 'prj_other' }).run();
    expect(taken.failure).toEqual({ step: 'reserve_label', trouble: 'label_taken' });
    expect(taken.state).toBe('undone');
    expect(outside.rows('tenants', 'prj_acme', outside.directory)).toHaveLength(1);
    const second = await new Place(outside.means(), saga('second')).run();
    expect(second.failure).toEqual({ step: 'reserve_label', trouble: 'tenant_limit' });
    expect((await new Place(outside.means(2), saga('second')).run()).state).toBe('done');
  });
});
