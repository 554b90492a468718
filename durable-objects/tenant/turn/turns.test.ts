import { describe, expect, test } from 'vitest';
import type { Database, Statement, StatementResult } from '../storage/database.ts';
import { TENANT } from '../test-support.ts';
import type { Command } from './command.ts';
import { MOST_COMMANDS_A_TURN, MOST_WAITING, Turns } from './turns.ts';

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

/** Turns over such a database, and how often they let others arrive. */
function tenant() {
  const database = new SlowDatabase();
  const seen = { yields: 0 };
  const turns = new Turns(TENANT, {
    database,
    now: () => 0,
    nonce: () => 'n',
    yield: async () => {
      seen.yields += 1;
    },
    waiters: () => [],
    admit: () => undefined,
    dismiss: () => undefined,
    deliver: () => undefined,
    changed: () => undefined,
    wakeAt: async () => false,
  });
  return { database, seen, turns };
}

describe('commands', () => {
  test('beyond what may wait are refused at once, and those that wait are answered', async () => {
    const { database, turns } = tenant();
    const first = turns.submit(command);
    const waiting = Array.from({ length: MOST_WAITING }, () => turns.submit(command));
    expect(turns.depth).toBe(MOST_WAITING);
    expect(await turns.submit(command)).toMatchObject({ refusal: { code: 'overloaded' } });
    database.answer();
    for (const reply of await Promise.all([first, ...waiting])) expect(reply).toMatchObject(noSuchProject);
    expect(turns.depth).toBe(0);
    expect(turns.tally.turns).toBe(1 + MOST_WAITING / MOST_COMMANDS_A_TURN);
  });

  test('share a turn with those that came while the one before was under way', async () => {
    const { database, turns } = tenant();
    const all = Array.from({ length: 10 }, () => turns.submit(command));
    database.answer();
    await Promise.all(all);
    expect(turns.tally).toMatchObject({ turns: 2, commands: 10 });
  });

  test('of a tenant that is not busy wait for nobody; of one that is, for each other', async () => {
    const { database, seen, turns } = tenant();
    database.answer();
    for (let time = 0; time < 3; time += 1) await turns.submit(command);
    expect(seen.yields).toBe(0);
    await Promise.all(Array.from({ length: 10 }, () => turns.submit(command)));
    await turns.submit(command);
    expect(seen.yields).toBeGreaterThan(0);
  });
});
