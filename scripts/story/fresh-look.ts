import * as z from 'zod';
import type { Cast } from './people.ts';
import { approved, asked, ended, rehearsed, waiver } from './proposing.ts';

const INVOICE = 'INV-3037';
const BY_HAND_CENTS = 3_100;
const shownSchema = z.looseObject({
  proposal_version: z.number(),
  rehearsal: z.looseObject({ status: z.string(), drift: z.array(z.string()).nullable() }),
});

/** Whoever decides can have the row looked at again: what has drifted is a new version, which nobody has approved. */
export async function freshLook(cast: Cast): Promise<void> {
  const { facts, customer, agent, looking } = cast;
  facts.chapter('A fresh look before the decision');
  const { id, isNew } = await asked(cast, 'drifted', waiver(INVOICE, 'sent to the wrong address'));
  if (isNew) {
    await rehearsed(cast, id);
    await customer.editByHand(INVOICE, BY_HAND_CENTS);
    await looking.look(id, { idempotencyKey: `story:look:${id}` });
    let shown = await agent.read(id);
    for (let waits = 0; waits < 3 && shown.proposal_version === 1; waits += 1) {
      shown = await agent.read(id, { waitSeconds: 20, after: Number(shown.ledger_seq) });
    }
    const { proposal_version, rehearsal } = shownSchema.parse(shown);
    facts.equal('somebody changed the invoice; the look shows which columns', rehearsal.drift, [
      'late_fee_cents',
      'version',
    ]);
    facts.equal('and the proposal is a new version', proposal_version, 2);
  }
  await approved(cast, id);
  const done = await ended(cast, id);
  facts.equal('approved as it is now, it applies', done.status, 'applied');
  facts.equal('the late fee is gone', (await customer.invoice(INVOICE)).late_fee_cents, 0);
}
