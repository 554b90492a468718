/** A column in the smallest unit of a currency, as the samples of the contract format name them. */
const CENTS = /(?:^|_)cents$/;
const WHOLE = /^-?\d{1,30}$/;
const CURRENCY = /^[A-Z]{3}$/;

type Row = Readonly<Record<string, unknown>>;

/**
 * An amount as people write it, where a column holds one in cents; with the row's own `currency` where it names one.
 * Undefined where it is no amount: then the value is shown as it is.
 */
export function moneyText(column: string, value: unknown, row: Row): string | undefined {
  // 64-bit numbers travel as texts.
  const digits = typeof value === 'number' || typeof value === 'string' ? String(value) : '';
  if (!CENTS.test(column) || !WHOLE.test(digits)) return undefined;
  const amount = BigInt(digits);
  const size = amount < 0n ? -amount : amount;
  const cents = String(size % 100n).padStart(2, '0');
  const { currency } = row;
  const unit = typeof currency === 'string' && CURRENCY.test(currency) ? ` ${currency}` : '';
  return `${amount < 0n ? '-' : ''}${(size / 100n).toLocaleString()}.${cents}${unit}`;
}
