const PARTS = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,4}))?$/;

/** A number as text, by its digits: no zeros at either end of them, and the power of ten that they are multiplied by. */
export interface Decimal {
  readonly isNegative: boolean;
  /** Empty for zero. */
  readonly digits: string;
  readonly exponent: number;
}

/** Undefined for what is no decimal number. */
export function parseDecimal(text: string): Decimal | undefined {
  const match = PARTS.exec(text);
  if (match === null) return undefined;
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = match;
  if (whole === '' && fraction === '') return undefined;
  const all = `${whole}${fraction}`.replace(/^0+/, '');
  const digits = all.replace(/0+$/, '');
  const zeros = all.length - digits.length;
  return {
    isNegative: sign === '-' && digits !== '',
    digits,
    exponent: digits === '' ? 0 : Number(exponent) - fraction.length + zeros,
  };
}

/** How many places after the point a number needs. */
export function placesOf({ exponent }: Decimal): number {
  return Math.max(0, -exponent);
}

/** Whether a text is exactly what a double is told as, in the fewest digits that mean it. */
export function isDouble(text: string): boolean {
  return isSame(text, String(Number(text)));
}

/** The same for a number of single precision. */
export function isSingle(text: string): boolean {
  const single = Math.fround(Number(text));
  if (!Number.isFinite(single)) return false;
  const told = SINGLE_DIGITS.map((digits) => single.toPrecision(digits));
  return isSame(text, told.find((each) => Math.fround(Number(each)) === single) ?? '');
}

/** No number of single precision needs more. */
const SINGLE_DIGITS = [1, 2, 3, 4, 5, 6, 7, 8, 9];

function isSame(text: string, other: string): boolean {
  const [one, two] = [parseDecimal(text), parseDecimal(other)];
  if (one === undefined || two === undefined) return false;
  return one.isNegative === two.isNegative && one.digits === two.digits && one.exponent === two.exponent;
}
