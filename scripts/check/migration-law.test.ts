import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { faultsOfMigrations, type Migration } from './migration-law.ts';
import { digestOf, readPins } from './released-migrations.ts';

const FIRST = { name: '0000_initial.sql', sql: 'CREATE TABLE `old` (`id` text) WITHOUT ROWID;' };
const pins = { [FIRST.name]: digestOf(FIRST.sql) };

const withNext = (sql: string, name = '0001_r2_next.sql'): readonly Migration[] => [FIRST, { name, sql }];
const faults = (sql: string) => faultsOfMigrations(withNext(sql), pins);

test('the migrations of this tree go forward, and work with the build of the release before', () => {
  const folder = join(import.meta.dirname, '../../migrations');
  const all = globSync('*.sql', { cwd: folder })
    .sort()
    .map((name) => ({ name, sql: readFileSync(join(folder, name), 'utf8') }));
  expect(faultsOfMigrations(all, readPins())).toEqual([]);
});

describe('a migration may', () => {
  test.each([
    [
      'make a table, and be strict about it',
      'CREATE TABLE `new` (`id` text NOT NULL CHECK (id <> 0)) WITHOUT ROWID;',
    ],
    [
      'make a unique index of its own table',
      'CREATE TABLE `new` (`id` text);--> statement-breakpoint\nCREATE UNIQUE INDEX `n` ON `new` (`id`);',
    ],
    [
      'count what is written in a table of its own',
      'CREATE TABLE `new` (`n` integer);--> statement-breakpoint\nCREATE TRIGGER t AFTER INSERT ON old BEGIN UPDATE new SET n = n + 1; END;',
    ],
    ['make an index', 'CREATE INDEX `o` ON `old` (`id`) WHERE id IS NOT NULL;'],
    ['add a column', 'ALTER TABLE `old` ADD `more` text;'],
    ['add a column that is always set', "ALTER TABLE `old` ADD `more` text DEFAULT '' NOT NULL;"],
    [
      'change rows, and move the heads',
      "UPDATE old SET id = 'x';\nUPDATE heads SET nonce = 'm', turn = turn + 1;",
    ],
    ['fill a table of its own', 'CREATE TABLE `new` (`id` text);\nINSERT INTO new (id) SELECT id FROM old;'],
    ['say what it does', '-- DROP TABLE would be wrong.\nALTER TABLE `old` ADD `more` text;'],
  ])('%s', (_what, sql) => {
    expect(faults(sql)).toEqual([]);
  });
});

describe('a migration may not', () => {
  test.each([
    ['take a table away', 'DROP TABLE `old`;', 'takes away'],
    ['take an index away', 'DROP INDEX `o`;', 'takes away'],
    ['take a column away', 'ALTER TABLE `old` DROP COLUMN `id`;', 'takes away'],
    ['rename a table', 'ALTER TABLE `old` RENAME TO `other`;', 'takes away'],
    ['rename a column', 'ALTER TABLE `old` RENAME COLUMN `id` TO `key`;', 'takes away'],
    ['forget rows', 'DELETE FROM old;', 'takes away'],
    ['look away', 'PRAGMA foreign_keys=OFF;', 'takes away'],
    ['stand before a write', 'CREATE TRIGGER t BEFORE INSERT ON old BEGIN SELECT 1; END;', 'takes away'],
    [
      'change what a write does',
      'CREATE TRIGGER t AFTER INSERT ON old BEGIN UPDATE old SET id = 1; END;',
      'changes tables of the build before',
    ],
    [
      'refuse a write',
      "CREATE TRIGGER t AFTER INSERT ON old BEGIN SELECT RAISE(ABORT, 'no'); END;",
      'does not know what this trigger refuses',
    ],
    ['ask for a value', 'ALTER TABLE `old` ADD `more` text NOT NULL;', 'without this column'],
    [
      'ask for a value by null',
      'ALTER TABLE `old` ADD `more` text DEFAULT NULL NOT NULL;',
      'without this column',
    ],
    ['check old rows', 'ALTER TABLE `old` ADD `more` text CHECK (more > 0);', 'asks of its rows'],
    ['narrow what an old table takes', 'CREATE UNIQUE INDEX `o` ON `old` (`id`);', 'no longer unique'],
    ['rewrite the ledger', "UPDATE ledger SET body = '{}';\nUPDATE heads SET nonce = 'm';", 'never changed'],
    [
      'write into the ledger',
      "INSERT INTO ledger (id) VALUES (1);\nUPDATE heads SET nonce = 'm';",
      'by hand',
    ],
    ['count on the columns', "INSERT INTO old SELECT 1;\nUPDATE heads SET nonce = 'm';", 'shift'],
    ['change what objects remember', "UPDATE old SET id = 'x';", 'does not move the heads'],
  ])('%s', (_what, sql, why) => {
    const found = faults(sql);
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(why);
  });

  test('be changed, or go, once it is released', () => {
    expect(faultsOfMigrations([{ ...FIRST, sql: `${FIRST.sql} ` }], pins)[0]).toContain('was changed since');
    expect(faultsOfMigrations([], pins)[0]).toContain('is gone');
  });

  test.each([
    ['is of no release', '0001_next.sql'],
    ['is of the release before', '0001_r1_next.sql'],
    ['is of a release that is far', '0001_r3_next.sql'],
    ['has a number of another', '0002_r2_next.sql'],
  ])('have a name that %s', (_what, name) => {
    expect(faultsOfMigrations(withNext('', name), pins)).toHaveLength(1);
  });

  test('stand before one that was released', () => {
    const late = { name: '0001_late.sql', sql: '' };
    const found = faultsOfMigrations([{ name: '0000_r2_first.sql', sql: '' }, late], {
      [late.name]: digestOf(''),
    });
    expect(found).toEqual(['0001_late.sql: it stands behind one that is not released']);
  });
});
