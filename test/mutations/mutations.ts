import type { SimulatedGuard, TestedGuard } from './guard.ts';
import { guardsOfFirstRun } from './guards-of-first-run.ts';
import { guardsOfUpgrades } from './guards-of-upgrades.ts';

const TENANT = 'durable-objects/tenant';
const MODEL = 'test/simulation/customer/guarded-write.ts';
const POSTGRES = 'runner/databases/postgres';
const MYSQL = 'runner/databases/mysql';
/** Runs on every engine. */
const WRITES = 'test/integration/engines/write.test.ts';

/** Guards of the tenant's turns, and of the customer's database as the simulation models it. */
export const simulatedGuards: readonly SimulatedGuard[] = [
  {
    name: 'the guard of every batch',
    mutation: {
      file: `${TENANT}/storage/write.ts`,
      find: '    guard(base, changes.assumed),\n',
      replace: '',
    },
    alarm: 'fence: ',
    seeds: 100,
  },
  {
    name: 'moving the head',
    mutation: { file: `${TENANT}/storage/write.ts`, find: '    moveHead(changes.head),\n', replace: '' },
    alarm: 'fence: ',
    seeds: 20,
  },
  {
    name: 'the version predicate, in the model of the customer’s database',
    mutation: { file: MODEL, find: ' || row.version !== job.expected', replace: '' },
    alarm: 'exactly-once: ',
    seeds: 100,
  },
  {
    name: 'the unique receipt key, in that model',
    mutation: {
      file: MODEL,
      find: 'return tables.receipt(job.key) !== undefined;',
      replace: 'return false;',
    },
    alarm: 'exactly-once: ',
    seeds: 1_000,
  },
  {
    name: 'the fresh look for a receipt, in that model',
    mutation: {
      file: MODEL,
      find: 'if (found !== undefined) return asFound(found);',
      replace: "if (found !== undefined) return { status: 'conflict', receipt: found };",
    },
    alarm: 'exactly-once: ',
    seeds: 200,
  },
  {
    name: 'the settling of lost answers',
    mutation: {
      file: `${TENANT}/turn/turns.ts`,
      find: 'const landed = await settle(this.#counted, rows.head, tried);',
      replace: 'const landed = undefined;',
    },
    alarm: 'answers: ',
    seeds: 200,
  },
  {
    name: 'the write before the answer',
    mutation: {
      file: `${TENANT}/turn/turns.ts`,
      find: 'await this.#counted.batch(writeStatements(rows.head, changes));',
      replace: 'this.#counted.batch(writeStatements(rows.head, changes)).catch(() => undefined);',
    },
    alarm: 'answers: ',
    seeds: 20,
  },
  {
    name: 'a release that costs no attempt',
    mutation: {
      file: `${TENANT}/proposals/fold-proposal.ts`,
      find: "return { job_state: 'queued', not_before: entry.body.not_before, ...noLease };",
      replace:
        "return { job_state: 'queued', not_before: entry.body.not_before, charged: before.charged + 1, ...noLease };",
    },
    alarm: 'leases: ',
    seeds: 400,
  },
  {
    name: 'the depths in the head',
    mutation: {
      file: `${TENANT}/turn/head.ts`,
      find: 'if (left !== undefined) changed[left] -= 1;',
      replace: '',
    },
    alarm: 'counters: ',
    seeds: 20,
  },
  {
    name: 'a chain of their own for events of unknown runners',
    mutation: {
      file: `${TENANT}/runners/record-activity.ts`,
      find: 'isRegistered ? runnerSubject(runner_id) : eventSubject(runner_id, event_id)',
      replace: 'runnerSubject(runner_id)',
    },
    alarm: 'chain: ',
    seeds: 300,
  },
  {
    name: 'trouble with the record that is told as passing',
    mutation: {
      file: `${TENANT}/tenant-shell.ts`,
      find: 'if (fault instanceof DatabaseFault)',
      replace: 'if (fault === undefined)',
    },
    alarm: 'answers: ',
    seeds: 100,
  },
];

