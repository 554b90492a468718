import { versionIdOf } from '@countersign/durable-objects/tenant/contracts/contract-ids';
import type { Ask, Caller } from '@countersign/durable-objects/tenant/turn/command';
import { Turns } from '@countersign/durable-objects/tenant/turn/turns';
import { contractDigest } from '@countersign/protocol/contract/contract-digest';
import { usualLimits } from '@countersign/protocol/limits';
import type { SqliteDatabase } from '../support/sqlite-database.ts';
import { empty, type Founded, foundedIn, type Renaming, restore } from './founded.ts';
import { CONTRACT_ID, contractOf, type Edition, editions } from './law.ts';
import { BEGINNING, genesis, owner, TENANT } from './tenant.ts';

/** The history whose founding all others repeat. */
const MODEL = 'the model';

/**
 * Creates the tenant anew, with a contract in force. The rules do it once; every history then begins with what they
 * wrote, under its own name and with hashes to match, which the checks of its chain verify like any other.
 *
 * @param history a name of its own, so that no process has read its contract before
 */
export async function foundTenant(sqlite: SqliteDatabase, history: string): Promise<void> {
  model ??= await foundModel(sqlite);
  empty(sqlite);
  restore(sqlite, model, renaming(MODEL, history));
}

let model: Founded | undefined;

async function foundModel(sqlite: SqliteDatabase): Promise<Founded> {
  empty(sqlite);
  sqlite.run(genesis);
  await askAll(sqlite, 'founding', [[owner, pushOf(MODEL, editions[0], true)]]);
  return foundedIn(sqlite);
}

/**
 * Asks this of the tenant, as at its beginning, one turn each. Throws where one is refused.
 *
 * @param name of the batches, which no others may have
 */
export async function askAll(
  sqlite: SqliteDatabase,
  name: string,
  asked: readonly (readonly [Caller, Ask])[],
): Promise<void> {
  let batches = 0;
  const turns = new Turns(TENANT, {
    database: sqlite,
    now: () => BEGINNING,
    nonce: () => {
      batches += 1;
      return `${name} ${batches}`;
    },
    yield: async () => undefined,
    waiters: () => [],
    admit: () => undefined,
    dismiss: () => undefined,
    deliver: () => undefined,
    changed: () => undefined,
    fault: (fault) => {
      throw fault;
    },
    limits: usualLimits,
    wakeAt: async () => false,
  });
  for (const [caller, ask] of asked) {
    const reply = await turns.submit({ caller, ask, key: null });
    if (!reply.ok) throw new Error(`${ask.type}: ${reply.refusal.message}`);
  }
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

/** Everything that follows from a history's name, but for the hashes of entries. */
function renaming(from: string, to: string): readonly Renaming[] {
  const [before, after] = [from, to].map((name) => contractDigest(contractOf(name, editions[0])));
  if (before === undefined || after === undefined) return [];
  return [
    [from, to],
    [before, after],
    [versionIdOf(CONTRACT_ID, before), versionIdOf(CONTRACT_ID, after)],
  ];
}
