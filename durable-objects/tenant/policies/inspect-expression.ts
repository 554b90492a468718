import type { ASTNode } from '@marcbachmann/cel-js';
import type { Variables } from './cel-environment.ts';
import { isTimeZone } from './zoned-time.ts';

/** Why an expression is not taken. The codes stand in the issues of `policy_invalid`. */
export interface ExpressionIssue {
  readonly code:
    | 'cel_syntax'
    | 'cel_too_large'
    | 'cel_unknown_name'
    | 'cel_type'
    | 'cel_not_boolean'
    | 'cel_not_allowed';
  readonly message: string;
}

/** What an expression looks at, besides values of rows. */
export interface Inspection {
  readonly issues: readonly ExpressionIssue[];
  readonly readsTime: boolean;
  /** What `timestamp(...)` is given, in Unix milliseconds: there the answer may change. */
  readonly instants: readonly number[];
}

/**
 * The functions that may be called: each takes time in proportion to its text. Left out are `matches` (a regular
 * expression may backtrack for years), `cel.bind` and the macros that loop (`all`, `exists`, `exists_one`, `map`,
 * `filter`): without them every node is evaluated at most once, so no rule runs long, whatever it says. What one needs
 * of loops is `"x" in who.roles`. Most take microseconds; the worst that we could write takes a third of a second, over
 * columns of 64 KiB.
 */
const functions = new Set(['has', 'size', 'int', 'double', 'string', 'number', 'timestamp', 'duration']);
const methods = new Set([
  'size',
  'startsWith',
  'endsWith',
  'contains',
  'lowerAscii',
  'upperAscii',
  'trim',
  'substring',
  'indexOf',
]);
const searches = new Set(['contains', 'indexOf']);
const partsOfTime = new Set([
  'getFullYear',
  'getMonth',
  'getDate',
  'getDayOfMonth',
  'getDayOfWeek',
  'getDayOfYear',
  'getHours',
  'getMinutes',
  'getSeconds',
]);

interface Walk {
  readonly variables: Variables;
  readonly issues: ExpressionIssue[];
  readonly instants: number[];
  readsTime: boolean;
}

/** Looks for names that are not there and for what may not be used. The library's own check finds errors of type. */
export function inspectExpression(ast: ASTNode, variables: Variables): Inspection {
  const walk: Walk = { variables, issues: [], instants: [], readsTime: false };
  visit(walk, ast);
  return walk;
}

function visit(walk: Walk, node: ASTNode): void {
  switch (node.op) {
    case 'value':
      visitLiteral(walk, node.args);
      break;
    case 'id':
      visitName(walk, node.args);
      break;
    case '.':
      checkField(walk, node.args[0], node.args[1]);
      visit(walk, node.args[0]);
      break;
    case '[]':
      checkIndex(walk, node.args[0], node.args[1]);
      visit(walk, node.args[0]);
      break;
    case 'call':
      visitCall(walk, node.args[0], node.args[1]);
      break;
    case 'rcall':
      visitMethod(walk, node.args[0], node.args[1], node.args[2]);
      break;
    case '!_':
    case '-_':
      visit(walk, node.args);
      break;
    case 'map':
      forbid(walk, 'a map');
      break;
    case '.?':
    case '[?]':
      forbid(walk, 'optional access');
      break;
    default:
      visitAll(walk, node.args);
  }
}

function visitAll(walk: Walk, nodes: readonly ASTNode[]): void {
  for (const node of nodes) visit(walk, node);
}

function visitName(walk: Walk, name: string): void {
  if (name === 'now') walk.readsTime = true;
  if (!Object.hasOwn(walk.variables, name)) unknown(walk, name, Object.keys(walk.variables));
}

function visitLiteral(walk: Walk, value: unknown): void {
  if (value === null) {
    forbid(walk, 'null (a column that is null counts as missing: ask with has(...))');
  } else if (typeof value === 'object') {
    forbid(walk, 'a literal of bytes or of an unsigned integer');
  }
}

function visitCall(walk: Walk, name: string, args: readonly ASTNode[]): void {
  if (!functions.has(name)) forbid(walk, `${name}(...)`);
  const [first] = args;
  if (first !== undefined) visitFirst(walk, name, first);
  visitAll(walk, args);
}

