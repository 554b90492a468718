import { celStatistics } from '../policies/cel-program.ts';
import type { Head } from '../schema.ts';
import type { Statement } from '../storage/database.ts';
import { countersOf } from '../turn/head.ts';
import { answer } from '../turn/reply.ts';
import type { Tally } from '../turn/turns.ts';
import type { LookPlan } from './look.ts';
import { time } from './proposal-view.ts';

/** What the object itself knows; gone with its memory. */
export interface Vitals {
  readonly startedAt: number;
  readonly heldPolls: number;
  readonly waitingCommands: number;
  readonly tally: Tally;
}

/** Depths from the head's counters, the oldest of each kind of waiting from the lane index, turns from memory. */
export function engineHealth(tenant: string, vitals: Vitals): LookPlan {
  return {
    statements: [firstOf(tenant, 'review'), firstOf(tenant, 'lease'), oldestQueued(tenant)],
    answer: ([review, lease, queued], { head, now }) => {
      const depths = countersOf(head);
      return answer({
        ok: true,
        status: 'ok',
        project_id: tenant,
        server_time: time(now),
        depths: {
          pending_review: depths.review,
          rehearsing: depths.rehearsal,
          queued: depths.queue,
          held_back: depths.later,
          frozen: depths.frozen,
          leased: depths.lease,
          dead_letter: depths.dead,
        },
        actions: actionDepths(head),
        tasks: taskDepths(head),
        oldest: {
          pending_review: review?.[0] === undefined ? null : time(Number(review[0].created_at)),
          pending_review_expires_at: review?.[0] === undefined ? null : time(Number(review[0].rank)),
          queued: queued?.[0]?.queued_at == null ? null : time(Number(queued[0].queued_at)),
          lease_expires_at: lease?.[0] === undefined ? null : time(Number(lease[0].rank)),
        },
        ledger: { seq: head.seq, hash: head.hash },
        turn: head.turn,
        /** Conditions of policies and rules in this isolate: compiled once, then evaluated. */
        conditions: celStatistics(),
        object: {
          started_at: time(vitals.startedAt),
          held_polls: vitals.heldPolls,
          waiting_commands: vitals.waitingCommands,
          ...vitals.tally,
        },
      });
    },
  };
}

function actionDepths(head: Head) {
  const depths = countersOf(head);
  return {
    pending_review: depths.actions_review,
    tied: depths.actions_tied,
    behind: depths.actions_behind,
    queued: depths.actions_queue,
    held_back: depths.actions_later,
    frozen: depths.actions_frozen,
    claimed: depths.actions_lease,
    unknown: depths.actions_unknown,
    dead_letter: depths.actions_dead,
  };
}

function taskDepths(head: Head) {
  const depths = countersOf(head);
  return {
    queued: depths.tasks_queue,
    held_back: depths.tasks_later,
    leased: depths.tasks_lease,
    open_runs: depths.runs_open,
  };
}

function firstOf(tenant: string, lane: string): Statement {
  const sql =
    'SELECT created_at, rank FROM proposals WHERE tenant = ?1 AND lane = ?2 ORDER BY rank, seq LIMIT 1';
  return { sql, params: [tenant, lane] };
}

function oldestQueued(tenant: string): Statement {
  const sql =
    'SELECT min((SELECT p.rank FROM proposals p WHERE p.tenant = ?1 AND p.lane = ' +
    "'queue/' || s.source_id ORDER BY p.rank LIMIT 1)) AS queued_at FROM sources s WHERE s.tenant = ?1";
  return { sql, params: [tenant] };
}
