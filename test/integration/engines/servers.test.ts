import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import mysql from 'mysql2/promise';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { DatabaseServer, TestDatabase } from '../../support/database-server.ts';
import { declareMissing, missingEngines, releaseMatrix, testEngines } from '../../support/engines.ts';
import { eventually } from '../../support/eventually.ts';
import { cached, fetched, forgetFailures } from '../../support/server-binaries/cache.ts';
import { findMysql } from '../../support/server-binaries/mysql-binaries.ts';

const shopSql = `
  CREATE TABLE invoices (id varchar(20) PRIMARY KEY, late_fee decimal(20, 2), note varchar(20));
  INSERT INTO invoices VALUES ('INV-1', 12345678901234567.50, '日本'), ('INV-2', 0, NULL);
`;

/** Where a server keeps the number of its process, beside or in its data. */
const whereaboutsSql = {
  postgres: "SELECT current_setting('data_directory') || '/postmaster.pid' AS pid_file",
  mysql: 'SELECT @@pid_file AS pid_file',
};
interface Whereabouts {
  readonly folder: string;
  readonly pid: number;
}

const usual = await testEngines();

describe.each([...usual, ...(await releaseMatrix())])('$name', ({ name, engine, start }) => {
  let server: DatabaseServer;

  beforeAll(async () => {
    server = await start();
    await server.template('shop', shopSql);
  });

  afterAll(() => server?.stop());

  test('says which version it is', async () => {
    const [product = '', series = ''] = name.split(' ');
    const db = await server.clone('shop');
    expect(server.engine).toBe(engine);
    expect(server.label).toMatch(new RegExp(`^${product} ${series}\\.[\\d.]+$`));
    const [row] = await db.query('SELECT version() AS version');
    expect(row?.version).toContain(server.label.slice(product.length + 1));
  });

  test('gives the texts of the database, unchanged', async () => {
    const db = await server.clone('shop');
    expect(await db.query('SELECT * FROM invoices ORDER BY id')).toEqual([
      { id: 'INV-1', late_fee: '12345678901234567.50', note: '日本' },
      { id: 'INV-2', late_fee: '0.00', note: null },
    ]);
    expect(await db.query("UPDATE invoices SET note = 'x' WHERE id = 'INV-2'")).toEqual([]);
    const byId = engine === 'postgres' ? '$1' : '?';
    expect(await db.query(`SELECT note FROM invoices WHERE id = ${byId}`, ['INV-2'])).toEqual([
      { note: 'x' },
    ]);
  });

  test('keeps copies of a template apart, also on one server', async () => {
    const [one, other] = [await server.clone('shop'), await server.clone('shop')];
    await one.query('DELETE FROM invoices');
    expect(await countInvoices(one)).toBe('0');
    expect(await countInvoices(other)).toBe('2');
  });

  test('keeps what was committed through a crash, on the same port', async () => {
    const db = await server.clone('shop');
    const { port } = server;
    await db.query("INSERT INTO invoices VALUES ('INV-3', 1, NULL)");
    await server.crash();
    await expect(db.query('SELECT 1')).rejects.toThrow();
    await expect(server.clone('shop')).rejects.toThrow();
    await server.restart();
    expect(server.port).toBe(port);
    expect(await countInvoices(db)).toBe('3');
    expect(await countInvoices(await server.clone('shop'))).toBe('2');
  });

  test('drops a database that somebody else has locked', async () => {
    const db = await server.clone('shop');
    const lockAll = "UPDATE invoices SET note = 'locked'";
    if (engine === 'postgres') {
      const stranger = new pg.Client(db.url).on('error', () => undefined);
      await stranger.connect();
      await stranger.query(`BEGIN; ${lockAll}`);
    } else {
      const stranger = (await mysql.createConnection(db.url)).on('error', () => undefined);
      await stranger.query('BEGIN');
      await stranger.query(lockAll);
    }
    await db.drop();
    await expect(db.query('SELECT 1')).rejects.toThrow(db.name);
  });

  test('leaves no process and no folder', async () => {
    const { folder, pid } = await whereabouts(server);
    expect(existsSync(folder)).toBe(true);
    expect(isRunning(pid)).toBe(true);
    await server.stop();
    expect(existsSync(folder)).toBe(false);
    expect(isRunning(pid)).toBe(false);
  });
});

declareMissing(test, await missingEngines({ matrix: true }));

