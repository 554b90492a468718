import { mintId } from '@countersign/protocol/ids';
import type { Actor } from '@countersign/protocol/ledger';
import { nextAttempt } from '../freezes/freeze.ts';
import type { Draft } from '../turn/event.ts';
import type { World } from '../turn/world.ts';
import { runSubject } from './run-subject.ts';
import { taskLane } from './step-lane.ts';

export interface TaskTaker {
  readonly actor: Actor;
  readonly runnerId: string;
  readonly handlers: readonly string[];
  readonly limit: number;
  readonly leaseSeconds: number;
}

export interface TakenTasks {
  readonly entries: readonly Draft[];
  readonly taskIds: readonly string[];
}

/** Leases the first tasks of the queues that a worker serves, in the order in which it names them. */
export function takeTasks(world: World, taker: TaskTaker, now: number): TakenTasks {
  const entries: Draft[] = [];
  const taskIds: string[] = [];
  for (const handler of taker.handlers) {
    const room = taker.limit - taskIds.length;
    if (room <= 0) break;
    for (const row of world.tasksIn(taskLane(handler), room)) {
      const seq = world.nextSeq + entries.length;
      const body = {
        step_id: row.step_id,
        claim_id: mintId('tcl', { at: now, seq, tenant: world.tenant }),
        attempt: nextAttempt(world, row.attempt),
        runner_id: taker.runnerId,
        credential: taker.actor.id,
        expires_at: now + taker.leaseSeconds * 1_000,
      };
      entries.push({ type: 'task.claimed', actor: taker.actor, subject: runSubject(row.run_id), body });
      taskIds.push(row.step_id);
    }
  }
  return { entries, taskIds };
}
