import { mintId } from '@countersign/protocol/ids';
import type { Actor } from '@countersign/protocol/ledger';
import type { ProposalRow } from '../schema.ts';
import type { Draft } from '../turn/event.ts';

/** The entry that hands a rehearsal to a runner. `seq` is the one that this entry will have. */
export function leaseRehearsal(
  tenant: string,
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
      lease_id: mintId('lse', { at: now, seq, tenant }),
      runner_id: taker.runnerId,
      credential: taker.actor.id,
    },
  };
}
