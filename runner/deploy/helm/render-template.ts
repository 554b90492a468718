import type { Operand, Piece } from './go-template.ts';
import { callFunction, type Dict, isDict, isEmpty, printed, type Value } from './template-functions.ts';

/** What is known at one place of a template. */
interface Scope {
  readonly dot: Value;
  /** By name with the $; the innermost block's own come last. */
  readonly variables: Map<string, Value>;
  readonly defined: ReadonlyMap<string, readonly Piece[]>;
}

/** Renders one template; throws `TemplateRefusal` where the template refuses, and `Error` at what is not in the subset. */
export function renderPieces(
  pieces: readonly Piece[],
  dot: Value,
  defined: ReadonlyMap<string, readonly Piece[]>,
): string {
  return block(pieces, { dot, variables: new Map([['$', dot]]), defined });
}

/** Variables that are made in a block end with it. */
function block(pieces: readonly Piece[], outer: Scope): string {
  const scope = { ...outer, variables: new Map(outer.variables) };
  return pieces.map((piece) => rendered(piece, scope)).join('');
}

function rendered(piece: Piece, scope: Scope): string {
  switch (piece.kind) {
    case 'text':
      return piece.text;
    case 'print':
      return printed(evaluate(piece.value, scope));
    case 'assign':
      scope.variables.set(piece.name, evaluate(piece.value, scope));
      return '';
    case 'if':
      return block(isEmpty(evaluate(piece.value, scope)) ? piece.otherwise : piece.body, scope);
    case 'with': {
      const dot = evaluate(piece.value, scope);
      return isEmpty(dot) ? block(piece.otherwise, scope) : block(piece.body, { ...scope, dot });
    }
    case 'range':
      return range(piece, scope);
  }
}

function range({ body, names, value }: Extract<Piece, { kind: 'range' }>, scope: Scope): string {
  return entriesOf(evaluate(value, scope))
    .map(([key, dot]) => {
      const variables = new Map(scope.variables);
      // With one variable it is the value, with two they are the key and the value.
      const values = names.length === 2 ? [key, dot] : [dot];
      names.forEach((name, index) => {
        variables.set(name, values[index] ?? null);
      });
      return block(body, { ...scope, dot, variables });
    })
    .join('');
}

function entriesOf(value: Value): [Value, Value][] {
  if (Array.isArray(value)) return value.map((each, index) => [index, each]);
  if (!isDict(value)) throw new Error('range takes a list or a dict');
  const keys = Object.keys(value).toSorted();
  return keys.map((key) => [key, value[key] ?? null]);
}

function evaluate(operand: Operand, scope: Scope): Value {
  switch (operand.kind) {
    case 'literal':
      return operand.value;
    case 'dot':
      return at(scope.dot, operand.path);
    case 'variable': {
      const value = scope.variables.get(operand.name);
      if (value === undefined) throw new Error(`there is no ${operand.name}`);
      return at(value, operand.path);
    }
    case 'call': {
      const args = operand.args.map((each) => evaluate(each, scope));
      return operand.name === 'include' ? include(args, scope) : callFunction(operand.name, args);
    }
  }
}

function include(args: readonly Value[], { defined }: Scope): string {
  const [name, dot] = args;
  const pieces = typeof name === 'string' ? defined.get(name) : undefined;
  if (pieces === undefined || dot === undefined || args.length !== 2)
    throw new Error(`cannot include ${name}`);
  return renderPieces(pieces, dot, defined);
}

/** Helm gives nothing for a key that is not there. Here it is a mistake in the chart: a name that values.yaml lacks. */
function at(value: Value, path: readonly string[]): Value {
  return path.reduce<Value>((found, key) => {
    const next: Value | undefined =
      isDict(found) && Object.hasOwn(found, key) ? field(found, key) : undefined;
    if (next === undefined) throw new Error(`there is no .${path.join('.')}`);
    return next;
  }, value);
}

function field(dict: Dict, key: string): Value | undefined {
  return dict[key];
}