/** What histories of the simulation meet too seldom; and guards in the SQL that the runner sends, on real servers. */
export const testedGuards: readonly TestedGuard[] = [
  ...guardsOfFirstRun,
  ...guardsOfUpgrades,
  {
    name: 'the silence of the log about what a fault says',
    mutation: {
      file: 'protocol/log/fault-fields.ts',
      find: 'message: wordsOfSchema(fault, MOST_CAUSES),',
      replace: 'message: wordsOfSchema(fault, MOST_CAUSES) ?? fault.message,',
    },
    suite: 'protocol/log/log-line.test.ts',
    tests: '^a fault',
    alarm: 'of JSON tells nothing of what it could not read',
  },
  {
    name: 'the admission of held polls',
    mutation: {
      file: `${TENANT}/turn/decide-turn.ts`,
      find: '(isAdmitted || admitted.includes(waiterId))',
      replace: 'true',
    },
    suite: 'durable-objects/tenant/turn/decide-turn.test.ts',
    tests: '^a turn',
    alarm: 'hands nothing to a poll that has not shown who it is',
  },
  {
    name: 'the refusal of renewals under a stop',
    mutation: {
      file: `${TENANT}/jobs/renew-lease.ts`,
      find: 'if (freeze !== undefined) return unchanged(refuseFrozen(freeze));',
      replace: 'if (freeze !== undefined) refuseFrozen(freeze);',
    },
    suite: 'durable-objects/tenant/jobs/leases.test.ts',
    tests: '^a renewal',
    alarm: 'is refused under an emergency stop',
  },
  {
    name: 'the word to held polls that a freeze has begun, or ended',
    mutation: {
      file: `${TENANT}/turn/decide-turn.ts`,
      find: 'deliveries: [...deliveries, ...told],',
      replace: 'deliveries,',
    },
    suite: 'durable-objects/tenant/turn/decide-turn.test.ts',
    tests: '^a poll that is held',
    alarm: 'is answered when a freeze begins to hold it back, and when that ends; others wait on',
  },
  {
    name: 'the keys of freezes and stops',
    mutation: {
      file: `${TENANT}/idempotency/recall.ts`,
      find: 'isAboutPeople(ask) || isAboutFreezes(ask);\n}',
      replace: 'isAboutPeople(ask);\n}',
    },
    suite: 'durable-objects/tenant/turn/decide-turn.test.ts',
    tests: '^a stop that comes again',
    alarm: 'a stop that comes again under its key is one stop, with the first answer',
  },
  {
    name: 'the time by which a write must begin',
    mutation: {
      file: 'runner/verify/authority.ts',
      find: "return serverLatestMs >= terms.writeByMs ? 'AUTHORITY_LAPSED' : undefined;",
      replace: 'return undefined;',
    },
    suite: 'runner/loops/held-lease.test.ts',
    tests: '^a held lease',
    alarm: 'holds until the time to write by, and not at it',
  },
  {
    name: 'the reset of approvals by a new version',
    mutation: {
      file: `${TENANT}/proposals/fold-proposal.ts`,
      find: '    ...changeOf(begun, entry),\n',
      replace:
        "    ...changeOf(begun, entry),\n    ...(entry.type === 'proposal.submitted' || entry.type === 'proposal.revised' ? { decisions: begun.decisions } : {}),\n",
    },
    suite: 'durable-objects/tenant/rehearsals/report-rehearsal.test.ts',
    tests: '^a fresh look',
    alarm: 'makes a new version, for which no approval counts yet',
  },
  {
    name: 'the version predicate, on PostgreSQL',
    mutation: {
      file: `${POSTGRES}/write-sql.ts`,
      // biome-ignore lint/suspicious/noTemplateCurlyInString: the source's own template
      find: 'WHERE ${row} AND t.${version} ${equals} ${expected}',
      // biome-ignore lint/suspicious/noTemplateCurlyInString: the source's own template
      replace: 'WHERE ${row} AND (true OR t.${version} ${equals} ${expected})',
    },
    suite: WRITES,
    tests: '^PostgreSQL.*a write',
    alarm: 'of fifty different plans for one version',
  },
  {
    name: 'the unique receipt key, on PostgreSQL',
    mutation: {
      file: `${POSTGRES}/receipts-sql.ts`,
      find: 'idempotency_key text PRIMARY KEY',
      replace: 'idempotency_key text NOT NULL',
    },
    suite: WRITES,
    tests: '^PostgreSQL.*a write',
    alarm: 'gives the same receipt also after somebody set the version back',
  },
  {
    name: 'the version predicate, on MySQL and MariaDB',
    mutation: {
      file: `${MYSQL}/write-sql.ts`,
      // biome-ignore lint/suspicious/noTemplateCurlyInString: the source's own template
      find: 'isExpected = `${row} AND ${version} = ${expected}`',
      // biome-ignore lint/suspicious/noTemplateCurlyInString: the source's own template
      replace: 'isExpected = `${row} AND (true OR ${version} = ${expected})`',
    },
    suite: WRITES,
    tests: '^M.*a write',
    alarm: 'of fifty different plans for one version',
  },
  {
    name: 'the unique receipt key, on MySQL and MariaDB',
    mutation: {
      file: `${MYSQL}/receipts-sql.ts`,
      find: 'PRIMARY KEY (idempotency_key),',
      replace: 'KEY (idempotency_key),',
    },
    suite: WRITES,
    tests: '^M.*a write',
    alarm: 'gives the same receipt also after somebody set the version back',
  },
  {
    name: 'that there is a receipt only where the row was met, on MySQL and MariaDB',
    mutation: {
      file: `${MYSQL}/write-sql.ts`,
      // biome-ignore lint/suspicious/noTemplateCurlyInString: the source's own template
      find: 'WHERE ${IS_MET}`,',
      replace: 'WHERE TRUE`,',
    },
    suite: WRITES,
    tests: '^M.*a conflict',
    alarm: 'is recorded, and stays the answer',
  },
  {
    name: 'forgetting whether an earlier row was met, on MySQL and MariaDB',
    mutation: {
      file: `${MYSQL}/write-sql.ts`,
      find: 'SET @countersign_is_met = 0',
      replace: 'DO 0',
    },
    suite: WRITES,
    tests: '^M.*a write',
    alarm: 'of fifty different plans for one version',
  },
  {
    name: 'the fresh look for a receipt',
    mutation: {
      file: 'runner/databases/write-once.ts',
      find: 'const receipt = await pool.lend((session) => writer.readReceipt(session, filling));',
      replace: 'const receipt = undefined as Row | undefined;',
    },
    suite: WRITES,
    tests: '^PostgreSQL.*a write',
    alarm: 'done again gives the same receipt',
  },
];
