import { isDouble } from '../decimal-text.ts';

const STRING = /"(?:[^"\\]|\\.)*"/g;
const NUMBER = /-?\d[\d.eE+-]*/g;
const INTEGER = /^-?\d+$/;
const LEAST_INTEGER = -(2n ** 63n);
const LARGEST_INTEGER = 2n ** 64n - 1n;

/** Whether MySQL keeps all numbers of a JSON text: it has integers of 64 bits, and takes everything else for doubles. */
export function keepsNumbers(json: string): boolean {
  return [...json.replaceAll(STRING, '""').matchAll(NUMBER)].every(([number]) => isKept(number));
}

function isKept(number: string): boolean {
  if (!INTEGER.test(number)) return isDouble(number);
  const integer = BigInt(number);
  return integer >= LEAST_INTEGER && integer <= LARGEST_INTEGER;
}