function visitFirst(walk: Walk, name: string, first: ASTNode): void {
  if (name === 'size') checkSize(walk, first);
  if (name === 'duration') checkDuration(walk, first);
  if (name === 'timestamp' && first.op === 'value') {
    const at = typeof first.args === 'string' ? Date.parse(first.args) : Number(first.args) * 1_000;
    if (Number.isFinite(at)) walk.instants.push(at);
  }
}

function visitMethod(walk: Walk, name: string, receiver: ASTNode, args: readonly ASTNode[]): void {
  if (partsOfTime.has(name)) checkTimeZone(walk, receiver, args[0]);
  else if (!methods.has(name)) forbid(walk, `.${name}(...)`);
  else if (searches.has(name)) checkSearch(walk, receiver, args[0]);
  else if (name === 'size') checkSize(walk, receiver);
  visit(walk, receiver);
  // What loops has names of its own, which would be reported as unknown.
  if (methods.has(name)) visitAll(walk, args);
}

/** `before["x"]` is `before.x`; any other key would be found out only when it is too late. */
function checkIndex(walk: Walk, receiver: ASTNode, index: ASTNode): void {
  if (index.op !== 'value' || typeof index.args === 'object') forbid(walk, 'an index that is not a literal');
  else if (typeof index.args === 'string') checkField(walk, receiver, index.args);
}

function checkField(walk: Walk, receiver: ASTNode, field: string): void {
  if (receiver.op !== 'id' || !Object.hasOwn(walk.variables, receiver.args)) return;
  const fields = walk.variables[receiver.args];
  if (typeof fields !== 'object' || Object.hasOwn(fields, field)) return;
  unknown(
    walk,
    `${receiver.args}.${field}`,
    Object.keys(fields).map((name) => `${receiver.args}.${name}`),
  );
}

/** Of any other time than `now`, a zone takes long to look up. */
function checkTimeZone(walk: Walk, receiver: ASTNode, zone: ASTNode | undefined): void {
  if (zone === undefined) return;
  if (receiver.op !== 'id') forbid(walk, 'a time zone of anything but now');
  if (zone.op !== 'value' || typeof zone.args !== 'string') forbid(walk, 'a time zone that is not a literal');
  else if (!isTimeZone(zone.args)) {
    walk.issues.push({ code: 'cel_unknown_name', message: 'there is no such time zone' });
  }
}

/** Each place of a text is tried: with a long text to look for, made of long ones, that takes seconds. */
function checkSearch(walk: Walk, receiver: ASTNode, sought: ASTNode | undefined): void {
  if (sought?.op !== 'value') forbid(walk, 'a search for anything but a literal text');
  if (!isOneText(receiver)) forbid(walk, 'a search in anything but one value');
}

/** Sizes are counted by going through the text. */
function checkSize(walk: Walk, counted: ASTNode): void {
  if (!isOneText(counted)) forbid(walk, 'the size of anything but one value');
}

const LONGEST_DURATION = 40;

/** The library reads a duration in time that grows with the cube of its length: of a text that an agent chose, for ever. */
function checkDuration(walk: Walk, given: ASTNode): void {
  const isShort =
    given.op === 'value' && typeof given.args === 'string' && given.args.length <= LONGEST_DURATION;
  if (!isShort) forbid(walk, `a duration that is not a literal of at most ${LONGEST_DURATION} characters`);
}

function isOneText(node: ASTNode): boolean {
  if (node.op === 'rcall') return node.args[0] !== 'size' && isOneText(node.args[1]);
  return node.op === 'id' || node.op === '.' || node.op === '[]';
}

function forbid(walk: Walk, what: string): void {
  walk.issues.push({ code: 'cel_not_allowed', message: `a rule may not use ${what}` });
}

const MOST_NAMES = 30;

function unknown(walk: Walk, name: string, known: readonly string[]): void {
  const names = known.length === 0 ? 'none' : known.slice(0, MOST_NAMES).join(', ');
  walk.issues.push({ code: 'cel_unknown_name', message: `${name} is not known here; what is: ${names}` });
}
