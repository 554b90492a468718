import * as z from 'zod';

/** How many tests passed, failed and were skipped. A check that is no vitest project counts as one test. */
export interface Tally {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

export const NOTHING: Tally = { passed: 0, failed: 0, skipped: 0 };

const reportSchema = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  numPendingTests: z.number(),
  numTodoTests: z.number(),
  testResults: z.array(
    z.object({
      status: z.string(),
      assertionResults: z.array(z.object({ status: z.string() })),
    }),
  ),
});

export function add(left: Tally, right: Tally): Tally {
  return {
    passed: left.passed + right.passed,
    failed: left.failed + right.failed,
    skipped: left.skipped + right.skipped,
  };
}

/**
 * Counts the tests of one vitest run.
 *
 * @param report the text of its JSON report; undefined where it wrote none
 * @param exitedWell whether the run ended with exit code 0
 * @returns at least one failure when the run did not end well, whatever the report says: a crash, an error
 * outside any test, a report that breaks off
 */
export function tallyOfVitest(report: string | undefined, exitedWell: boolean): Tally {
  const counted = report === undefined ? undefined : countTests(report);
  if (counted === undefined) return { ...NOTHING, failed: 1 };
  return exitedWell || counted.failed > 0 ? counted : { ...counted, failed: 1 };
}

function countTests(text: string): Tally | undefined {
  const report = parse(text);
  if (report === undefined) return undefined;
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + report.testResults.filter(failedAsFile).length,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}

/** A file that does not load, or whose hook throws, fails without a failed test in it. */
function failedAsFile(file: z.infer<typeof reportSchema>['testResults'][number]): boolean {
  return file.status === 'failed' && file.assertionResults.every((test) => test.status !== 'failed');
}

function parse(text: string): z.infer<typeof reportSchema> | undefined {
  try {
    return reportSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
