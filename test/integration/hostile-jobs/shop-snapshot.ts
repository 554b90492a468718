import type { TestDatabase } from '../../support/postgres-server.ts';

export type Row = Record<string, unknown>;
/** Every row of every table, by the table's name; `writer` is the transaction that last wrote it. */
export type Snapshot = Readonly<Record<string, readonly Row[]>>;

const USER_SCHEMAS = `n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'`;

export async function snapshotShop(db: TestDatabase): Promise<Snapshot> {
  const names = await db.query(
    `SELECT n.nspname || '.' || c.relname AS name, format('%I.%I', n.nspname, c.relname) AS quoted
     FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE ${USER_SCHEMAS} AND c.relkind IN ('r', 'p', 'm')`,
  );
  const snapshot: Record<string, readonly Row[]> = {};
  for (const { name, quoted } of names)
    snapshot[String(name)] = await db.query(`SELECT t.*, t.xmin AS writer FROM ${quoted} AS t ORDER BY 1, 2`);
  return snapshot;
}

/** Everything that a statement that is no UPDATE could have made, changed or removed. */
export async function describeShop(db: TestDatabase): Promise<readonly Row[]> {
  return db.query(
    `SELECT 'relation' AS what, concat_ws('.', n.nspname, c.relname) AS name, concat_ws(' ', c.relkind, c.relowner, c.relacl) AS more
     FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE ${USER_SCHEMAS}
     UNION ALL SELECT 'column', concat_ws('.', a.attrelid::regclass, a.attname), concat_ws(' ', a.atttypid::regtype, a.attnotnull)
     FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE ${USER_SCHEMAS}
     UNION ALL SELECT 'function', p.oid::regprocedure::text, md5(p.prosrc)
     FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE ${USER_SCHEMAS}
     UNION ALL SELECT 'trigger', concat_ws('.', t.tgrelid::regclass, t.tgname), t.tgenabled::text FROM pg_trigger t
     UNION ALL SELECT 'role', rolname, rolpassword FROM pg_authid
     UNION ALL SELECT 'setting', setrole::text, setconfig::text FROM pg_db_role_setting
     UNION ALL SELECT 'database', datname, NULL FROM pg_database
     ORDER BY 1, 2, 3`,
  );
}
