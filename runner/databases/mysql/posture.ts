import type { SourceConfig } from '../../config/runner-config.ts';
import type { SourceFault } from '../source-database.ts';
import { tableRights } from '../table-rights.ts';
import type { MysqlSession } from './mysql-session.ts';

/** A line of SHOW GRANTS, understood. */
interface Grant {
  /** Such as `SELECT`, or `UPDATE (memo)` for each column of such a right. */
  readonly rights: readonly string[];
  /** `*.*`, `shop.*` or `shop.invoices`, without quotes. */
  readonly on: string;
  readonly mayGrant: boolean;
}

/** Each of these on `*.*` is a way to all the others. */
const ADMINISTERS: ReadonlySet<string> = new Set(['ALL PRIVILEGES', 'SUPER', 'CREATE USER']);

/**
 * What the server may lose of what was committed, and what the user may do beyond what the runner needs; each finding says how to take it away. What is not understood is
 * a finding too: a role, a right to act as somebody else. An administrator is one finding, since that account has
 * other tasks and is not to be cut down to this one. Throws `DatabaseFault`.
 */
export async function readPosture(
  session: MysqlSession,
  config: SourceConfig,
): Promise<readonly SourceFault[]> {
  const [row] = await session.read(`SELECT CURRENT_USER(), @@lower_case_table_names,
    @@GLOBAL.innodb_flush_log_at_trx_commit, @@GLOBAL.log_bin, @@GLOBAL.sync_binlog`);
  const [name, caseless, flush, binlog, sync] = row ?? [];
  const durability = durabilityFaults(flush ?? '', binlog === '1' ? (sync ?? '') : undefined);
  const needed = neededRights(config, caseless !== '0');
  const own = await session.read('SHOW GRANTS FOR CURRENT_USER()');
  // What everybody may do, which MariaDB does not list among anybody's own.
  const everybodys = session.server.isMariaDb ? await session.read('SHOW GRANTS FOR PUBLIC') : [];
  const user = quoteUser(name ?? '');
  if (own.some(([line]) => isAdministrative(line ?? ''))) {
    const what = `${user} is an administrator: leave it as it is, and use the user that init's SQL makes`;
    return [...durability, { where: 'role', what }];
  }
  return [
    ...durability,
    ...own.flatMap(([line]) => findingsOf(line ?? '', needed, user)),
    ...everybodys.flatMap(([line]) => findingsOf(line ?? '', needed, 'PUBLIC')),
  ];
}

/**
 * What of the server's settings may lose a commit in a crash.
 *
 * @param sync undefined without a binary log
 */
export function durabilityFaults(flush: string, sync: string | undefined): SourceFault[] {
  const lost = 'a crash may lose receipts and changes that were reported';
  const faults: SourceFault[] = [];
  if (flush !== '1')
    faults.push({
      where: 'server',
      what: `innodb_flush_log_at_trx_commit is ${flush}: ${lost}; SET GLOBAL innodb_flush_log_at_trx_commit = 1, and in its configuration`,
    });
  if (sync !== undefined && sync !== '1')
    faults.push({
      where: 'server',
      what: `sync_binlog is ${sync}: ${lost}, here or on a replica; SET GLOBAL sync_binlog = 1, and in its configuration`,
    });
  return faults;
}

function isAdministrative(line: string): boolean {
  const grant = parseGrant(line);
  return grant?.on === '*.*' && (grant.mayGrant || grant.rights.some((right) => ADMINISTERS.has(right)));
}

interface Needed {
  /** By table: whole rights, and such as are of a column. */
  readonly rights: ReadonlyMap<string, ReadonlySet<string>>;
  /** Whether tables that differ in capitals alone are the same. */
  readonly isCaseless: boolean;
}

function neededRights(config: SourceConfig, isCaseless: boolean): Needed {
  const { receipts, tables } = config;
  const rights = new Map<string, ReadonlySet<string>>();
  for (const [table, permission] of Object.entries(tables)) {
    const needed = tableRights(config, permission);
    const ofTable = [
      'SELECT',
      ...needed.update.map((column) => `UPDATE (${column})`),
      ...needed.insert.map((column) => `INSERT (${column})`),
      ...(needed.delete ? ['DELETE'] : []),
    ];
    rights.set(folded(table, isCaseless), new Set(ofTable));
  }
  rights.set(folded(`${receipts.schema}.${receipts.table}`, isCaseless), new Set(['SELECT', 'INSERT']));
  return { rights, isCaseless };
}

function folded(name: string, isCaseless: boolean): string {
  return isCaseless ? name.toLowerCase() : name;
}

function findingsOf(line: string, needed: Needed, user: string): SourceFault[] {
  const grant = parseGrant(line);
  if (grant === undefined) {
    return [
      {
        where: 'role',
        what: `has a grant beyond rights on tables; SHOW GRANTS tells it, REVOKE it from ${user}`,
      },
    ];
  }
  const { mayGrant, on, rights } = grant;
  const allowed = needed.rights.get(folded(on, needed.isCaseless)) ?? new Set<string>();
  const extra = rights.filter((right) => !isAllowed(right, allowed));
  const where = on === '*.*' ? 'role' : on;
  const faults = extra.map((right) => ({
    where,
    what: `${user} has ${right} on ${on}; REVOKE ${right} ON ${on} FROM ${user}`,
  }));
  if (mayGrant)
    faults.push({ where, what: `${user} may pass its rights on; REVOKE GRANT OPTION ON ${on} FROM ${user}` });
  return faults;
}

/** Reading a column is less than reading the table; a right that says nothing is none. */
function isAllowed(right: string, allowed: ReadonlySet<string>): boolean {
  if (right === 'USAGE' || allowed.has(right)) return true;
  const [name] = right.split(' (');
  return name !== 'UPDATE' && right.includes('(') && allowed.has(name ?? '');
}

/** `GRANT rights ON [TABLE] name TO user ... [WITH ... GRANT OPTION ...]`; undefined for any other line, such as that of a role. */
export function parseGrant(line: string): Grant | undefined {
  const match = /^GRANT (.+?) ON (?:TABLE )?(\S+) TO (.*)$/.exec(line);
  if (match === null) return undefined;
  const [, list = '', on = '', receiver = ''] = match;
  if (/^(PROCEDURE|FUNCTION|PACKAGE)$/.test(on) || list.startsWith('PROXY')) return undefined;
  const rights = [...list.matchAll(/([A-Z][A-Z _]*[A-Z])(?: \(([^)]*)\))?/g)].flatMap(
    ([, right = '', columns]) =>
      columns === undefined
        ? [right]
        : columns.split(',').map((column) => `${right} (${unquoted(column.trim())})`),
  );
  if (rights.length === 0) return undefined;
  return { rights, on: unquoted(on), mayGrant: / WITH (.* )?GRANT OPTION\b/.test(receiver) };
}

function unquoted(name: string): string {
  return name.replaceAll('`', '');
}

/** `user@host` as SQL text. */
function quoteUser(user: string): string {
  const at = user.lastIndexOf('@');
  return `'${user.slice(0, at)}'@'${user.slice(at + 1)}'`;
}
