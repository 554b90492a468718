import type { Ending } from './hostile-case.ts';

const rejected: Ending = { kind: 'failed', reason: 'VALUE_REJECTED' };
const applied = (set: Readonly<Record<string, string | null>>): Ending => ({ kind: 'applied', set });
const conflict = (reason: string): Ending => ({ kind: 'conflict', reason });

/** The cases that end otherwise than on PostgreSQL, since a truth is a number here, and fewer texts are values. */
export const mysqlEndings: ReadonlyMap<string, Ending> = new Map([
  ['more allowed than it writes', applied({ paid: '1' })],
  ['one column allowed many times', applied({ paid: '0' })],
  ['one for a truth', applied({ paid: '1' })],
  ['two for a truth', applied({ paid: '2' })],
  ['a word for yes', rejected],
  ['a text with blanks for an integer', rejected],
  ['a numbered key with blanks', rejected],
  ['a number with many digits as a text', applied({ amount: '123456789012345678901234567890.5000000000' })],
  ['no number for a number of any size', rejected],
  // A number that no row has is compared like any other.
  ['a key larger than any', conflict('ROW_NOT_FOUND')],
  ['a version larger than any', conflict('VERSION_CONFLICT')],
]);
