import type { ApiIssue } from '@countersign/client/api-error';
import type { PolicyTest } from '@countersign/protocol/policy-document';

/** How a test of a policy came out; `not_run` where its condition does not compile, `not_told` where too much failed. */
export interface TestOutcome {
  readonly test: PolicyTest;
  readonly state: 'passed' | 'failed' | 'not_run' | 'not_told';
  readonly messages: readonly string[];
}

/** What the plane says of a document: nothing is wrong with it, or what is. */
export type Verdict =
  | { readonly isTaken: true }
  | { readonly isTaken: false; readonly issues: readonly ApiIssue[] };

/** A plane tells so many problems and no more: with these, a test that is not among them may have failed too. */
const MOST_TOLD = 20;
const TEST = /^\$\.tests\[(\d+)\]/;

export function testOutcomes(tests: readonly PolicyTest[], verdict: Verdict): readonly TestOutcome[] {
  const failures = verdict.isTaken ? [] : verdict.issues.filter(({ path }) => TEST.test(path));
  return tests.map((test, place) => {
    const messages = failures
      .filter(({ path }) => Number(TEST.exec(path)?.[1]) === place)
      .map(({ message }) => message);
    return { test, messages, state: stateOf(verdict, failures.length, messages.length) };
  });
}

function stateOf(verdict: Verdict, failures: number, own: number): TestOutcome['state'] {
  if (verdict.isTaken) return 'passed';
  if (own > 0) return 'failed';
  // Tests run only where everything before them holds.
  if (failures === 0) return 'not_run';
  return verdict.issues.length >= MOST_TOLD ? 'not_told' : 'passed';
}

/** What is wrong besides tests. */
export function otherIssues(verdict: Verdict): readonly ApiIssue[] {
  return verdict.isTaken ? [] : verdict.issues.filter(({ path }) => !TEST.test(path));
}
