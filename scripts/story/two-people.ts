import * as z from 'zod';
import { CAPABILITIES } from '../stack/acme-contract.ts';
import type { Cast } from './people.ts';
import { approved, approvedBy, asked, ended, rehearsed } from './proposing.ts';

const INVOICE = 'INV-3025';
const waitingSchema = z.looseObject({ waiting: z.looseObject({ why: z.string() }) });

/** Some changes are too large for one pair of eyes. */
export async function twoPeople(cast: Cast): Promise<void> {
  const { facts, customer, agent, secondApprover } = cast;
  facts.chapter('A change that needs two people');
  const { id, isNew } = await asked(cast, 'written-off', {
    capability: CAPABILITIES.writeOff,
    args: { invoice_id: INVOICE, reason: 'the customer has closed down' },
    reason: 'the customer has closed down',
  });
  await rehearsed(cast, id);
  await approved(cast, id);
  if (isNew) {
    const half = await agent.read(id);
    facts.equal('Ada approved, and it still waits', half.status, 'pending_review');
    const { why } = waitingSchema.parse(half).waiting;
    facts.equal('and says for whom', why, 'it needs 2 approvals of billing_lead (1 given)');
  }
  await approvedBy(cast, secondApprover, id, 'seen as well');
  const done = await ended(cast, id);
  facts.equal('Ben approved too, and the runner applied it', done.status, 'applied');
  facts.equal('the late fee is gone', (await customer.invoice(INVOICE)).late_fee_cents, 0);
}
