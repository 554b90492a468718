import { expect, test } from 'vitest';
import type { RehearsalPlan } from '../verify/rehearsal-plan.ts';
import { cannotConnect, connectionLost, DatabaseFault, timedOut } from './database-fault.ts';
import type { FaultMeaning } from './fault-meaning.ts';
import { rehearseChange } from './rehearse-change.ts';
import type { Session } from './session.ts';
import { SessionPool } from './session-pool.ts';
import type { Filling, RehearsedWrite, ShownRow, TableWriter } from './table-writer.ts';

const plan: RehearsalPlan = {
  rehearsalId: 'rhs_1',
  leaseId: 'lse_1',
  proposalId: 'wrp_1',
  agent: 'ada',
  expiresAtMs: 0,
  table: 'public.invoices',
  primaryKey: 'INV-1',
  tenant: 'acme',
  columns: ['fee'],
  values: ['0'],
  visible: ['fee'],
};

const shown = (version: string, fee = 5): ShownRow => ({ version, values: [fee] });
const rehearsed: RehearsedWrite = { row: shown('8', 0), lockHeldMs: 1.23456 };
const faultOf = (meaning: FaultMeaning) => new DatabaseFault('x', meaning);

/** A database that gives these rows and ends, one after another; a fault is thrown. */
function scripted(
  reads: readonly (readonly ShownRow[])[],
  ends: readonly (RehearsedWrite | Error | undefined)[],
) {
  const fillings: Filling[] = [];
  const unused = () => Promise.reject(new Error('not asked for here'));
  let opened = 0;
  const writer: TableWriter<Session> = {
    prepare: unused,
    readReceipt: unused,
    readVersion: unused,
    recordConflict: unused,
    readShown: async () => reads[Math.min(fillings.length, reads.length - 1)] ?? [],
    prepareShown: async (_session, filling) => async () => {
      fillings.push(filling);
      const end = ends[Math.min(fillings.length, ends.length) - 1];
      if (end instanceof Error) throw end;
      return end;
    },
  };
  const pool = new SessionPool<Session>(async () => {
    opened += 1;
    let isUsable = true;
    const end = () => {
      isUsable = false;
    };
    return {
      get isUsable() {
        return isUsable;
      },
      close: async () => end(),
      destroy: end,
    };
  }, 1);
  return {
    fillings,
    run: () => rehearseChange({ pool, writer }, plan, 'runner-1'),
    opened: () => opened,
  };
}

test('the write is that of the version that was read, under a key that is another one each time', async () => {
  const { fillings, run } = scripted([[shown('7')]], [rehearsed]);
  expect(await run()).toEqual({
    kind: 'done',
    before: { fee: 5 },
    after: { fee: 0 },
    version: 7,
    lockHeldMs: 1.235,
  });
  await run();
  expect(fillings[0]).toMatchObject({
    plan: {
      table: 'public.invoices',
      primaryKey: 'INV-1',
      tenant: 'acme',
      expectedVersion: '7',
      values: ['0'],
    },
    facts: { leaseId: 'lse_1', runnerId: 'runner-1' },
  });
  expect(fillings[0]?.plan.idempotencyKey).not.toBe(fillings[1]?.plan.idempotencyKey);
});

test('no row, and two of one name, end it before anything is locked', async () => {
  const none = scripted([[]], [rehearsed]);
  expect(await none.run()).toEqual({ kind: 'row_not_found' });
  const two = scripted([[shown('7'), shown('7')]], [rehearsed]);
  expect(await two.run()).toEqual({ kind: 'failed', code: 'PRIMARY_KEY_NOT_UNIQUE' });
  expect([...none.fillings, ...two.fillings]).toEqual([]);
});

test('a row that moves is followed, but not for ever', async () => {
  const once = scripted([[shown('7')], [shown('8')]], [undefined, rehearsed]);
  expect(await once.run()).toMatchObject({ kind: 'done', version: 8 });
  const always = scripted([[shown('7')], [shown('8')], [shown('9')]], [undefined]);
  expect(await always.run()).toEqual({ kind: 'failed', code: 'SERIALIZATION_FAILURE' });
  expect(always.fillings.map(({ plan: { expectedVersion } }) => expectedVersion)).toEqual(['7', '8', '9']);
});

test('a row that is deleted meanwhile is not found', async () => {
  expect(await scripted([[shown('7')], []], [undefined]).run()).toEqual({ kind: 'row_not_found' });
});

test('a row that does not move, and is not written, is told as that', async () => {
  expect(await scripted([[shown('7')]], [undefined]).run()).toEqual({
    kind: 'failed',
    code: 'WRITE_SUPPRESSED',
  });
});

test('a row that the write makes another one cannot be told', async () => {
  const { run } = scripted([[shown('7')]], [{ row: undefined, lockHeldMs: 1 }]);
  expect(await run()).toEqual({ kind: 'failed', code: 'TRANSACTION_FAILED' });
});

test.each<[string, Error, code: string, tries: number]>([
  ['a lock', faultOf({ kind: 'busy', over: 'lock' }), 'LOCK_TIMEOUT', 1],
  ['a limit of time', faultOf({ kind: 'busy', over: 'time' }), 'STATEMENT_TIMEOUT', 1],
  ['a limit of this program', timedOut(), 'STATEMENT_TIMEOUT', 1],
  ['a constraint', faultOf({ kind: 'failed', code: 'CONSTRAINT_VIOLATED' }), 'CONSTRAINT_VIOLATED', 1],
  ['a database that is away', cannotConnect(), 'DATABASE_UNAVAILABLE', 1],
  ['a line that breaks', connectionLost(), 'DATABASE_UNAVAILABLE', 3],
  ['deadlocks', faultOf({ kind: 'again' }), 'SERIALIZATION_FAILURE', 3],
  ['stale statements', faultOf({ kind: 'again_elsewhere' }), 'SERIALIZATION_FAILURE', 3],
])('%s is told by its code', async (_what, fault, code, tries) => {
  const { fillings, run } = scripted([[shown('7')]], [fault]);
  expect(await run()).toMatchObject({ kind: 'failed', code, cause: expect.any(String) });
  expect(fillings).toHaveLength(tries);
});

test('a line that broke is replaced', async () => {
  const { opened, run } = scripted([[shown('7')]], [connectionLost(), rehearsed]);
  expect(await run()).toMatchObject({ kind: 'done' });
  expect(opened()).toBe(2);
});

test('a fault of this program is none of the database', async () => {
  await expect(scripted([[shown('7')]], [new TypeError('x')]).run()).rejects.toThrow(TypeError);
});
