import { join } from 'node:path';
import type { PGlite } from '@electric-sql/pglite';
import { PGLiteSocketServer } from '@electric-sql/pglite-socket';
import { lockFolder } from '../folder-lock.ts';
import { LOOPBACK } from '../ports.ts';
import { ensurePrivateFolder } from '../private-file.ts';
import { CUSTOMER_SCHEMA } from './schema.ts';
import { CUSTOMERS, INVOICES, PAYMENTS } from './seed-rows.ts';
import { SharedSession } from './shared-session.ts';

/** More than the runner, a script or two and a person's psql open together. */
const MAX_CONNECTIONS = 64;
/** A start right after a kill may meet the old process while it still closes its files. */
const LOCK_WAIT_MS = 2_000;

export type CustomerDatabase = {
  /** For any PostgreSQL client. */
  url: string;
  /** Ends the connections, rolls back what they left open, and closes the files. */
  close: () => Promise<void>;
};

/**
 * Opens the customer's database, seeds it when it is empty, and serves it on a port of 127.0.0.1.
 *
 * It is PostgreSQL itself (PGlite), but one session that all connections share: a transaction that is left
 * open holds up everybody, `set` and prepared statement names are everybody's, and users, passwords, roles
 * and timeouts mean nothing. Whoever tests those needs a real server.
 *
 * @param options.stateFolder the data is kept in a folder below it
 * @param options.port 0 for any that is free
 * @param options.extraSql run at each start, after the seed: must do no harm when run again
 * @throws LocalFault `folder_in_use`
 */
export async function startCustomerDatabase(options: {
  stateFolder: string;
  port: number;
  extraSql: readonly string[];
}): Promise<CustomerDatabase> {
  const folder = join(options.stateFolder, 'customer-database');
  await ensurePrivateFolder(options.stateFolder);
  const unlock = lockFolder(folder, LOCK_WAIT_MS);
  const db = new SharedSession(folder);
  await db.waitReady;
  if (await isEmpty(db)) await seed(db);
  for (const sql of options.extraSql) await db.exec(sql);

  const server = new PGLiteSocketServer({
    db,
    host: LOOPBACK,
    port: options.port,
    maxConnections: MAX_CONNECTIONS,
  });
  await server.start();
  return {
    url: `postgresql://postgres@${server.getServerConn()}/postgres`,
    close: async () => {
      await server.stop();
      await db.close();
      unlock();
    },
  };
}

async function isEmpty(db: PGlite): Promise<boolean> {
  const { rows } = await db.query(`select 1 where to_regclass('public.invoices') is not null`);
  return rows.length === 0;
}

/** All or nothing, so that a start that was cut short seeds again. */
async function seed(db: PGlite): Promise<void> {
  await db.transaction(async (transaction) => {
    await transaction.exec(CUSTOMER_SCHEMA);
    for (const [table, rows] of Object.entries({
      customers: CUSTOMERS,
      invoices: INVOICES,
      payments: PAYMENTS,
    })) {
      await transaction.query(
        `insert into public.${table} select * from jsonb_populate_recordset(null::public.${table}, $1::jsonb)`,
        [JSON.stringify(rows)],
      );
    }
  });
}
