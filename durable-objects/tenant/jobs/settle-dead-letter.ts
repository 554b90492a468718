import type { Identity } from '../access/identity.ts';
import type { AskOf } from '../turn/command.ts';
import { type Outcome, unchanged } from '../turn/outcome.ts';
import { answer, refuse } from '../turn/reply.ts';
import type { World } from '../turn/world.ts';
import { findJob } from './held-lease.ts';

type Settle = AskOf<'requeue'> | AskOf<'discard'>;

/**
 * A person settles a job whose attempts ran out: tried again under the same key, so that an earlier write is
 * found rather than repeated, or given up.
 */
export function settleDeadLetter(world: World, ask: Settle, identity: Identity, _now: number): Outcome {
  const found = findJob(world, ask.jobId, identity);
  if (!found.ok) return unchanged(found.reply);
  const { row } = found;
  if (row.job_state !== 'dead_letter') {
    return unchanged(
      refuse('job_not_dead', `the job is ${row.job_state}, not a dead letter; nothing was changed`),
    );
  }
  const status = ask.type === 'requeue' ? 'queued' : 'canceled';
  return {
    reply: answer({ ok: true, job_id: ask.jobId, status, ledger_seq: world.nextSeq }),
    entries: [
      {
        type: ask.type === 'requeue' ? 'job.requeued' : 'job.discarded',
        actor: identity.actor,
        subject: row.proposal_id,
        body: { job_id: ask.jobId, reason: ask.reason },
      },
    ],
  };
}
