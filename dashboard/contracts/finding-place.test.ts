import { billingContract } from '@countersign/protocol/contract/sample-contracts';
import { expect, test } from 'vitest';
import { placeOf } from './finding-place.ts';

test.each([
  ['$.capabilities[0].proposal.patch.fee', 'billing.waive_late_fee, proposal.patch.fee'],
  ['$.contexts[0]', 'desk'],
  ['$.capabilities[9].args', '$.capabilities[9].args'],
  ['$.metadata', '$.metadata'],
])('%s is %s', (path, place) => {
  expect(placeOf(path, billingContract())).toBe(place);
});
