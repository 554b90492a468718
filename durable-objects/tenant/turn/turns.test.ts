import { usualLimits } from '@countersign/protocol/limits';
import { getTableName } from 'drizzle-orm';
import type { SQLiteTable } from 'drizzle-orm/sqlite-core';
import { describe, expect, test } from 'vitest';
import { heads } from '../schema.ts';
import type { Database, RawRow, Statement, StatementResult } from '../storage/database.ts';
import { columnNames, encodeRow } from '../storage/rows.ts';
import { capability, contractOf, inForce } from '../test-contract.ts';
import { credentialRow, head, NOW, TENANT } from '../test-support.ts';
import type { Command } from './command.ts';
import { keyedNames, keyedTables, keyOfRow } from './keyed-tables.ts';
import type { Rows } from './rows.ts';
import { MOST_COMMANDS_A_TURN, MOST_RESERVED, MOST_WAITING, Turns } from './turns.ts';

const command: Command = { caller: { kind: 'system' }, ask: { type: 'sweep' }, key: null };
const noSuchProject = { refusal: { code: 'project_not_found' } };

/** A database with nothing in it, that answers when it is told to. */
class SlowDatabase implements Database {
  readonly #gate = Promise.withResolvers<void>();
  batches = 0;

  async batch(statements: readonly Statement[]): Promise<StatementResult[]> {
    this.batches += 1;
    await this.#gate.promise;
    return statements.map(() => ({ rows: [], rowsRead: 0, rowsWritten: 0 }));
  }

  answer(): void {
    this.#gate.resolve();
  }
}

/** A database with these rows in its keyed tables, and these bodies of entries; it takes every batch that writes. */
class StockedDatabase implements Database {
  readonly #tables: Rows['keyed'];
  readonly #bodies: Rows['bodies'];
  #head = head;
  /** What each batch read, by the names of the tables, and `write` for one that wrote. */
  readonly batches: string[][] = [];

  constructor({ keyed: tables, bodies }: Pick<Rows, 'keyed' | 'bodies'>) {
    this.#tables = tables;
    this.#bodies = bodies;
  }

  async batch(statements: readonly Statement[]): Promise<StatementResult[]> {
    const isWrite = statements.some(({ sql }) => sql.startsWith('INSERT'));
    const names = statements.map(
      ({ sql }) => /(?:FROM|CROSS JOIN) (\w+) [a-z]\b(?! CROSS)/.exec(sql)?.[1] ?? '',
    );
    this.batches.push(isWrite ? ['write'] : names);
    const moved = statements.find(({ sql }) => sql.startsWith('UPDATE heads'));
    if (moved !== undefined) this.#move(moved.params);
    return statements.map(({ params }, place) => ({
      rows: isWrite ? [] : this.#rowsOf(names[place] ?? '', params),
      rowsRead: 0,
      rowsWritten: 0,
    }));
  }

  #move([, turn, nonce, seq, hash]: Statement['params']): void {
    this.#head = { ...head, turn: Number(turn), nonce: String(nonce), seq: Number(seq), hash: String(hash) };
  }

  #rowsOf(tableName: string, params: Statement['params']): RawRow[] {
    if (tableName === 'heads') return [rawRow(heads, this.#head)];
    const wanted: unknown[] = JSON.parse(String(params[1] ?? '[]'));
    if (tableName === 'ledger') {
      return this.#bodies
        .filter(({ seq }) => wanted.includes(seq))
        .map(({ seq, body }) => ({ seq, body: JSON.stringify(body) }));
    }
    const name = keyedNames.find((one) => getTableName(keyedTables[one].table) === tableName);
    if (name === undefined) return [];
    return this.#tables[name]
      .filter((row) => wanted.includes(keyOfRow(name, row)))
      .map((row) => rawRow(keyedTables[name].table, row));
  }
}

/** A row as the database gives it. */
function rawRow<Table extends SQLiteTable>(table: Table, row: Table['$inferSelect']): RawRow {
  const values = encodeRow(table, row);
  return Object.fromEntries(columnNames(table).map((name, place) => [name, values[place]]));
}

