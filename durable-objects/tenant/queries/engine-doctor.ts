import { clockFinding, type DoctorFinding, finding } from '@countersign/protocol/doctor-report';
import { knownMigrations } from '@countersign/protocol/known-migrations';
import { schemaFinding, schemaState } from '@countersign/protocol/schema-state';
import type { Database, StatementResult } from '../storage/database.ts';
import { answer } from '../turn/reply.ts';
import type { LookPlan } from './look.ts';
import { time } from './proposal-view.ts';

/** What D1 holds at most, and an object's own storage: 10 GB, by the platform's limits of November 2026. */
const MOST_BYTES = 10_000_000_000;
const NEAR = 0.8;

/** What a doctor looks at besides the record. */
export interface Surroundings {
  readonly database: Database;
  /** The name of the binding of the tenant's database. */
  readonly shard: string;
  /** Of the object's own storage, in bytes. */
  ownBytes(): number;
  /** Unix milliseconds. */
  now(): number;
}

/** The tenant's side of `countersign doctor`: its database's schema, clock and room, and the room of its own storage. */
export function engineDoctor({ database, now, ownBytes, shard }: Surroundings): LookPlan {
  const where = `database ${shard}`;
  return {
    statements: [],
    answer: async (_results, { head }) => {
      const before = now();
      const [clock] = await database.batch([
        { sql: "SELECT CAST(unixepoch('subsec') * 1000 AS INTEGER) AS now", params: [] },
      ]);
      const after = now();
      const findings: DoctorFinding[] = [
        schemaFinding(where, schemaState(await appliedIn(database), knownMigrations)),
        clockFinding(`${where}, clock`, Number(clock?.rows[0]?.now), [before, after]),
        ...roomOf(where, clock),
        roomFinding('object storage', ownBytes()),
      ];
      return answer({
        ok: true,
        server_time: time(now()),
        ledger_entries: head.seq,
        findings,
      });
    },
  };
}

/** The names of the migrations that a database has had; none where nobody noted them. */
async function appliedIn(database: Database): Promise<readonly string[]> {
  try {
    const [found] = await database.batch([{ sql: 'SELECT name FROM d1_migrations ORDER BY id', params: [] }]);
    return (found?.rows ?? []).map(({ name }) => String(name));
  } catch (fault) {
    if (fault instanceof Error && fault.message.includes('no such table: d1_migrations')) return [];
    throw fault;
  }
}

function roomOf(where: string, result: StatementResult | undefined): readonly DoctorFinding[] {
  return result?.databaseBytes === undefined ? [] : [roomFinding(where, result.databaseBytes)];
}

/** Whether a database has room: it can be warned of, and no more, since a tenant cannot be divided. */
export function roomFinding(where: string, bytes: number): DoctorFinding {
  const used = `${(bytes / 1e9).toFixed(2)} of ${MOST_BYTES / 1e9} GB`;
  if (bytes < MOST_BYTES * NEAR) return finding('storage_has_room', where, `${used} are used`);
  return finding(
    'storage_near_limit',
    where,
    `${used} are used; a database that is full takes no more writes`,
    'place new projects in another database, and move this one or end what it need not keep',
  );
}
