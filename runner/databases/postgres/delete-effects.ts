import { cascade, type DeleteEffect, trigger } from '../delete-effects.ts';
import type { Connection } from './connection.ts';

// As in write-sql.ts, nothing here is looked up along the search_path.
const equals = 'OPERATOR(pg_catalog.=)';
const char = 'pg_catalog."char"';

/** The table and all that inherit from it, as partitions do: a row of it may lie in any of them. */
const familySql = `WITH RECURSIVE family(oid) AS (
  SELECT c.oid FROM pg_catalog.pg_class AS c
  JOIN pg_catalog.pg_namespace AS n ON n.oid ${equals} c.relnamespace
  WHERE n.nspname ${equals} $1 AND c.relname ${equals} $2
  UNION
  SELECT i.inhrelid FROM pg_catalog.pg_inherits AS i JOIN family AS f ON f.oid ${equals} i.inhparent
)`;

const cascadesSql = `${familySql}
SELECT DISTINCT pg_catalog.format('%I of %s', k.conname, k.conrelid::pg_catalog.regclass),
  CASE WHEN k.confdeltype ${equals} 'c' THEN 'CASCADE' WHEN k.confdeltype ${equals} 'n' THEN 'SET NULL' ELSE 'SET DEFAULT' END
FROM pg_catalog.pg_constraint AS k JOIN family AS f ON f.oid ${equals} k.confrelid
WHERE k.contype ${equals} 'f' AND k.confdeltype ${equals} ANY ('{c,n,d}'::${char}[]) ORDER BY 1`;

/** Of the bits that say when a trigger runs, that of DELETE is 8; those of constraints are internal. */
const triggersSql = `${familySql}
SELECT DISTINCT pg_catalog.format('the trigger %I', t.tgname)
FROM pg_catalog.pg_trigger AS t JOIN family AS f ON f.oid ${equals} t.tgrelid
WHERE NOT t.tgisinternal AND t.tgenabled OPERATOR(pg_catalog.<>) 'D'
  AND (t.tgtype::pg_catalog.int4 OPERATOR(pg_catalog.&) 8) ${equals} 8
UNION
SELECT pg_catalog.format('the rule %I', r.rulename)
FROM pg_catalog.pg_rewrite AS r JOIN family AS f ON f.oid ${equals} r.ev_class
WHERE r.ev_type ${equals} '4' ORDER BY 1`;

/** What happens beside when a row of the table (`schema.table`) is deleted. Throws `DatabaseFault`. */
export async function deleteEffects(connection: Connection, table: string): Promise<readonly DeleteEffect[]> {
  const ask = (text: string) => connection.execute({ name: undefined, text }, table.split('.'));
  const cascades = await ask(cascadesSql);
  const triggers = await ask(triggersSql);
  return [
    ...cascades.map(([name, action]) => cascade(name ?? '', action ?? '')),
    ...triggers.map(([name]) => trigger(name ?? '')),
  ];
}
