import type { SourceConfig, TablePermission } from '../../config/runner-config.ts';
import type { SourceFault } from '../source-database.ts';
import type { MysqlSession } from './mysql-session.ts';

/** A line of SHOW GRANTS, understood. */
interface Grant {
  /** Such as `SELECT`, or `UPDATE (memo)` for each column of such a right. */
  readonly rights: readonly string[];
  /** `*.*`, `shop.*` or `shop.invoices`, without quotes. */
  readonly on: string;
  readonly mayGrant: boolean;
}

/**
 * What the user may do beyond what the runner needs; each finding says how to take it away. What is not understood is
 * a finding too: a role, a right to act as somebody else. Throws `DatabaseFault`.
 */
export async function readPosture(
  session: MysqlSession,
  config: SourceConfig,
): Promise<readonly SourceFault[]> {
  const lines = await session.read('SHOW GRANTS FOR CURRENT_USER()');
  const [who] = await session.read('SELECT CURRENT_USER()');
  const user = quoteUser(who?.[0] ?? '');
  const needed = neededRights(config);
  return lines.flatMap(([line]) => findingsOf(line ?? '', needed, user));
}

/** What the runner needs, by table: whole rights, and such as are of a column. */
function neededRights({ receipts, tables }: SourceConfig): ReadonlyMap<string, ReadonlySet<string>> {
  const needed = new Map<string, ReadonlySet<string>>();
  for (const [table, permission] of Object.entries(tables)) {
    needed.set(
      table.toLowerCase(),
      new Set(['SELECT', ...updatedBy(permission).map((column) => `UPDATE (${column})`)]),
    );
  }
  needed.set(`${receipts.schema}.${receipts.table}`.toLowerCase(), new Set(['SELECT', 'INSERT']));
  return needed;
}

/** The columns that the runner's statement sets. */
function updatedBy({ columns, version }: TablePermission): readonly string[] {
  return [...columns, version.column];
}

function findingsOf(
  line: string,
  needed: ReadonlyMap<string, ReadonlySet<string>>,
  user: string,
): SourceFault[] {
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
  const allowed = needed.get(on.toLowerCase()) ?? new Set<string>();
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

/** `GRANT rights ON [TABLE] name TO user ... [WITH GRANT OPTION]`; undefined for any other line, such as that of a role. */
export function parseGrant(line: string): Grant | undefined {
  const match = /^GRANT (.+?) ON (?:TABLE )?(\S+) TO .*?( WITH GRANT OPTION)?$/.exec(line);
  if (match === null) return undefined;
  const [, list = '', on = '', withOption] = match;
  if (/^(PROCEDURE|FUNCTION|PACKAGE)$/.test(on) || list.startsWith('PROXY')) return undefined;
  const rights = [...list.matchAll(/([A-Z][A-Z _]*[A-Z])(?: \(([^)]*)\))?/g)].flatMap(
    ([, right = '', columns]) =>
      columns === undefined
        ? [right]
        : columns.split(',').map((column) => `${right} (${unquoted(column.trim())})`),
  );
  return { rights, on: unquoted(on), mayGrant: withOption !== undefined };
}

function unquoted(name: string): string {
  return name.replaceAll('`', '');
}

/** `user@host` as SQL text. */
function quoteUser(user: string): string {
  const at = user.lastIndexOf('@');
  return `'${user.slice(0, at)}'@'${user.slice(at + 1)}'`;
}
