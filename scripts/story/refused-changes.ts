import type { Cast } from './people.ts';
import { approved, asked, ended, rehearsed, waiver } from './proposing.ts';

const STALE_INVOICE = 'INV-3013';
const REJECTED_INVOICE = 'INV-3029';
const BY_HAND_CENTS = 1_200;

/** Somebody edits the row between the proposal and the write: the edit wins, whatever was approved. */
export async function staleChange(cast: Cast): Promise<void> {
  const { facts, customer } = cast;
  facts.chapter('A proposal that was overtaken');
  const { id, isNew } = await asked(cast, 'stale', waiver(STALE_INVOICE, 'goodwill'));
  if (isNew) {
    await rehearsed(cast, id);
    await customer.editByHand(STALE_INVOICE, BY_HAND_CENTS);
    facts.equal(
      'somebody changed the same invoice by hand',
      (await customer.invoice(STALE_INVOICE)).late_fee_cents,
      BY_HAND_CENTS,
    );
  }
  const edited = await customer.invoice(STALE_INVOICE);
  await approved(cast, id);
  const done = await ended(cast, id);
  facts.equal('approved all the same, it ends in a conflict', done.status, 'conflict');
  facts.equal('and the edit by hand stands', await customer.invoice(STALE_INVOICE), edited);
}

/** A person says no, and that is the end of it. */
export async function rejectedChange(cast: Cast): Promise<void> {
  const { facts, customer, approver, agent } = cast;
  facts.chapter('A proposal that a person rejected');
  const before = await customer.invoice(REJECTED_INVOICE);
  const { id } = await asked(cast, 'rejected', waiver(REJECTED_INVOICE, 'the customer asked nicely'));
  await rehearsed(cast, id);
  await approver.reject(
    id,
    { reason: 'this customer is always late' },
    { idempotencyKey: `story:reject:${id}` },
  );
  const done = await agent.read(id);
  facts.equal('Ada rejected it', done.status, 'rejected');
  facts.equal('it never became a job', done.job, null);
  facts.equal('and the row is as it was', await customer.invoice(REJECTED_INVOICE), before);
}
