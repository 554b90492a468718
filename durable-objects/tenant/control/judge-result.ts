import { digest } from '@countersign/protocol/canonical-json';
import type { Arbiter, ArbiterVerdict } from '@countersign/protocol/control/control-document';
import type { Issue } from '@countersign/protocol/problem';
import type { JsonObject } from '@countersign/protocol/values';
import { environmentOf } from '../policies/cel-environment.ts';
import { type CelProgram, compileCel } from '../policies/cel-program.ts';
import { ExactNumber } from '../policies/exact-number.ts';
import { expressionStatistics } from '../policies/expression-statistics.ts';
import { Bounded } from '../turn/bounded.ts';

/** What an arbiter's rules can look at. */
export interface ResultFacts {
  readonly task: string;
  readonly command: string;
  /** 1 for the first. */
  readonly attempt: number;
  readonly result: JsonObject;
  /** How many artifacts the task made. */
  readonly artifacts: number;
}

const variables = {
  task: 'string',
  command: 'string',
  attempt: 'int',
  result: 'map',
  artifacts: 'int',
} as const;
const environment = environmentOf(variables);

const MOST_COMPILED = 200;
const compiled = new Bounded<string, CelProgram>(MOST_COMPILED);

/** Everything that is wrong with an arbiter's conditions. */
export function issuesOfArbiter({ rules }: Arbiter): readonly Issue[] {
  return rules.flatMap(({ when }, place) => {
    const program = compileCel(environment, variables, when);
    if (program.ok) return [];
    return program.issues.map((issue) => ({ ...issue, path: `$.document.rules[${place}].when` }));
  });
}

export interface Judged {
  readonly verdict: ArbiterVerdict;
  readonly message: string;
}

/** What an arbiter says of a result. What cannot be evaluated is not accepted: a judge who cannot read does not acquit. */
export function judgeResult({ otherwise, rules }: Arbiter, facts: ResultFacts): Judged {
  const context = {
    ...facts,
    attempt: BigInt(facts.attempt),
    artifacts: BigInt(facts.artifacts),
    result: exactly(facts.result),
  };
  for (const [place, { message, verdict, when }] of rules.entries()) {
    const judged = programOf(when)?.evaluate(context);
    if (judged?.kind === 'match') return { verdict, message };
    if (judged === undefined || judged.kind === 'failed') {
      const why = judged === undefined ? 'it cannot be read' : judged.why;
      return { verdict: 'reject', message: `rule ${place + 1} could not be evaluated: ${why}` };
    }
  }
  return { verdict: otherwise, message: 'no rule is about it' };
}

function programOf(text: string): CelProgram | undefined {
  const known = compiled.get(text);
  if (known !== undefined) {
    expressionStatistics().hit();
    return known;
  }
  const made = compileCel(environment, variables, text);
  if (!made.ok) return undefined;
  compiled.set(text, made.program);
  expressionStatistics().knows(digest(text));
  return made.program;
}

/** Numbers are compared exactly, and what is null counts as missing: as in the conditions of policies. */
function exactly(value: unknown): unknown {
  if (typeof value === 'number') return ExactNumber.of(value) ?? value;
  if (Array.isArray(value)) return value.map(exactly);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).filter(([, member]) => member !== null);
  return Object.fromEntries(members.map(([name, member]) => [name, exactly(member)]));
}
