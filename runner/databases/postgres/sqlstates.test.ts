import { expect, test } from 'vitest';
import { meaningOf } from './sqlstates.ts';

const RECEIPTS = 'public.countersign_receipts';

test.each([
  // The statement may have been done
  ['08006', 'unknown'],
  ['08003', 'unknown'],
  ['25P03', 'unknown'],
  ['40003', 'unknown'],
  ['57P01', 'unknown'],
  ['57P02', 'unknown'],
  ['57P05', 'unknown'],
  ['XX000', 'unknown'],
  // It was not, and may be done again
  ['40001', 'again'],
  ['40P01', 'again'],
  ['0A000', 'again_elsewhere'],
  ['26000', 'again_elsewhere'],
  // Not now
  ['25006', 'unavailable'],
  ['28P01', 'unavailable'],
  ['3D000', 'unavailable'],
  ['53100', 'unavailable'],
  ['53300', 'unavailable'],
  ['57P03', 'unavailable'],
  ['58030', 'unavailable'],
])('%s means %s', (code, kind) => {
  expect(meaningOf({ code }, RECEIPTS)).toEqual({ kind });
});

test.each([
  ['55P03', 'lock'],
  ['57014', 'time'],
])('%s means busy, over %s', (code, over) => {
  expect(meaningOf({ code }, RECEIPTS)).toEqual({ kind: 'busy', over });
});

test.each([
  ['22001', 'VALUE_REJECTED'],
  ['22003', 'VALUE_REJECTED'],
  ['22P02', 'VALUE_REJECTED'],
  ['23502', 'CONSTRAINT_VIOLATED'],
  ['23503', 'CONSTRAINT_VIOLATED'],
  ['23505', 'CONSTRAINT_VIOLATED'],
  ['23514', 'CONSTRAINT_VIOLATED'],
  ['23P01', 'CONSTRAINT_VIOLATED'],
  ['44000', 'CONSTRAINT_VIOLATED'],
  ['42501', 'PERMISSION_DENIED'],
  ['42P01', 'SCHEMA_MISMATCH'],
  ['42703', 'SCHEMA_MISMATCH'],
  ['42883', 'SCHEMA_MISMATCH'],
  ['P0001', 'REFUSED_BY_TRIGGER'],
  ['38000', 'TRANSACTION_FAILED'],
  ['21000', 'TRANSACTION_FAILED'],
])('%s fails the job with %s', (code, failure) => {
  expect(meaningOf({ code }, RECEIPTS)).toEqual({ kind: 'failed', code: failure });
});

test('a version that did not advance is told from other checks by its constraint', () => {
  const complaint = { code: '23514', constraint: 'countersign_version_advanced' };
  expect(meaningOf(complaint, RECEIPTS)).toEqual({ kind: 'failed', code: 'VERSION_DID_NOT_ADVANCE' });
});

test("a key that is taken among the receipts is told from the customer's own", () => {
  expect(meaningOf({ code: '23505', table: RECEIPTS }, RECEIPTS)).toEqual({ kind: 'receipt_there' });
  expect(meaningOf({ code: '23505', table: 'public.invoices' }, RECEIPTS)).toEqual({
    kind: 'failed',
    code: 'CONSTRAINT_VIOLATED',
  });
});
