import { Environment } from '@marcbachmann/cel-js';
import { EvaluationFault, ExactNumber } from './exact-number.ts';

/** The type of a number that comes from a row: integer and decimal literals compare and calculate with it. */
export const NUMBER = 'number';
export const TIMESTAMP = 'google.protobuf.Timestamp';

/** The type of a variable: one type, or the types of its fields. */
export type VariableType = string | Readonly<Record<string, string>>;
export type Variables = Readonly<Record<string, VariableType>>;

/**
 * The bounds that the library offers are those of the text's structure, and these are ours. It offers none on time,
 * so `inspect-expression.ts` lets through only what takes time in proportion to text and facts.
 */
const limits = { maxAstNodes: 500, maxDepth: 32, maxListElements: 200, maxCallArguments: 3 };

/** Without division: 1/3 has no exact value, and `a / b <= c` can be written `a <= b * c`. */
const arithmetic = {
  '+': (left: ExactNumber, right: ExactNumber) => left.plus(right),
  '-': (left: ExactNumber, right: ExactNumber) => left.plus(right.negated()),
  '*': (left: ExactNumber, right: ExactNumber) => left.times(right),
  '%': (left: ExactNumber, right: ExactNumber) => left.remainder(right),
};
const comparison = {
  '<': (order: number) => order < 0,
  '<=': (order: number) => order <= 0,
  '>': (order: number) => order > 0,
  '>=': (order: number) => order >= 0,
};
const mixed = [
  [NUMBER, NUMBER],
  [NUMBER, 'int'],
  ['int', NUMBER],
  [NUMBER, 'double'],
  ['double', NUMBER],
] as const;

const incomparable = [
  [NUMBER, 'string'],
  [NUMBER, 'bool'],
  ['string', 'int'],
  ['string', 'double'],
  ['string', 'bool'],
  ['bool', 'int'],
  ['bool', 'double'],
] as const;

function exact(value: unknown): ExactNumber {
  const number = ExactNumber.of(value);
  if (number === undefined) throw new EvaluationFault('not_a_number');
  return number;
}

function order(left: unknown, right: unknown): number {
  return exact(left).compare(exact(right));
}

function isAmong(value: unknown, list: readonly unknown[]): boolean {
  return list.some((one) => order(value, one) === 0);
}

function withNumbers(environment: Environment): Environment {
  environment.registerType(NUMBER, { ctor: ExactNumber, fields: {} });
  for (const from of ['string', NUMBER, 'int', 'double']) {
    environment.registerFunction(`${NUMBER}(${from}): ${NUMBER}`, exact, { async: false });
  }
  environment.registerOperator(`-${NUMBER}`, (value) => exact(value).negated());
  for (const [left, right] of mixed) {
    for (const [sign, calculate] of Object.entries(arithmetic)) {
      environment.registerOperator(`${left} ${sign} ${right}: ${NUMBER}`, (a, b) =>
        calculate(exact(a), exact(b)),
      );
    }
    for (const [sign, holds] of Object.entries(comparison)) {
      environment.registerOperator(`${left} ${sign} ${right}`, (a, b) => holds(order(a, b)));
    }
  }
  for (const right of [NUMBER, 'int', 'double']) {
    environment.registerOperator(`${NUMBER} == ${right}`, (a, b) => order(a, b) === 0);
  }
  // The library compares list elements by identity unless told how; `dyn` is a column whose type nobody declared.
  for (const element of ['int', 'double']) {
    environment.registerOperator(`${NUMBER} in list<${element}>`, isAmong);
    environment.registerOperator(`dyn<${NUMBER}> in list<${element}>`, isAmong);
  }
  // Without these a column that turned out to be of another type would just be unequal, and a refusal would not match.
  for (const [left, right] of incomparable) {
    environment.registerOperator(`dyn<${left}> == ${right}`, () => {
      throw new EvaluationFault('types_differ');
    });
  }
  return environment;
}

const base = withNumbers(new Environment({ unlistedVariablesAreDyn: false, limits }));

/** Where a rule over these variables is compiled; a name that is not among them is an error there. */
export function environmentOf(variables: Variables): Environment {
  const environment = base.clone();
  for (const [name, type] of Object.entries(variables)) {
    environment.registerVariable(typeof type === 'string' ? { name, type } : { name, schema: { ...type } });
  }
  return environment;
}
