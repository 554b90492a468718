import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { errorCodes } from '@countersign/protocol/error-codes';
import { expect, test } from 'vitest';

const RUNBOOK = readFileSync(join(import.meta.dirname, '../../docs/operations/runbook.md'), 'utf8');
/** Whoever meets one of these is not at fault, and cannot mend it by asking otherwise. */
const FIRST_FOR_OPERATORS = 429;
const alarms = ['record_broken', 'snapshot_refused', 'snapshot_failed', 'proof_failed', 'backup_overdue'];
const ofCopies = [
  'backup_busy',
  'record_exists',
  'record_missing',
  'archive_required',
  'frozen',
  'runner_draining',
];

const codes = Object.entries(errorCodes)
  .filter(([, { status }]) => status >= FIRST_FOR_OPERATORS)
  .map(([code]) => code);

test.each([...codes, ...alarms, ...ofCopies])('the runbook has a recipe for %s', (code) => {
  expect(RUNBOOK).toContain(`\`${code}\``);
});
