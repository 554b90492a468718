import { describe, expect, test, vi } from 'vitest';
// biome-ignore lint/plugin: the servers that tests start are shared by all packages and stand outside them
import { useShop, useShopAlone } from '../../../test/integration/engines/support/use-shop.ts';
// biome-ignore lint/plugin: as above
import { declareMissing, missingEngines, testEngines } from '../../../test/support/engines.ts';
import { durabilityFaults, parseGrant } from './posture.ts';

// Every test makes a database of its own, on a machine that may have other things to do.
vi.setConfig({ testTimeout: 30_000 });

const engines = (await testEngines()).filter(({ engine }) => engine === 'mysql');
declareMissing(test, await missingEngines());

describe('a line of grants', () => {
  test.each([
    ['GRANT USAGE ON *.* TO `clerk`@`%`', { rights: ['USAGE'], on: '*.*', mayGrant: false }],
    [
      "GRANT USAGE ON *.* TO `clerk`@`%` IDENTIFIED BY PASSWORD '*0123'",
      { rights: ['USAGE'], on: '*.*', mayGrant: false },
    ],
    [
      'GRANT SELECT, INSERT ON `shop`.`receipts` TO `clerk`@`%`',
      { rights: ['SELECT', 'INSERT'], on: 'shop.receipts', mayGrant: false },
    ],
    [
      'GRANT SELECT (`id`), UPDATE (`fee`, `version`) ON `shop`.`invoices` TO `clerk`@`%`',
      { rights: ['SELECT (id)', 'UPDATE (fee)', 'UPDATE (version)'], on: 'shop.invoices', mayGrant: false },
    ],
    [
      'GRANT ALL PRIVILEGES ON *.* TO `root`@`%` WITH GRANT OPTION',
      { rights: ['ALL PRIVILEGES'], on: '*.*', mayGrant: true },
    ],
    [
      "GRANT ALL PRIVILEGES ON *.* TO `root`@`%` IDENTIFIED BY PASSWORD '*01' REQUIRE SSL WITH GRANT OPTION MAX_QUERIES_PER_HOUR 5",
      { rights: ['ALL PRIVILEGES'], on: '*.*', mayGrant: true },
    ],
    [
      'GRANT SELECT ON *.* TO `clerk`@`%` WITH MAX_QUERIES_PER_HOUR 5 GRANT OPTION',
      { rights: ['SELECT'], on: '*.*', mayGrant: true },
    ],
    [
      'GRANT CREATE TEMPORARY TABLES, BACKUP_ADMIN ON *.* TO `clerk`@`%`',
      { rights: ['CREATE TEMPORARY TABLES', 'BACKUP_ADMIN'], on: '*.*', mayGrant: false },
    ],
    [
      'GRANT SELECT ON `shop\\_%`.* TO `clerk`@`%`',
      { rights: ['SELECT'], on: 'shop\\_%.*', mayGrant: false },
    ],
  ])('%s', (line, grant) => {
    expect(parseGrant(line)).toEqual(grant);
  });

  test.each([
    'GRANT `boss`@`%` TO `clerk`@`%`',
    'GRANT `boss` TO `clerk`@`%`',
    'GRANT `a ON b`@`%` TO `clerk`@`%`',
    "GRANT PROXY ON ''@'' TO `clerk`@`%` WITH GRANT OPTION",
    'GRANT EXECUTE ON PROCEDURE `shop`.`p` TO `clerk`@`%`',
    'GRANT EXECUTE ON FUNCTION `shop`.`f` TO `clerk`@`%`',
    'REVOKE SELECT ON `mysql`.* FROM `clerk`@`%`',
    'SET DEFAULT ROLE `boss` FOR `clerk`@`%`',
    'GRANT SELECT ON `my shop`.* TO `clerk`@`%`',
    '',
  ])('%j is not understood, and so a finding', (line) => {
    expect(parseGrant(line)).toBeUndefined();
  });
});

test.each<[flush: string, sync: string | undefined, settings: readonly string[]]>([
  ['1', undefined, []],
  ['1', '1', []],
  ['0', undefined, ['innodb_flush_log_at_trx_commit']],
  ['1', '0', ['sync_binlog']],
  ['2', '1000', ['innodb_flush_log_at_trx_commit', 'sync_binlog']],
])('a log flushed by %s, and a binary log synchronised by %s, are judged', (flush, sync, settings) => {
  const found = durabilityFaults(flush, sync).map(({ what }) => what.split(' ')[0]);
  expect(found).toEqual(settings);
});

