import type { PolicyDocument, PolicyTest } from '@countersign/protocol/policy-document';
import type { Issue } from '@countersign/protocol/problem';
import type { CompiledPolicy } from './compiled-policy.ts';
import { judgeSome } from './judge.ts';
import { type CapabilityShape, type Row, rowTypesOf, type SomeFacts } from './policy-facts.ts';

interface Target {
  readonly shape: CapabilityShape | null;
}
type Kind = PolicyTest['expect'];

/** The stored tests that do not hold, each for every capability that it is about. Counters begin at nothing. */
export function failedTests(
  document: PolicyDocument,
  targets: readonly Target[],
  policy: CompiledPolicy,
): Issue[] {
  return document.tests.flatMap((test, index) => {
    const path = `$.tests[${index}]`;
    const about = targets.filter(({ shape }) => isAbout(test, shape));
    if (about.length === 0) return issuesOfNone(document, test, path);
    return about.flatMap(({ shape }) => {
      const unknown = unknownColumns(test, shape);
      if (unknown.length > 0)
        return [issue(path, 'test_unknown_fact', `gives what is not there: ${unknown.join(', ')}`)];
      const came = outcomeOf(test, shape, policy);
      return came.kind === test.expect ? [] : [issue(path, 'test_failed', failureText(test, shape, came))];
    });
  });
}

function isAbout(test: PolicyTest, shape: CapabilityShape | null): boolean {
  return shape === null || test.given.capability === undefined || test.given.capability === shape.name;
}

/** A policy does not match what it does not apply to, and a test may say so. */
function issuesOfNone(document: PolicyDocument, test: PolicyTest, path: string): Issue[] {
  if (test.expect === 'no_match') return [];
  const text = `the policy ${document.name} does not apply to ${test.given.capability ?? 'that'}`;
  return [issue(path, 'test_failed', `${test.name}: ${text}`)];
}

/** A misspelt column would let a test pass for the wrong reason. */
function unknownColumns({ given }: PolicyTest, shape: CapabilityShape | null): string[] {
  const types = shape === null ? null : rowTypesOf(shape);
  return (['args', 'before', 'after', 'patch'] as const).flatMap((row) =>
    Object.keys(given[row] ?? {})
      .filter((column) => types === null || !Object.hasOwn(types[row], column))
      .map((column) => `${row}.${column}`),
  );
}

interface Came {
  readonly kind: Kind;
  readonly why: string;
}

function outcomeOf(test: PolicyTest, shape: CapabilityShape | null, policy: CompiledPolicy): Came {
  const facts = factsOf(test, shape);
  const judged = judgeSome([policy], facts, () => undefined);
  const [because] = judged.because;
  const kind = judged.kind === 'default' ? 'no_match' : judged.kind;
  return { kind, why: because === undefined || because.code === 'matched' ? '' : ` (${because.why})` };
}

/** Of `after` and `patch`, the one that a test leaves out follows from the other. */
function factsOf({ given }: PolicyTest, shape: CapabilityShape | null): SomeFacts {
  const patched = Object.entries(given.after ?? {}).filter(([column]) =>
    Object.hasOwn(shape?.patched ?? {}, column),
  );
  const patch: Row = given.patch ?? Object.fromEntries(patched);
  return {
    ...given,
    capability: given.capability ?? shape?.name,
    patch,
    after: given.after ?? { ...given.before, ...patch },
    now: given.now === undefined ? undefined : Date.parse(given.now),
  };
}

function failureText(
  { name, expect }: PolicyTest,
  shape: CapabilityShape | null,
  { kind, why }: Came,
): string {
  const where = shape === null ? '' : ` for ${shape.name}`;
  return `${name}: expected ${expect}${where}, came to ${kind}${why}`;
}

function issue(path: string, code: string, message: string): Issue {
  return { path, code, message };
}
