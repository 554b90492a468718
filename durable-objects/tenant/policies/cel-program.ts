import type { Environment, ParseResult } from '@marcbachmann/cel-js';
import type { Variables } from './cel-environment.ts';
import { expressionStatistics } from './expression-statistics.ts';
import { type ExpressionIssue, type Inspection, inspectExpression } from './inspect-expression.ts';

/** What an evaluation came to. `why` names the place in the rule, and never a value: viewers read it. */
export type Verdict =
  | { readonly kind: 'match' }
  | { readonly kind: 'no_match' }
  | { readonly kind: 'failed'; readonly code: string; readonly why: string };

/** A condition that was checked, and can be evaluated any number of times. */
export interface CelProgram extends Pick<Inspection, 'readsTime' | 'instants'> {
  evaluate(context: Readonly<Record<string, unknown>>): Verdict;
}

export type CelCompiled =
  | { readonly ok: true; readonly program: CelProgram }
  | { readonly ok: false; readonly issues: readonly ExpressionIssue[] };

/** Whose a condition is, for the statistics alone: a policy's name, where it is one of a policy. */
type Policy = string | undefined;

/** Compiles a condition, which must be boolean, over the variables of its environment. */
export function compileCel(
  environment: Environment,
  variables: Variables,
  text: string,
  policy?: Policy,
): CelCompiled {
  return expressionStatistics().compiling(policy, () => compile(environment, variables, text, policy));
}

function compile(environment: Environment, variables: Variables, text: string, policy: Policy): CelCompiled {
  let parsed: ParseResult;
  try {
    parsed = environment.parse(text);
  } catch (error) {
    return { ok: false, issues: [syntaxIssue(error)] };
  }
  const { issues, readsTime, instants } = inspectExpression(parsed.ast, variables);
  if (issues.length > 0) return { ok: false, issues };
  const { valid, type, error } = parsed.check();
  if (!valid) return { ok: false, issues: [{ code: 'cel_type', message: summaryOf(error) }] };
  if (type !== 'bool') {
    const message = `the condition must be true or false; this is of type ${type}`;
    return { ok: false, issues: [{ code: 'cel_not_boolean', message }] };
  }
  return {
    ok: true,
    program: { readsTime, instants, evaluate: (context) => counted(policy, evaluate(parsed, text, context)) },
  };
}

function counted(policy: Policy, verdict: Verdict): Verdict {
  expressionStatistics().evaluated(policy, verdict.kind === 'failed');
  return verdict;
}

function evaluate(parsed: ParseResult, text: string, context: Readonly<Record<string, unknown>>): Verdict {
  try {
    const result: unknown = parsed(context);
    if (typeof result === 'boolean') return { kind: result ? 'match' : 'no_match' };
    return failed('not_boolean', 'the condition came to neither true nor false');
  } catch (error) {
    return failureOf(error, text);
  }
}

/** The messages of the library may quote values, so they are not passed on: its code and the place are. */
function failureOf(error: unknown, text: string): Verdict {
  const code = memberOf(error, 'code');
  const known = typeof code === 'string' ? code : 'evaluation_error';
  const place = placeOf(memberOf(error, 'node'), text);
  return failed(known, `${reasons[known] ?? `it could not be evaluated (${known})`}${place}`);
}

const reasons: Readonly<Record<string, string>> = {
  no_such_key: 'it reads a value that is not there',
  unknown_variable: 'it reads a value that is not there',
  numeric_overflow: 'a number became too large',
  field_type_mismatch: 'a value is not of the type that the contract says',
  types_differ: 'values of different types were compared',
  modulo_by_zero: 'a number was divided by zero',
  division_by_zero: 'a number was divided by zero',
};

function failed(code: string, why: string): Verdict {
  return { kind: 'failed', code, why };
}

const LONGEST_PLACE = 60;

function placeOf(node: unknown, text: string): string {
  const [start, end] = [memberOf(node, 'start'), memberOf(node, 'end')];
  if (typeof start !== 'number' || typeof end !== 'number' || end <= start) return '';
  return ` (at: ${text.slice(start, Math.min(end, start + LONGEST_PLACE))})`;
}

function syntaxIssue(error: unknown): ExpressionIssue {
  const code = memberOf(error, 'code') === 'limit_exceeded' ? 'cel_too_large' : 'cel_syntax';
  return { code, message: summaryOf(error) };
}

function summaryOf(error: unknown): string {
  const summary = memberOf(error, 'summary');
  return typeof summary === 'string' ? summary : 'the condition cannot be read';
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}
