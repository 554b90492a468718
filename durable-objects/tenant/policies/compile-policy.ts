import { digest } from '@countersign/protocol/canonical-json';
import { EVERY, type PolicyDocument } from '@countersign/protocol/policy-document';
import type { Issue, Refusal } from '@countersign/protocol/problem';
import type { Environment } from '@marcbachmann/cel-js';
import { Bounded } from '../turn/bounded.ts';
import { environmentOf, type Variables } from './cel-environment.ts';
import { type CelCompiled, type CelProgram, compileCel } from './cel-program.ts';
import type { CompiledPolicy } from './compiled-policy.ts';
import { expressionStatistics } from './expression-statistics.ts';
import type { ExpressionIssue } from './inspect-expression.ts';
import { type CapabilityShape, contextOf, rowTypesOf, type SomeFacts, variablesOf } from './policy-facts.ts';
import { failedTests } from './policy-tests.ts';

export type PolicyCompiled =
  | { readonly ok: true; readonly policy: CompiledPolicy }
  | { readonly ok: false; readonly issues: readonly Issue[] };

/** A condition in one place where it applies: a capability, or all of them at once (`shape` is null). */
export interface Target {
  readonly shape: CapabilityShape | null;
  readonly program: CelProgram;
}

/** Enough for every policy of a busy project in each of its recent versions; one takes some kilobytes. */
const MOST_COMPILED = 500;
const checked = new Bounded<string, PolicyCompiled>(MOST_COMPILED);
const saved = new Bounded<string, CompiledPolicy>(MOST_COMPILED);

/**
 * Compiles a policy for each capability that it names, and runs its tests. Remembered by the digests of the policy
 * and of the capabilities' shapes, so a project pays once.
 */
export function compilePolicy(
  document: PolicyDocument,
  capabilities: readonly CapabilityShape[],
): PolicyCompiled {
  const shapes = concerned(document, capabilities);
  return remembered(checked, document, shapes, () => compileAnew(document, shapes));
}

/**
 * The same for a policy that was saved earlier, whatever became of the contracts since, and for some of its
 * capabilities only. Where its condition does not compile, evaluating it fails: a refusing or asking policy then
 * counts as matching, an approving one does not.
 */
export function compileSaved(
  document: PolicyDocument,
  capabilities: readonly CapabilityShape[],
): CompiledPolicy {
  const shapes = concerned(document, capabilities);
  return remembered(saved, document, shapes, () => {
    const targets = placesOf(document, shapes).flatMap((shape): Target[] => {
      if (limitIssues(document, shape).length > 0) return [];
      const compiled = compileFor(document, shape);
      return compiled.ok ? [{ shape, program: compiled.program }] : [];
    });
    return policyOf(document, targets);
  });
}

/** What a caller is told of a policy that is not taken. */
export function policyInvalid(issues: readonly Issue[]): Refusal {
  const [first] = issues;
  const message = first === undefined ? 'the policy is not valid' : `${first.path}: ${first.message}`;
  return { code: 'policy_invalid', message, errors: issues.slice(0, MOST_ISSUES) };
}

const MOST_ISSUES = 20;

function concerned(document: PolicyDocument, capabilities: readonly CapabilityShape[]): CapabilityShape[] {
  return capabilities.filter((shape) => document.applies_to.includes(shape.name));
}

/** A document is parsed once and judged often; its digest is the greater part of looking it up. */
const digests = new WeakMap<PolicyDocument | CapabilityShape, string>();

function digestOf(value: PolicyDocument | CapabilityShape): string {
  const known = digests.get(value) ?? digest(value);
  digests.set(value, known);
  return known;
}

function remembered<Compiled>(
  memory: Bounded<string, Compiled>,
  document: PolicyDocument,
  shapes: readonly CapabilityShape[],
  compile: () => Compiled,
): Compiled {
  const key = [document, ...shapes].map(digestOf).join(' ');
  const known = memory.get(key);
  if (known !== undefined) {
    expressionStatistics().hit(document.name);
    expressionStatistics().knows(key);
    return known;
  }
  const compiled = compile();
  memory.set(key, compiled);
  expressionStatistics().knows(key);
  return compiled;
}