describe.each(usual)('$name, of a process that is killed', ({ name, engine }) => {
  test('ends with it, and leaves no folder', async () => {
    const script = `
      const { testEngines } = await import(${JSON.stringify(`${import.meta.dirname}/../../support/engines.ts`)});
      const server = await (await testEngines()).find((one) => one.name === ${JSON.stringify(name)}).start();
      await server.template('nothing', 'SELECT 1');
      const db = await server.clone('nothing');
      const [row] = await db.query(${JSON.stringify(whereaboutsSql[engine])});
      console.log(JSON.stringify(row));
      setInterval(() => undefined, 1_000);`;
    const child = spawn(process.execPath, ['--input-type=module', '--eval', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [said] = await once(child.stdout, 'data');
    const { folder, pid } = await whereaboutsOf(JSON.parse(String(said)));
    expect(isRunning(pid)).toBe(true);
    child.kill('SIGKILL');
    await eventually(
      async () => isRunning(pid) || existsSync(folder),
      (isThere) => !isThere,
    );
  });
});

describe('what is kept', () => {
  const names: string[] = [];
  let cache: string;

  beforeAll(async () => {
    cache = join(await cached(nameOfOurs(), async () => undefined), '..');
  });

  afterAll(async () => {
    const ours = (await readdir(cache)).filter((file) => names.some((name) => file.startsWith(name)));
    for (const file of ours) await rm(join(cache, file), { recursive: true });
  });

  /** No other process uses it. */
  function nameOfOurs(): string {
    const name = `test-${process.pid}-${names.length}.`;
    names.push(name);
    return name;
  }

  test('is made once, also by two at the same time', async () => {
    const name = nameOfOurs();
    let made = 0;
    const make = async (folder: string) => {
      made += 1;
      // What stands under the name is whole.
      expect(existsSync(join(cache, name))).toBe(false);
      await writeFile(join(folder, 'content'), 'whole');
    };
    const [one, other] = await Promise.all([cached(name, make), cached(name, make)]);
    expect(one).toBe(other);
    await cached(name, make);
    expect(made).toBe(2);
    expect(await readdir(one)).toEqual(['content']);
    expect(await filesOf(name)).toEqual([name]);
  });

  test('is never half made', async () => {
    const name = nameOfOurs();
    const breakOff = async (folder: string) => {
      await writeFile(join(folder, 'content'), 'half');
      throw new Error('the line went down');
    };
    await expect(cached(name, breakOff)).rejects.toThrow('the line went down');
    expect(await filesOf(name)).toEqual([]);
  });

  test('is not fetched again in vain until that is asked for', async () => {
    const name = nameOfOurs();
    const offline = async () => {
      throw new Error('apt-get ended with 100:\nE: no network');
    };
    await expect(fetched(name, offline)).rejects.toThrow();
    await expect(fetched(name, async () => undefined)).rejects.toThrow(/^E: no network$/);
    await forgetFailures();
    await expect(fetched(name, async () => undefined)).resolves.toBe(join(cache, name));
  });

  async function filesOf(name: string): Promise<string[]> {
    return (await readdir(cache)).filter((file) => file.startsWith(name));
  }
});

test('a folder that the environment names is used, and nothing in its place', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'countersign-engines-'));
  vi.stubEnv('COUNTERSIGN_TEST_ROOT', folder);
  try {
    const release = {
      product: 'MySQL',
      series: '9',
      variable: 'COUNTERSIGN_TEST_ROOT',
      package: { distribution: 'debian', suite: 'sid', name: 'mysql-server-core' },
    } as const;
    await expect(findMysql(release)).rejects.toThrow(`${folder} holds no MySQL server`);
  } finally {
    vi.unstubAllEnvs();
    await rm(folder, { recursive: true });
  }
});

async function countInvoices(db: TestDatabase): Promise<string | null | undefined> {
  return (await db.query('SELECT count(*) AS n FROM invoices'))[0]?.n;
}

async function whereabouts(server: DatabaseServer): Promise<Whereabouts> {
  const [row] = await (await server.clone('shop')).query(whereaboutsSql[server.engine]);
  return whereaboutsOf(row);
}

async function whereaboutsOf(row: Record<string, string | null> | undefined): Promise<Whereabouts> {
  const pidFile = await readFile(String(row?.pid_file), 'utf8');
  return { folder: dirname(String(row?.pid_file)), pid: Number.parseInt(pidFile, 10) };
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
