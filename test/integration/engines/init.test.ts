import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseCommandLine } from '@countersign/runner/commands/command-line';
import { doctor } from '@countersign/runner/commands/doctor';
import type { Asker } from '@countersign/runner/commands/init/ask';
import { init } from '@countersign/runner/commands/init/init';
import { PASSWORD_PLACEHOLDER } from '@countersign/runner/databases/table-rights';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { DatabaseServer, TestDatabase } from '../../support/database-server.ts';
import { testEngines } from '../../support/engines.ts';
import { FakeControlPlane } from '../../support/fake-control-plane.ts';
import { sharedServer } from '../../support/shared-servers.ts';

/** The way of somebody new: answers, the SQL run by a superuser, and then the doctor, in production, as that role. */

const sql = {
  postgres: `
    CREATE TABLE invoices (id varchar(40) NOT NULL, tenant_id varchar(40) NOT NULL, version bigint NOT NULL,
      late_fee_cents integer, PRIMARY KEY (tenant_id, id));
    CREATE TABLE notes (id integer PRIMARY KEY, body text, changed_at timestamptz NOT NULL);`,
  mysql: `
    CREATE TABLE invoices (id varchar(40) NOT NULL, tenant_id varchar(40) NOT NULL, version bigint NOT NULL,
      late_fee_cents integer, PRIMARY KEY (tenant_id, id));
    CREATE TABLE notes (id integer PRIMARY KEY, body text, changed_at datetime(6) NOT NULL);`,
};
const SECRET = 'theinitpassword';

let folder: string;
let plane: FakeControlPlane;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'countersign-init-'));
  plane = await FakeControlPlane.start();
  plane.doctor = {
    source_ids: ['src_shop'],
    permissions: ['writeback:claim', 'writeback:heartbeat', 'writeback:result'],
  };
});
afterAll(async () => {
  await plane.stop();
  await rm(folder, { recursive: true });
});

describe.each(await testEngines())('$name:', (testEngine) => {
  const { engine } = testEngine;
  let server: DatabaseServer;
  let db: TestDatabase;
  let schema: string;
  let role: string;
  let configPath: string;

  beforeAll(async () => {
    server = await sharedServer(testEngine);
    await server.template('shop', sql[engine]);
  });
  beforeEach(async () => {
    db = await server.clone('shop');
    schema = engine === 'postgres' ? 'public' : db.name;
    role = `init_${db.name}`;
    configPath = join(folder, `${engine}-${db.name}.json`);
  });
  afterEach(async () => {
    if (engine === 'postgres') await db.query(`DROP OWNED BY ${role}; DROP ROLE ${role}`);
    else await db.query(`DROP USER '${role}'`);
    await db.drop();
  });

  async function make(args: readonly string[], asker?: Asker): Promise<string> {
    const command = parseCommandLine(['init', '--config', configPath, '--force', '--role', role, ...args]);
    if (command.name !== 'init') throw new TypeError(JSON.stringify(command));
    let [out, err] = ['', ''];
    const code = await init(command.flags, {
      environment: { SHOP_URL: db.url },
      asker,
      print: (text) => {
        out += text;
      },
      complain: (text) => {
        err += text;
      },
    });
    expect({ code, err }).toMatchObject({ code: 0 });
    return out;
  }

  async function findings(): Promise<readonly string[]> {
    let text = '';
    await doctor({
      configPath,
      isJson: false,
      createsReceipts: false,
      environment: {
        COUNTERSIGN_RUNNER_TOKEN: plane.token,
        SHOP_URL: server.url(db.name, { role, password: SECRET }),
      },
      print: (printed) => {
        text += printed;
      },
    });
    expect(text).toContain('as configured');
    return text.split('\n').filter((line) => line !== '' && !line.startsWith('✓'));
  }

  const common = () => [
    ...['--engine', engine, '--database-url-env', 'SHOP_URL', '--source-id', 'src_shop'],
    ...['--control-plane-url', plane.url, '--runner-id', 'shop-1'],
  ];

  test('flags make what the doctor has no finding about', async () => {
    const out = await make([
      '--yes',
      ...common(),
      ...['--table', `${schema}.invoices`, '--primary-key', 'id', '--tenant-column', 'tenant_id'],
      ...['--version-column', 'version', '--version-kind', 'integer', '--columns', 'late_fee_cents'],
      ...['--table', `${schema}.notes`, '--primary-key', 'id', '--single-tenant'],
      ...['--version-column', 'changed_at', '--version-kind', 'timestamp', '--columns', 'body'],
    ]);
    await expect(db.query(out)).rejects.toThrow(/syntax/i);
    await db.query(out.replace(PASSWORD_PLACEHOLDER, `'${SECRET}'`));
    expect(await findings()).toEqual([]);
  });

  test('and so do answers, with what the catalog offers', async () => {
    const answers = [`${schema}.invoices`, 'id', '', '', '', 'late_fee_cents', 'yes', `${schema}.notes`];
    const more = ['', 'none', 'changed_at', 'body', 'no'];
    const left = [...answers, ...more];
    let said = '';
    const out = await make(common(), {
      ask: async (question) => {
        said += question;
        const answer = left.shift();
        if (answer === undefined) throw new TypeError(`not expected: ${said}`);
        return answer;
      },
      tell: (text) => {
        said += text;
      },
    });
    expect(said).toContain(`${schema}.notes`);
    expect(left).toEqual([]);
    expect(await readFile(configPath, 'utf8')).toContain('"advance": "timestamp"');
    await db.query(out.replace(PASSWORD_PLACEHOLDER, `'${SECRET}'`));
    expect(await findings()).toEqual([]);
  });
});
