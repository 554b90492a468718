import { jobIdOf, mintId } from '@countersign/protocol/ids';
import type { Actor } from '@countersign/protocol/ledger';
import { nextAttempt } from '../freezes/freeze.ts';
import type { ProposalRow } from '../schema.ts';
import type { Draft } from '../turn/event.ts';
import type { World } from '../turn/world.ts';

export interface Taker {
  readonly actor: Actor;
  readonly runnerId: string;
  readonly leaseSeconds: number;
}

type Leasing = Pick<World, 'row' | 'tenant'>;

/** The entry that leases a queued job. `seq` is the one that this entry will have; the lease's id holds it. */
export function leaseJob(world: Leasing, row: ProposalRow, taker: Taker, seq: number, now: number): Draft {
  return {
    type: 'job.leased',
    actor: taker.actor,
    subject: row.proposal_id,
    body: {
      job_id: jobIdOf(row.proposal_id),
      lease_id: mintId('lse', { at: now, seq, tenant: world.tenant }),
      runner_id: taker.runnerId,
      credential: taker.actor.id,
      attempt: nextAttempt(world, row.attempt),
      expires_at: now + taker.leaseSeconds * 1_000,
    },
  };
}
