import { acmeContract } from '../stack/acme-contract.ts';
import type { Cast } from './people.ts';

/** Nothing can be proposed before somebody has said what may be. */
export async function contractInForce({ facts, contracts, review, sourceId }: Cast): Promise<void> {
  facts.chapter('An owner says what the agent may propose');
  const pushed = await contracts.push({
    contract: acmeContract(sourceId),
    activate: true,
    reason: 'the first contract of the billing team',
  });
  facts.equal('the contract is in force', pushed.status, 'active');
  const { capabilities } = await review.capabilities();
  facts.equal(
    'the agent sees three capabilities, and no table, column or SQL',
    capabilities.map(({ name }) => name),
    ['billing.adjust_late_fee', 'billing.waive_late_fee', 'billing.write_off_late_fee'],
  );
}
