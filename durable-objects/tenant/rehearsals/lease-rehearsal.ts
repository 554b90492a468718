import { mintId } from '@countersign/protocol/ids';
import type { Actor } from '@countersign/protocol/ledger';
import type { ProposalRow } from '../schema.ts';
import type { Draft } from '../turn/event.ts';
import type { World } from '../turn/world.ts';

/** The entry that hands a rehearsal to a runner. `seq` is the one that this entry will have. */
export function leaseRehearsal(
  world: Pick<World, 'tenant'>,
  row: ProposalRow,
  taker: { readonly actor: Actor; readonly runnerId: string },
  seq: number,
  now: number,
): Draft {
  return {
    type: 'rehearsal.leased',
    actor: taker.actor,
    subject: row.proposal_id,
    body: {
      number: row.rehearsal?.number ?? 1,
      lease_id: mintId('lse', { at: now, seq, tenant: world.tenant }),
      runner_id: taker.runnerId,
      credential: taker.actor.id,
    },
  };
}
