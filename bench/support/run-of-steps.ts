import type { ClaimedTask } from '@countersign/protocol/run/task';
import type { GovernedCalls } from './governed-calls.ts';
import type { HttpConnection } from './http-connection.ts';

/** Added, or claimed, with one call. */
const AT_ONCE = 50;
const TASKS_A_CLAIM = 20;

/** Of a hundred steps: proposals, each rehearsed and approved by a policy; tasks, each done by a worker; the rest is read and noted. */
const SHARES = { proposals: 10, tasks: 30 } as const;

/** A run of so many steps, as an agent and its workers would have made it; its id. */
export async function runOfSteps(
  calls: GovernedCalls,
  connection: HttpConnection,
  steps: number,
): Promise<string> {
  const runId = await calls.beginRun(connection);
  const proposals = (steps * SHARES.proposals) / 100;
  const tasks = (steps * SHARES.tasks) / 100;
  await propose(calls, connection, runId, proposals);
  for (let made = 0; made < tasks; made += AT_ONCE) {
    await calls.addSteps(connection, runId, many(Math.min(AT_ONCE, tasks - made), taskStep));
    await work(calls, connection);
  }
  const rest = steps - proposals - tasks;
  for (let made = 0; made < rest; made += AT_ONCE) {
    await calls.addSteps(connection, runId, many(Math.min(AT_ONCE, rest - made), toldStep));
  }
  return runId;
}

async function propose(calls: GovernedCalls, connection: HttpConnection, runId: string, count: number) {
  for (let made = 0; made < count; made += 1) {
    await calls.request(connection, runId);
    for (const rehearsal of await calls.claimRehearsals(connection, 1)) {
      await calls.reportRehearsal(connection, rehearsal);
    }
  }
}

async function work(calls: GovernedCalls, connection: HttpConnection): Promise<void> {
  for (;;) {
    const claimed: readonly ClaimedTask[] = await calls.claimTasks(connection, TASKS_A_CLAIM);
    if (claimed.length === 0) return;
    for (const task of claimed) await calls.completeTask(connection, task);
  }
}

function many(count: number, make: (place: number) => object): object[] {
  return Array.from({ length: count }, (_, place) => make(place));
}

function taskStep(place: number): object {
  return { kind: 'task', task: 'bench', input: { page: place }, title: `page ${place}` };
}

function toldStep(place: number): object {
  return place % 2 === 0
    ? { kind: 'note', text: 'The fee of this invoice is older than its due date.' }
    : { kind: 'read', what: 'the invoice and its payments', evidence_id: `evb_${place}` };
}
