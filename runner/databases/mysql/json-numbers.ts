const STRING = /"(?:[^"\\]|\\.)*"/g;
const NUMBER = /-?\d[\d.eE+-]*/g;
const PARTS = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/;
const LEAST_INTEGER = -(2n ** 63n);
const LARGEST_INTEGER = 2n ** 64n - 1n;

/** Whether MySQL keeps all numbers of a JSON text: it has integers of 64 bits, and takes everything else for doubles. */
export function keepsNumbers(json: string): boolean {
  return [...json.replaceAll(STRING, '""').matchAll(NUMBER)].every(([number]) => isKept(number));
}

function isKept(number: string): boolean {
  const [, , whole, fraction, exponent] = PARTS.exec(number) ?? [];
  if (whole === undefined) return false;
  if (fraction === undefined && exponent === undefined) {
    const integer = BigInt(number);
    return integer >= LEAST_INTEGER && integer <= LARGEST_INTEGER;
  }
  const double = Number(number);
  return Number.isFinite(double) && normalForm(number) === normalForm(String(double));
}

/** Digits without zeros at either end, and the power of ten that they are to be multiplied by. */
function normalForm(number: string): string {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = PARTS.exec(number) ?? [];
  const digits = `${whole}${fraction}`.replace(/^0+/, '');
  const significant = digits.replace(/0+$/, '');
  if (significant === '') return '0';
  return `${sign}${significant}e${Number(exponent) - fraction.length + digits.length - significant.length}`;
}
