import { expect, test } from 'vitest';
import { DatabaseFault } from './database-fault.ts';
import { meaningOf } from './sqlstates.ts';

test.each([
  // The statement may have been done
  ['connection_lost', 'unknown'],
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
  ['55P03', 'busy'],
  ['57014', 'busy'],
  ['cannot_connect', 'unavailable'],
  ['25006', 'unavailable'],
  ['28P01', 'unavailable'],
  ['3D000', 'unavailable'],
  ['53100', 'unavailable'],
  ['53300', 'unavailable'],
  ['57P03', 'unavailable'],
  ['58030', 'unavailable'],
  // A receipt, or the customer's own key
  ['23505', 'duplicate'],
])('%s means %s', (code, kind) => {
  expect(meaningOf(new DatabaseFault(code))).toEqual({ kind });
});

test.each([
  ['22001', 'VALUE_REJECTED'],
  ['22003', 'VALUE_REJECTED'],
  ['22P02', 'VALUE_REJECTED'],
  ['23502', 'CONSTRAINT_VIOLATED'],
  ['23503', 'CONSTRAINT_VIOLATED'],
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
  expect(meaningOf(new DatabaseFault(code))).toEqual({ kind: 'failed', code: failure });
});

test('a version that did not advance is told from other checks by its constraint', () => {
  const fault = new DatabaseFault('23514', { constraint: 'countersign_version_advanced' });
  expect(meaningOf(fault)).toEqual({ kind: 'failed', code: 'VERSION_DID_NOT_ADVANCE' });
});