/** Turns over a database, and how often they let others arrive. */
function tenant<Own extends Database>(database: Own) {
  const seen = { yields: 0, nonces: 0 };
  const turns = new Turns(TENANT, {
    database,
    now: () => NOW,
    nonce: () => {
      seen.nonces += 1;
      return `n${seen.nonces}`;
    },
    yield: async () => {
      seen.yields += 1;
    },
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
  return { database, seen, turns };
}

describe('commands', () => {
  test('beyond what may wait are refused at once, and those that wait are answered', async () => {
    const { database, turns } = tenant(new SlowDatabase());
    const first = turns.submit(command);
    const waiting = Array.from({ length: MOST_WAITING }, () => turns.submit(command));
    expect(turns.depth).toBe(MOST_WAITING);
    expect(await turns.submit(command)).toMatchObject({ refusal: { code: 'overloaded' } });
    const others = (['reporting', 'urgent'] as const).flatMap((urgency) =>
      Array.from({ length: MOST_RESERVED }, () => turns.submit(command, urgency)),
    );
    expect(turns.depth).toBe(MOST_WAITING + 2 * MOST_RESERVED);
    for (const urgency of ['reporting', 'urgent'] as const)
      expect(await turns.submit(command, urgency)).toMatchObject({ refusal: { code: 'overloaded' } });
    database.answer();
    for (const reply of await Promise.all([first, ...waiting, ...others]))
      expect(reply).toMatchObject(noSuchProject);
    expect(turns.depth).toBe(0);
    expect(turns.tally.turns).toBe(1 + (MOST_WAITING + 2 * MOST_RESERVED) / MOST_COMMANDS_A_TURN);
  });

  test('share a turn with those that came while the one before was under way', async () => {
    const { database, turns } = tenant(new SlowDatabase());
    const all = Array.from({ length: 10 }, () => turns.submit(command));
    database.answer();
    await Promise.all(all);
    expect(turns.tally).toMatchObject({ turns: 2, commands: 10 });
  });

  test('of a tenant that is not busy wait for nobody; of one that is, for each other', async () => {
    const { database, seen, turns } = tenant(new SlowDatabase());
    database.answer();
    for (let time = 0; time < 3; time += 1) await turns.submit(command);
    expect(seen.yields).toBe(0);
    await Promise.all(Array.from({ length: 10 }, () => turns.submit(command)));
    await turns.submit(command);
    expect(seen.yields).toBeGreaterThan(0);
  });
});

describe('a rule that looks for what was not read', () => {
  /** A contract that no other test has: documents are kept by their digest. */
  const contract = contractOf(capability(), { metadata: { name: 'billing', version: 'of turns' } });
  const agent = credentialRow({
    credential_id: 'crd_agent',
    kind: 'agent',
    permissions: ['proposals:write'],
    bindings: { tenant_id: 'acme', principal: 'support' },
  });
  const request = { capability: capability().name, args: { invoice: 'INV-1', fee: 0 } };
  const asked: Command = {
    caller: { kind: 'agent', credentialId: 'crd_agent', digest: 'd' },
    ask: { type: 'request', request },
    key: null,
  };

  test('has it read, and decides again: the first decision leaves nothing', async () => {
    const { database, turns } = tenant(new StockedDatabase(inForce(contract, { credentials: [agent] })));
    expect(await turns.submit(asked)).toMatchObject({ ok: true, status: 201 });
    expect(database.batches).toEqual([
      ['heads', 'credentials', 'capabilities', 'settings'],
      // The document of the contract, then the source of which it speaks.
      expect.arrayContaining(['heads', 'capabilities', 'ledger']),
      expect.arrayContaining(['heads', 'capabilities', 'ledger', 'sources']),
      ['write'],
    ]);
    expect(turns.tally).toMatchObject({ turns: 1, retries: 0 });
  });

  test('need not have it read for the next', async () => {
    const { database, turns } = tenant(new StockedDatabase(inForce(contract, { credentials: [agent] })));
    await turns.submit(asked);
    const before = database.batches.length;
    expect(await turns.submit(asked)).toMatchObject({ ok: true });
    expect(database.batches.slice(before)).toEqual([['write']]);
  });

  test('decides for the whole turn again, and answers everybody once', async () => {
    const { turns } = tenant(new StockedDatabase(inForce(contract, { credentials: [agent] })));
    const unknown: Command = { ...asked, ask: { type: 'request', request: { ...request, capability: 'x' } } };
    const replies = await Promise.all([asked, unknown, asked].map((command) => turns.submit(command)));
    expect(replies.map((reply) => (reply.ok ? 'ok' : reply.refusal.code))).toEqual([
      'ok',
      'capability_unknown',
      'ok',
    ]);
    const made = replies.flatMap((reply) => (reply.ok ? [reply.body.proposal_id] : []));
    expect(new Set(made).size).toBe(2);
  });

  test('gets what is not there as not there, and asks no further', async () => {
    const { database, turns } = tenant(
      new StockedDatabase(inForce(contract, { credentials: [agent], sources: [] })),
    );
    expect(await turns.submit(asked)).toMatchObject({ ok: false, refusal: { code: 'source_unknown' } });
    expect(database.batches.flat().filter((name) => name === 'sources')).toHaveLength(1);
  });
});
