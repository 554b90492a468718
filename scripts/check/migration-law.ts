import { releaseOfMigration, releaseOfSchema } from '@countersign/protocol/schema-release';
import { digestOf, type Pins } from './released-migrations.ts';

export interface Migration {
  readonly name: string;
  readonly sql: string;
}

/** A statement of one of these forms leaves the build before at work; whatever is of no such form may break it. */
interface Form {
  readonly begins: RegExp;
  /** Why it may not be all the same, if so. `own` are the tables that migrations of this release make. */
  fault?(statement: string, table: string, own: ReadonlySet<string>): string | undefined;
}

const forms: readonly Form[] = [
  { begins: /^CREATE TABLE (\w+)/i },
  { begins: /^CREATE INDEX \w+ ON (\w+)/i },
  {
    begins: /^CREATE UNIQUE INDEX \w+ ON (\w+)/i,
    fault: (_statement, table, own) =>
      own.has(table) ? undefined : `the build before may write to ${table} what is no longer unique`,
  },
  { begins: /^ALTER TABLE (\w+) ADD /i, fault: faultOfColumn },
  {
    begins: /^UPDATE (\w+) SET /i,
    fault: (_statement, table) =>
      table === 'ledger' ? 'entries of the ledger are hashed, and never changed' : undefined,
  },
  { begins: /^INSERT INTO (\w+)/i, fault: faultOfInsert },
  { begins: /^CREATE TRIGGER \w+ AFTER (?:INSERT|DELETE|UPDATE OF \w+) ON (\w+)/i, fault: faultOfTrigger },
];

/** Tables that no tenant's object remembers rows of. */
const UNREMEMBERED = new Set(['heads', 'tenants']);

/**
 * What is wrong with migrations, in words; none where each goes forward only and works with the build of the release
 * before. Those that have been released are held to their digests alone.
 */
export function faultsOfMigrations(all: readonly Migration[], pins: Pins): readonly string[] {
  const fresh = all.filter(({ name }) => !(name in pins));
  const own = new Set(fresh.flatMap(({ sql }) => tablesMadeBy(sql)));
  return [
    ...Object.entries(pins).flatMap(([name, digest]) => faultOfReleased(name, digest, all)),
    ...faultsOfNames(all, pins),
    ...fresh.flatMap((migration) => faultsOfContent(migration, own)),
  ];
}

function faultOfReleased(name: string, digest: string, all: readonly Migration[]): string[] {
  const found = all.find((one) => one.name === name);
  if (found === undefined) return [`${name}: it has been released, and is gone`];
  return digestOf(found.sql) === digest ? [] : [`${name}: it has been released, and was changed since`];
}

function faultsOfNames(all: readonly Migration[], pins: Pins): string[] {
  const next = releaseOfSchema(Object.keys(pins)) + 1;
  return all.flatMap(({ name }, place) => {
    if (!name.startsWith(`${String(place).padStart(4, '0')}_`))
      return [`${name}: its number is not ${place}`];
    if (name in pins)
      return place < Object.keys(pins).length ? [] : [`${name}: it stands behind one that is not released`];
    return releaseOfMigration(name) === next ? [] : [`${name}: it is not named as of release ${next}`];
  });
}

function faultsOfContent({ name, sql }: Migration, own: ReadonlySet<string>): string[] {
  const statements = statementsOf(sql);
  const faults = statements.flatMap((statement) => {
    const fault = faultOf(statement, own);
    return fault === undefined ? [] : [`${name}: ${fault}: ${statement.slice(0, 80)}`];
  });
  const changed = statements.flatMap(
    (statement) => /^(?:UPDATE|INSERT INTO) (\w+)/i.exec(statement)?.[1] ?? [],
  );
  const isRemembered = changed.some((table) => !UNREMEMBERED.has(table) && !own.has(table));
  const movesHeads = statements.some((one) => /^UPDATE heads SET .*\bnonce = /i.test(one));
  return isRemembered && !movesHeads
    ? [...faults, `${name}: it changes rows that objects remember, and does not move the heads`]
    : faults;
}

function faultOf(statement: string, own: ReadonlySet<string>): string | undefined {
  for (const { begins, fault } of forms) {
    const table = begins.exec(statement)?.[1];
    if (table !== undefined) return fault?.(statement, table, own);
  }
  return 'the build before may need what this takes away or changes';
}

function faultOfColumn(statement: string): string | undefined {
  if (/\bNOT NULL\b/i.test(statement) && !/\bDEFAULT (?!NULL\b)/i.test(statement))
    return 'the build before writes rows without this column';
  if (/\b(UNIQUE|CHECK|REFERENCES|GENERATED|PRIMARY)\b/i.test(statement))
    return 'the build before does not know what this column asks of its rows';
  return undefined;
}

function faultOfInsert(statement: string, table: string): string | undefined {
  if (table === 'ledger') return 'entries of the ledger are hashed, and never made by hand';
  return /^INSERT INTO \w+ \(/i.test(statement) ? undefined : 'a column more would shift what it inserts';
}

/** What the build before writes may be counted for this one, and must not be refused or changed. */
function faultOfTrigger(statement: string, _table: string, own: ReadonlySet<string>): string | undefined {
  const body = statement.replace(/^.*?\bBEGIN\b/i, '');
  const changed = [
    ...body.matchAll(/\b(?:INSERT(?: OR \w+)? INTO|REPLACE INTO|UPDATE(?: OR \w+)?|DELETE FROM) (\w+)/gi),
  ];
  if (/\bRAISE\b/i.test(body)) return 'the build before does not know what this trigger refuses';
  return changed.every(([, table = '']) => own.has(table))
    ? undefined
    : 'this trigger changes tables of the build before';
}

function tablesMadeBy(sql: string): string[] {
  return statementsOf(sql).flatMap((statement) => /^CREATE TABLE (\w+)/i.exec(statement)?.[1] ?? []);
}

/** One a line, without comments and the quotes of names. A trigger, which has statements of its own, is one. */
function statementsOf(sql: string): readonly string[] {
  return sql
    .split('--> statement-breakpoint')
    .map((piece) => piece.replaceAll(/--.*$/gm, '').replaceAll('`', '').replaceAll(/\s+/g, ' ').trim())
    .flatMap((piece) => (/^CREATE TRIGGER\b.*\bEND;?$/i.test(piece) ? [piece] : piece.split(';')))
    .map((statement) => statement.trim())
    .filter((statement) => statement !== '');
}
