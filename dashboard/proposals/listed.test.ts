import { detailOf } from '@countersign/client/proposal-detail';
import { expect, test } from 'vitest';
import { isListed } from './listed.ts';

const item = detailOf({ proposal_id: 'wrp_1', status: 'applied', source_id: 'src_billing' });

test('what is asked for holds together', () => {
  expect(isListed(item, {})).toBe(true);
  expect(isListed(item, { status: 'applied', source: 'src_billing' })).toBe(true);
  expect(isListed(item, { status: 'applied', source: 'src_other' })).toBe(false);
  expect(isListed(item, { status: 'conflict' })).toBe(false);
});
