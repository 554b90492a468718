import * as z from 'zod';
import { CAPABILITIES } from '../stack/acme-contract.ts';
import type { Cast } from './people.ts';
import { asked, ended } from './proposing.ts';

const INVOICE = 'INV-3017';
const SMALL_CENTS = 1_500;
const decidedSchema = z.looseObject({ decisions: z.array(z.looseObject({ by: z.string() })) });

/** What a policy may decide, it decides: nobody is asked, and its limits count. */
export async function policyApprovedChange(cast: Cast): Promise<void> {
  const { facts, customer } = cast;
  facts.chapter('A small change, which a policy may approve');
  const { id } = await asked(cast, 'adjusted', {
    capability: CAPABILITIES.adjust,
    args: { invoice_id: INVOICE, late_fee_cents: SMALL_CENTS },
    reason: 'the fee of the old price list',
  });
  const done = await ended(cast, id);
  facts.equal('nobody was asked, and the runner applied it', done.status, 'applied');
  const [decision] = decidedSchema.parse(done).decisions;
  facts.check(
    'the record says which policy decided',
    decision?.by.startsWith('policy:contract:') === true,
    decision,
  );
  facts.equal(
    `the late fee is ${SMALL_CENTS}`,
    (await customer.invoice(INVOICE)).late_fee_cents,
    SMALL_CENTS,
  );
}
