import { jobIdOf } from '@countersign/protocol/ids';
import * as z from 'zod';
import type { Cast } from './people.ts';
import { approved, asked, ended, rehearsed, waiver } from './proposing.ts';

const INVOICE = 'INV-3001';

const rowSchema = z.record(z.string(), z.unknown());
const shownSchema = z.looseObject({ rehearsal: z.looseObject({ before: rowSchema, after: rowSchema }) });

/** The main job: proposed, approved, applied, with a receipt on both sides. */
export async function approvedChange(cast: Cast): Promise<void> {
  const { facts, customer } = cast;
  facts.chapter('An agent asks, a runner rehearses, a person approves, the runner writes');
  const first = await customer.invoice(INVOICE);
  const { id, isNew } = await asked(cast, 'waive', waiver(INVOICE, 'first late payment in six years'));
  if (isNew) {
    const pending = await rehearsed(cast, id);
    const { before, after } = shownSchema.parse(pending).rehearsal;
    facts.equal(
      `the runner tried it and took it back: late fee ${first.late_fee_cents} -> 0 on ${INVOICE}`,
      [before.late_fee_cents, after.late_fee_cents],
      [first.late_fee_cents, 0],
    );
    facts.equal('what the contract keeps out was not shown', 'customer_id' in before, false);
    facts.equal('nothing in the database has moved', await customer.invoice(INVOICE), first);
  }
  await approved(cast, id);
  const done = await ended(cast, id);
  facts.equal(
    isNew ? 'Ada approved, and the runner applied it' : 'applied at an earlier start, and not again',
    done.status,
    'applied',
  );
  if (isNew) {
    const after = await customer.invoice(INVOICE);
    facts.equal('the row changed: the late fee is 0', after.late_fee_cents, 0);
    facts.equal(
      `its version went one step, ${first.version} -> ${first.version + 1}`,
      after.version,
      first.version + 1,
    );
  }
  const receipts = await customer.receipts(id);
  facts.equal(
    'one receipt lies beside it, in the same database',
    receipts.map(({ job_id }) => job_id),
    [jobIdOf(id)],
  );
  const result = done.result as { readonly receipt_id: string };
  facts.equal('the control plane has the same receipt', result.receipt_id, receipts[0]?.result_hash);
}
