import { Refused } from '@countersign/protocol/problem';

/** Where a page ended: an opaque text of whole numbers. */
export function encodeCursor(...parts: number[]): string {
  return parts.join('.');
}

/** Throws `Refused` for a cursor that was not given out. */
export function decodeCursor(cursor: string | null | undefined, length: number): number[] | undefined {
  if (cursor === null || cursor === undefined) return undefined;
  const parts = cursor.split('.').map(Number);
  if (parts.length !== length || !parts.every(Number.isSafeInteger)) {
    throw new Refused({ code: 'invalid_request', message: 'cursor: is not one that this list gave out' });
  }
  return parts;
}
