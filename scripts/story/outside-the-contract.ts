import { ApiError } from '@countersign/client/api-error';
import type { CapabilityRequest } from '@countersign/client/review-api';
import { CAPABILITIES } from '../stack/acme-contract.ts';
import type { Cast } from './people.ts';

const INVOICE = 'INV-3029';

/** What the contract does not allow cannot be proposed, and the answer says what would pass. */
export async function outsideTheContract(cast: Cast): Promise<void> {
  const { facts, customer } = cast;
  facts.chapter('What the contract does not allow');
  const before = await customer.invoice(INVOICE);
  const tooMuch = await refusal(cast, {
    capability: CAPABILITIES.adjust,
    args: { invoice_id: INVOICE, late_fee_cents: 90_000 },
  });
  facts.equal('a fee above the bound is refused', tooMuch?.code, 'bound_exceeded');
  facts.check(
    'and the agent is told what would pass',
    tooMuch?.next?.includes('10000') === true,
    tooMuch?.next,
  );
  const foreign = await refusal(cast, {
    capability: CAPABILITIES.waive,
    args: { invoice_id: INVOICE, reason: 'none', tenant_id: 'globex' },
  });
  facts.equal('so is naming another tenant, and the attempt is on record', foreign?.code, 'hidden_binding');
  facts.equal('the row is as it was', await customer.invoice(INVOICE), before);
}

async function refusal({ review }: Cast, request: CapabilityRequest): Promise<ApiError | undefined> {
  try {
    await review.request(request);
    return undefined;
  } catch (fault) {
    if (fault instanceof ApiError) return fault;
    throw fault;
  }
}
