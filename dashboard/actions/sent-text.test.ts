import { actionDetailOf } from '@countersign/client/action-detail';
import { expect, test } from 'vitest';
import { sentText } from './sent-text.ts';

test.each([
  [
    { amount_cents: 2500, currency: 'EUR', note: 'late' },
    'amount_cents 25.00 EUR, currency "EUR", note "late"',
  ],
  [null, ''],
])('%j is told in one line', (input, text) => {
  expect(sentText(actionDetailOf({ action_id: 'act_1', status: 'proposed', input }))).toBe(text);
});

test('what would reorder the line is written out', () => {
  const input = { note: 'a\u202eb' };
  expect(sentText(actionDetailOf({ action_id: 'act_1', status: 'proposed', input }))).not.toContain('\u202e');
});
