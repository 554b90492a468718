import type { Environment, ParseResult } from '@marcbachmann/cel-js';
import type { Variables } from './cel-environment.ts';
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

export interface CelStatistics {
  /** Expressions compiled, and compilations that a remembered one made unnecessary. */
  readonly compiled: number;
  readonly hits: number;
  readonly evaluations: number;
  /** Evaluations without a result: a missing field, an overflow, a type. */
  readonly failures: number;
}

const statistics = { compiled: 0, hits: 0, evaluations: 0, failures: 0 };

/** Since this instance of the code began. */
export function celStatistics(): CelStatistics {
  return { ...statistics };
}

export function countHit(): void {
  statistics.hits += 1;
}

/** Compiles a condition, which must be boolean, over the variables of its environment. */
export function compileCel(environment: Environment, variables: Variables, text: string): CelCompiled {
  statistics.compiled += 1;
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
    program: { readsTime, instants, evaluate: (context) => evaluate(parsed, text, context) },
  };
}

function evaluate(parsed: ParseResult, text: string, context: Readonly<Record<string, unknown>>): Verdict {
  statistics.evaluations += 1;
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
  statistics.failures += 1;
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