describe.each(engines)('$name: a user', (engine) => {
  const shop = useShopAlone(engine);
  const isMariaDb = engine.name.startsWith('MariaDB');
  const least = [
    'SELECT (id, tenant_id, version), UPDATE (late_fee_cents, waiver_reason, memo, code, paid, total, version) ON invoices',
    ...shop.sql.timedTables.map(
      ({ table }) => `SELECT (id, changed_at), UPDATE (body, changed_at) ON ${table}`,
    ),
    'SELECT, INSERT ON countersign_receipts',
  ];

  /** What is found of a user who has the least rights and may do this too; `CLERK` stands for their name. */
  async function findings(...more: readonly string[]) {
    const url = await shop.urlOfUser(...least);
    const user = shop.sql.user(decodeURIComponent(new URL(url).username));
    for (const sql of more)
      await shop.db.query(sql.replaceAll('CLERK', user).replaceAll('SHOP', shop.db.name));
    return shop.connect({ url }).posture();
  }

  test('with the least rights has no finding, and may read whole tables', async () => {
    expect(await findings('GRANT SELECT ON invoices TO CLERK')).toEqual([]);
  });

  test.each([
    ['ALL PRIVILEGES', 'GRANT ALL PRIVILEGES ON SHOP.* TO CLERK', 'ALL PRIVILEGES on'],
    ['a right everywhere', 'GRANT PROCESS ON *.* TO CLERK', 'PROCESS on *.*'],
    ['RELOAD', 'GRANT RELOAD ON *.* TO CLERK', 'REVOKE RELOAD ON *.* FROM'],
    ['FILE', 'GRANT FILE ON *.* TO CLERK', 'REVOKE FILE ON *.* FROM'],
    ['a right on every table', 'GRANT SELECT ON SHOP.* TO CLERK', 'SELECT on'],
    ['DELETE', 'GRANT DELETE ON invoices TO CLERK', 'has DELETE on'],
    ['INSERT', 'GRANT INSERT ON invoices TO CLERK', 'has INSERT on'],
    ['INSERT of a column', 'GRANT INSERT (id) ON invoices TO CLERK', 'has INSERT (id) on'],
    ['UPDATE of the whole table', 'GRANT UPDATE ON invoices TO CLERK', 'has UPDATE on'],
    ['UPDATE of the key', 'GRANT UPDATE (id) ON invoices TO CLERK', 'REVOKE UPDATE (id) ON'],
    ['UPDATE of the tenant', 'GRANT UPDATE (tenant_id) ON invoices TO CLERK', 'REVOKE UPDATE (tenant_id) ON'],
    ['TRIGGER', 'GRANT TRIGGER ON invoices TO CLERK', 'has TRIGGER on'],
    ['ALTER', 'GRANT ALTER ON invoices TO CLERK', 'has ALTER on'],
    [
      'changing receipts',
      'GRANT UPDATE (status) ON countersign_receipts TO CLERK',
      'REVOKE UPDATE (status) ON',
    ],
    ['removing receipts', 'GRANT DELETE ON countersign_receipts TO CLERK', 'REVOKE DELETE ON'],
    ['a table beside', 'GRANT SELECT ON audit TO CLERK', 'has SELECT on'],
    ['passing rights on', 'GRANT SELECT ON invoices TO CLERK WITH GRANT OPTION', 'REVOKE GRANT OPTION ON'],
    [
      'a table that differs in capitals',
      'CREATE TABLE Invoices (id int); GRANT SELECT ON Invoices TO CLERK',
      'Invoices',
    ],
  ])('with %s is found, with how to take it away', async (_what, sql, finding) => {
    const found = await findings(sql);
    expect(found.map(({ what }) => what).join('\n')).toContain(finding);
  });

  test('with a role, a routine or a limit of queries is found', async () => {
    const boss = `boss_${engine.engine}`;
    const found = await findings(
      `CREATE ROLE ${boss}`,
      `GRANT ${boss} TO CLERK`,
      'CREATE PROCEDURE p() SELECT 1',
      'GRANT EXECUTE ON PROCEDURE p TO CLERK',
    );
    expect(
      found.filter(({ what }) => what.includes('beyond rights on tables')).length,
    ).toBeGreaterThanOrEqual(2);
    await shop.db.query(`DROP ROLE ${boss}`);
  });

  test('that may pass rights on is found whatever limits it has', async () => {
    const limits = isMariaDb
      ? [
          'GRANT SELECT ON invoices TO CLERK WITH GRANT OPTION',
          'GRANT USAGE ON *.* TO CLERK WITH MAX_QUERIES_PER_HOUR 5000 GRANT OPTION',
        ]
      : ['GRANT USAGE ON *.* TO CLERK WITH GRANT OPTION'];
    const found = await findings(...limits);
    expect(found.map(({ what }) => what)).toEqual([expect.stringContaining('is an administrator')]);
  });

  test.each([
    'GRANT ALL PRIVILEGES ON *.* TO CLERK',
    'GRANT SUPER ON *.* TO CLERK',
    'GRANT CREATE USER ON *.* TO CLERK',
    'GRANT ALL PRIVILEGES ON *.* TO CLERK WITH GRANT OPTION',
  ])('is one finding as an administrator, by %s', async (sql) => {
    expect(await findings(sql)).toEqual([
      {
        where: 'role',
        what: expect.stringMatching(
          /^'.+'@'.+' is an administrator: leave it as it is, and use the user that init's SQL makes$/,
        ),
      },
    ]);
  });

  test('is let down by a server that may lose receipts', async () => {
    await shop.db.query('SET GLOBAL innodb_flush_log_at_trx_commit = 2');
    const found = await findings();
    await shop.db.query('SET GLOBAL innodb_flush_log_at_trx_commit = 1');
    expect(found).toEqual([
      {
        where: 'server',
        what: expect.stringContaining('innodb_flush_log_at_trx_commit is 2: a crash may lose receipts'),
      },
    ]);
  });

  test('is told without a secret', async () => {
    const found = await findings('GRANT ALL PRIVILEGES ON *.* TO CLERK WITH GRANT OPTION');
    expect(found).not.toEqual([]);
    expect(JSON.stringify(found)).not.toMatch(/secret|IDENTIFIED|\*[0-9A-F]{40}/);
  });
});

describe.each(engines.filter(({ name }) => name.startsWith('MariaDB')))('$name: everybody', (engine) => {
  const shop = useShop(engine);

  test('that may do something lets the user do it', async () => {
    const url = await shop.urlOfUser('SELECT, INSERT ON countersign_receipts');
    await shop.db.query('GRANT DELETE ON countersign_receipts TO PUBLIC');
    const found = await shop.connect({ url }).posture();
    await shop.db.query('REVOKE DELETE ON countersign_receipts FROM PUBLIC');
    expect(found.map(({ what }) => what).join('\n')).toContain('DELETE on');
  });
});
