import { expect, test } from 'vitest';
import { meaningOf, type Place } from './error-numbers.ts';

const of = (errno: number, place: Place = 'statement', sqlState?: string) =>
  meaningOf({ errno, sqlState }, place);

test.each([
  // The statement may have been done
  [1053, 'unknown'],
  [1317, 'unknown'],
  [1927, 'unknown'],
  [4031, 'unknown'],
  // It was not, and may be done again
  [1213, 'again'],
  [1020, 'again'],
  // Not now
  [1030, 'unavailable'],
  [1040, 'unavailable'],
  [1047, 'unavailable'],
  [1045, 'unavailable'],
  [1049, 'unavailable'],
  [1290, 'unavailable'],
  [1792, 'unavailable'],
  [1836, 'unavailable'],
])('%i means %s', (errno, kind) => {
  expect(of(errno)).toEqual({ kind });
});

test.each([
  [1205, 'lock'],
  [1206, 'lock'],
  [1969, 'time'],
  [3024, 'time'],
])('%i means busy, over %s', (errno, over) => {
  expect(of(errno)).toEqual({ kind: 'busy', over });
});

test.each([
  [1264, 'VALUE_REJECTED'],
  [1292, 'VALUE_REJECTED'],
  [1366, 'VALUE_REJECTED'],
  [1406, 'VALUE_REJECTED'],
  [1690, 'VALUE_REJECTED'],
  [3140, 'VALUE_REJECTED'],
  [1267, 'VALUE_REJECTED'],
  [3854, 'VALUE_REJECTED'],
  [1048, 'CONSTRAINT_VIOLATED'],
  [1062, 'CONSTRAINT_VIOLATED'],
  [1452, 'CONSTRAINT_VIOLATED'],
  [3819, 'CONSTRAINT_VIOLATED'],
  [4025, 'CONSTRAINT_VIOLATED'],
  [1142, 'PERMISSION_DENIED'],
  [1143, 'PERMISSION_DENIED'],
  [1054, 'SCHEMA_MISMATCH'],
  [1146, 'SCHEMA_MISMATCH'],
  [1242, 'TRANSACTION_FAILED'],
  [9999, 'TRANSACTION_FAILED'],
])('%i fails the job with %s', (errno, code) => {
  expect(of(errno)).toEqual({ kind: 'failed', code });
});

test('what a trigger raises is told by its state, whatever its number', () => {
  expect(of(1644, 'statement', '45000')).toEqual({ kind: 'failed', code: 'REFUSED_BY_TRIGGER' });
});

test("at the receipt a key that is taken is told from the customer's own", () => {
  expect(of(1062, 'receipt', '23000')).toEqual({ kind: 'receipt_there' });
  expect(of(1586, 'receipt')).toEqual({ kind: 'receipt_there' });
});

test.each([1048, 3819, 4025])('at the receipt %i says that the version did not advance', (errno) => {
  expect(of(errno, 'receipt')).toEqual({ kind: 'failed', code: 'VERSION_DID_NOT_ADVANCE' });
});

test('at the receipt two rows say that the key is not unique', () => {
  expect(of(1242, 'receipt')).toEqual({ kind: 'failed', code: 'PRIMARY_KEY_NOT_UNIQUE' });
});

test.each([1062, 1213, 1205, 3819, 1290, 9999])('at the COMMIT %i leaves in doubt what was done', (errno) => {
  expect(of(errno, 'commit')).toEqual({ kind: 'unknown' });
});
