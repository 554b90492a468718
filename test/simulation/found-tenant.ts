import type { Ask, Caller } from '@countersign/durable-objects/tenant/turn/command';
import { Turns } from '@countersign/durable-objects/tenant/turn/turns';
import type { SqliteDatabase } from '../support/sqlite-database.ts';
import { contractOf, type Edition, editions } from './law.ts';
import { BEGINNING, genesis, owner, TENANT } from './tenant.ts';

const TABLES = "SELECT name FROM sqlite_schema WHERE type = 'table'";

/**
 * Empties the database, which is made once for many histories, and creates the tenant anew, with a contract in force.
 *
 * @param history a name of its own, so that no process has read its contract before
 */
export async function foundTenant(sqlite: SqliteDatabase, history: string): Promise<void> {
  const tables = sqlite.sqlite.prepare(TABLES).all();
  sqlite.sqlite.exec(`BEGIN; ${tables.map(({ name }) => `DELETE FROM ${String(name)};`).join(' ')} COMMIT`);
  sqlite.run(genesis);
  let batches = 0;
  const turns = new Turns(TENANT, {
    database: sqlite,
    now: () => BEGINNING,
    nonce: () => {
      batches += 1;
      return `founding ${batches}`;
    },
    yield: async () => undefined,
    waiters: () => [],
    admit: () => undefined,
    dismiss: () => undefined,
    deliver: () => undefined,
    changed: () => undefined,
    wakeAt: async () => false,
  });
  const must = async (caller: Caller, ask: Ask) => {
    const reply = await turns.submit({ caller, ask, key: null });
    if (!reply.ok) throw new Error(`${ask.type}: ${reply.refusal.message}`);
  };
  await must(owner, pushOf(history, editions[0], true));
}

/** A push of an edition of the history's contract. */
export function pushOf(history: string, edition: Edition, activate: boolean): Ask {
  return {
    type: 'push-contract',
    request: {
      schema_version: 'synapsor.cloud-contract-push.v0.1',
      contract: JSON.parse(JSON.stringify(contractOf(history, edition))),
      source: 'simulation',
      activate,
      reason: 'the desk has changed',
    },
  };
}
