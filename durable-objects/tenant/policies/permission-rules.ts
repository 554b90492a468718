import { digest } from '@countersign/protocol/canonical-json';
import type { PermissionRule } from '@countersign/protocol/permission-rule';
import { EVERY } from '@countersign/protocol/policy-document';
import type { Issue, Refusal } from '@countersign/protocol/problem';
import { Bounded } from '../turn/bounded.ts';
import { environmentOf, TIMESTAMP, type Variables } from './cel-environment.ts';
import { type CelCompiled, type CelProgram, compileCel } from './cel-program.ts';
import { expressionStatistics } from './expression-statistics.ts';
import { timeOf } from './zoned-time.ts';

/** Whoever asks, as rules see them. Credentials have no roles. */
export interface Who {
  readonly kind: string;
  readonly id: string;
  readonly name: string;
  readonly roles: readonly string[];
  readonly approval_roles: readonly string[];
}

export interface CompiledRule extends Pick<PermissionRule, 'name' | 'effect'> {
  readonly program: CelProgram;
  concerns(ask: string): boolean;
}

export type RulesCompiled =
  | { readonly ok: true; readonly rules: readonly CompiledRule[] }
  | { readonly ok: false; readonly issues: readonly Issue[] };

export type Permitted =
  | { readonly ok: true }
  | { readonly ok: false; readonly refusal: Refusal; readonly rules: readonly string[] };

const variables: Variables = {
  who: {
    kind: 'string',
    id: 'string',
    name: 'string',
    roles: 'list<string>',
    approval_roles: 'list<string>',
  },
  ask: 'string',
  now: TIMESTAMP,
};
const environment = environmentOf(variables);

const MOST_COMPILED = 500;
const remembered = new Bounded<string, CelCompiled>(MOST_COMPILED);

/** Compiles the rules of a project. `askNames` is all that can be asked: another name would never match. */
export function compilePermissionRules(
  rules: readonly PermissionRule[],
  askNames: readonly string[],
): RulesCompiled {
  const issues: Issue[] = [];
  const compiled: CompiledRule[] = [];
  for (const [index, rule] of rules.entries()) {
    issues.push(...unknownAsks(rule, index, askNames));
    const condition = compileWhen(rule.when);
    if (condition.ok) compiled.push(ruleOf(rule, condition.program));
    else issues.push(...condition.issues.map((issue) => ({ ...issue, path: `$[${index}].when` })));
  }
  return issues.length > 0 ? { ok: false, issues } : { ok: true, rules: compiled };
}

function compileWhen(when: string): CelCompiled {
  const key = digest(when);
  const known = remembered.get(key);
  if (known !== undefined) {
    expressionStatistics().hit();
    expressionStatistics().knows(key);
    return known;
  }
  const condition = compileCel(environment, variables, when);
  remembered.set(key, condition);
  expressionStatistics().knows(key);
  return condition;
}

function ruleOf({ name, effect, asks }: PermissionRule, program: CelProgram): CompiledRule {
  return { name, effect, program, concerns: (ask) => asks.includes(EVERY) || asks.includes(ask) };
}

function unknownAsks(rule: PermissionRule, index: number, askNames: readonly string[]): Issue[] {
  return rule.asks.flatMap((ask, place) => {
    if (ask === EVERY || askNames.includes(ask)) return [];
    const message = `${ask} is nothing that can be asked`;
    return [{ path: `$[${index}].asks[${place}]`, code: 'ask_unknown', message }];
  });
}

/**
 * Whether the rules let somebody ask this now. A deny that matches, or that cannot be evaluated, denies; where allows
 * concern what is asked, one of them must match. The tenant itself is not subject to them: it expires and sweeps.
 */
export function permits(rules: readonly CompiledRule[], who: Who, ask: string, now: number): Permitted {
  if (who.kind === 'system') return { ok: true };
  const concerned = rules.filter((rule) => rule.concerns(ask));
  const context = { who, ask, now: timeOf(now) };
  for (const rule of concerned) {
    if (rule.effect !== 'deny') continue;
    const verdict = rule.program.evaluate(context);
    if (verdict.kind === 'match') return denied([rule.name], `the rule ${rule.name} denies ${ask}`);
    if (verdict.kind === 'failed') {
      return denied([rule.name], `the rule ${rule.name} could not be evaluated: ${verdict.why}`);
    }
  }
  const allows = concerned.filter((rule) => rule.effect === 'allow');
  if (allows.length === 0 || allows.some((rule) => rule.program.evaluate(context).kind === 'match')) {
    return { ok: true };
  }
  const names = allows.map((rule) => rule.name);
  return denied(names, `${ask} is allowed only where one of these rules matches: ${names.join(', ')}`);
}

function denied(rules: readonly string[], message: string): Permitted {
  const next = 'ask under the conditions of the rule, or have an owner change it';
  return { ok: false, rules, refusal: { code: 'denied_by_rule', message, next } };
}
