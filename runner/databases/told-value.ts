import { type Scalar, scalarSchema } from '@countersign/protocol/values';
import { isSendable } from '../verify/column-text.ts';

/** Values of columns that are told, by their names. */
export type ToldRow = Readonly<Record<string, Scalar>>;

/** An answer may have 262144 bytes; beside the rows there is little in it. */
const MOST_BYTES = 240_000;
const INTEGER = /^-?\d+$/;

/** An integer as JSON can hold it: a number where that is exact, the database's text where it is not. */
export function toldInteger(text: string): Scalar {
  const number = Number(text);
  return INTEGER.test(text) && Number.isSafeInteger(number) ? number : text;
}

/** Whether an answer can hold these rows as they are. */
export function canBeTold(...rows: readonly ToldRow[]): boolean {
  return (
    rows.every((row) => Object.values(row).every(isTellable)) &&
    Buffer.byteLength(JSON.stringify(rows)) <= MOST_BYTES
  );
}

function isTellable(value: Scalar): boolean {
  return scalarSchema.safeParse(value).success && (typeof value !== 'string' || isSendable(value));
}
