import type { ExpressionStatistics } from '../policies/expression-statistics.ts';
import type { Head } from '../schema.ts';
import type { Statement } from '../storage/database.ts';
import { countersOf } from '../turn/head.ts';
import { answer, refuse } from '../turn/reply.ts';
import type { Tally } from '../turn/turns.ts';
import { detailReads, engineDetails, type Workings } from './engine-details.ts';
import type { LookPlan } from './look.ts';
import { time } from './proposal-view.ts';

/** What the object itself knows; gone with its memory. */
export interface Vitals {
  readonly startedAt: number;
  readonly heldPolls: number;
  readonly waitingCommands: number;
  readonly tally: Tally;
  readonly expressions: ExpressionStatistics;
}

/** What is asked for, and what only the object can tell. */
export interface HealthQuestion {
  readonly tenant: string;
  readonly hasDetails: boolean;
  readonly now: number;
  readonly vitals: Vitals;
  readonly workings: Workings;
}

/** Depths from the head's counters, the oldest of each kind of waiting from the lane index, turns from memory. */
export function engineHealth({ hasDetails, now: asked, tenant, vitals, workings }: HealthQuestion): LookPlan {
  return {
    statements: [
      firstOf(tenant, 'review'),
      firstOf(tenant, 'lease'),
      oldestQueued(tenant),
      ...(hasDetails ? detailReads(tenant, asked) : []),
    ],
    answer: async ([review, lease, queued, ...details], { head, may, now }) => {
      if (hasDetails && !may('engine-details'))
        return refuse('forbidden', 'the details are for operators', 'ask without details');
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
        leases: { jobs: depths.lease, actions: depths.actions_lease, tasks: depths.tasks_lease },
        /** What nobody can tell of: a person must compare and settle it. */
        reconcile_backlog: { proposals: depths.unknown, actions: depths.actions_unknown },
        ledger: { seq: head.seq, hash: head.hash },
        turn: head.turn,
        /** Conditions of policies, rules and arbiters: compiled once, then evaluated. */
        conditions: conditionsOf(vitals.expressions),
        object: {
          started_at: time(vitals.startedAt),
          uptime_seconds: Math.max(0, Math.floor((now - vitals.startedAt) / 1_000)),
          held_polls: vitals.heldPolls,
          waiting_commands: vitals.waitingCommands,
          ...vitals.tally,
        },
        ...(hasDetails ? { details: await engineDetails(details, workings) } : {}),
      });
    },
  };
}

function conditionsOf({ total }: ExpressionStatistics) {
  const { compiled, evaluations, failures, hits } = total;
  return { compiled, hits, evaluations, failures };
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