/** A policy for every capability is compiled once, without the rows that differ between them. */
function placesOf(
  document: PolicyDocument,
  shapes: readonly CapabilityShape[],
): readonly (CapabilityShape | null)[] {
  return document.applies_to.includes(EVERY) ? [null] : shapes;
}

function compileAnew(document: PolicyDocument, shapes: readonly CapabilityShape[]): PolicyCompiled {
  const issues: Issue[] = unknownCapabilities(document, shapes);
  const targets: Target[] = [];
  for (const shape of placesOf(document, shapes)) {
    issues.push(...limitIssues(document, shape));
    const compiled = compileFor(document, shape);
    if (compiled.ok) targets.push({ shape, program: compiled.program });
    else issues.push(...whenIssues(compiled.issues, shape));
  }
  if (issues.length > 0) return { ok: false, issues };
  const policy = policyOf(document, targets);
  const failed = failedTests(document, targets, policy);
  return failed.length > 0 ? { ok: false, issues: failed } : { ok: true, policy };
}

function whenIssues(found: readonly ExpressionIssue[], shape: CapabilityShape | null): Issue[] {
  return found.map(({ code, message }) => ({ path: '$.when', code, message: about(shape, message) }));
}

interface Place {
  readonly variables: Variables;
  readonly environment: Environment;
}

/** One takes fifty kilobytes, so policies about the same capability share it. */
const MOST_PLACES = 100;
const places = new Bounded<string, Place>(MOST_PLACES);

function placeOf(shape: CapabilityShape | null): Place {
  const key = shape === null ? EVERY : digestOf(shape);
  const known = places.get(key);
  if (known !== undefined) return known;
  const variables = variablesOf(shape === null ? null : rowTypesOf(shape));
  const place = { variables, environment: environmentOf(variables) };
  places.set(key, place);
  return place;
}

function compileFor(document: PolicyDocument, shape: CapabilityShape | null): CelCompiled {
  const { variables, environment } = placeOf(shape);
  return compileCel(environment, variables, document.when, document.name);
}

function policyOf(document: PolicyDocument, targets: readonly Target[]): CompiledPolicy {
  const { name, effect, applies_to, requires, message, limits } = document;
  const evaluators = new Map(
    targets.map(({ shape, program }) => {
      const types = shape === null ? null : rowTypesOf(shape);
      return [shape?.name ?? EVERY, (facts: SomeFacts) => program.evaluate(contextOf(facts, types))];
    }),
  );
  return {
    name,
    effect,
    requires: requires === undefined ? null : { role: requires.role ?? null, approvals: requires.approvals },
    message: message ?? null,
    limits,
    appliesTo: (capability) => applies_to.includes(EVERY) || applies_to.includes(capability),
    evaluate: (facts) => {
      const evaluator = evaluators.get(facts.capability ?? EVERY) ?? evaluators.get(EVERY);
      if (evaluator !== undefined) return evaluator(facts);
      return { kind: 'failed', code: 'policy_outdated', why: 'it does not fit the contract in force' };
    },
  };
}

function unknownCapabilities(document: PolicyDocument, shapes: readonly CapabilityShape[]): Issue[] {
  const issues: Issue[] = [];
  for (const [index, name] of document.applies_to.entries()) {
    if (name === EVERY || shapes.some((shape) => shape.name === name)) continue;
    const message = `no contract in force has the capability ${name}`;
    issues.push({ path: `$.applies_to[${index}]`, code: 'capability_unknown', message });
  }
  return issues;
}

function limitIssues(document: PolicyDocument, shape: CapabilityShape | null): Issue[] {
  const issues: Issue[] = [];
  for (const [index, limit] of document.limits.entries()) {
    if (!('total' in limit) || numberColumn(shape, limit.of)) continue;
    const message = about(shape, `${limit.of} is no number that the change sets, so there is no total of it`);
    issues.push({ path: `$.limits[${index}].of`, code: 'limit_column', message });
  }
  return issues;
}

function numberColumn(shape: CapabilityShape | null, column: string): boolean {
  return shape !== null && Object.hasOwn(shape.patched, column) && shape.patched[column] === 'number';
}

function about(shape: CapabilityShape | null, message: string): string {
  return shape === null ? message : `for ${shape.name}: ${message}`;
}
