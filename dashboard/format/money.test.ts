import { expect, test } from 'vitest';
import { moneyText } from './money.ts';

test.each([
  ['late_fee_cents', 2500, {}, '25.00'],
  ['cents', -5, {}, '-0.05'],
  ['refund_cents', '900719925474099312', { currency: 'EUR' }, /^9.007.199.254.740.993\.12 EUR$/],
  ['refund_cents', 0, { currency: '<b>' }, '0.00'],
])('%s = %s is money', (column, value, row, text) => {
  expect(moneyText(column, value, row)).toEqual(expect.stringMatching(text));
});

test.each([
  ['percents', 12],
  ['late_fee_cents', null],
  ['late_fee_cents', 2.5],
  ['late_fee_cents', '25.00'],
  ['late_fee', 2500],
])('%s = %s is shown as it is', (column, value) => {
  expect(moneyText(column, value, {})).toBeUndefined();
});
