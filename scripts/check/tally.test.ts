import { describe, expect, test } from 'vitest';
import { tallyOfVitest } from './tally.ts';

function reportOf(passed: number, failed: number, skipped: number, files: readonly object[]): string {
  return JSON.stringify({
    numPassedTests: passed,
    numFailedTests: failed,
    numPendingTests: skipped,
    numTodoTests: 1,
    testResults: files,
  });
}
const well = { status: 'passed', assertionResults: [{ status: 'passed' }] };
const ill = { status: 'failed', assertionResults: [{ status: 'passed' }, { status: 'failed' }] };
const unloadable = { status: 'failed', assertionResults: [] };
const brokenHook = { status: 'failed', assertionResults: [{ status: 'skipped' }] };

describe('the tally of a vitest run', () => {
  test('is what the report counts, todo tests as skipped', () => {
    expect(tallyOfVitest(reportOf(7, 0, 2, [well]), true)).toEqual({ passed: 7, failed: 0, skipped: 3 });
  });

  test('counts a failed test once', () => {
    expect(tallyOfVitest(reportOf(7, 1, 0, [well, ill]), false)).toEqual({
      passed: 7,
      failed: 1,
      skipped: 1,
    });
  });

  test('counts a file that did not load, and one whose hook threw', () => {
    const report = reportOf(7, 0, 1, [well, unloadable, brokenHook]);
    expect(tallyOfVitest(report, false)).toEqual({ passed: 7, failed: 2, skipped: 2 });
  });

  test('has a failure when the run ended badly though every test passed', () => {
    expect(tallyOfVitest(reportOf(7, 0, 0, [well]), false)).toEqual({ passed: 7, failed: 1, skipped: 1 });
  });

  test.each([undefined, '', '{"numPassedTests": 3', '{"numPassedTests": 3}'])(
    'is one failure without a whole report: %s',
    (report) => {
      expect(tallyOfVitest(report, true)).toEqual({ passed: 0, failed: 1, skipped: 0 });
    },
  );
});
