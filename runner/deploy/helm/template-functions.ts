import { createHash } from 'node:crypto';
import { stringify } from 'yaml';

/** What a template computes with. */
export type Value = string | number | boolean | null | readonly Value[] | { [key: string]: Value };
export type Dict = { [key: string]: Value };

/** What Go's templates hold for false. */
export function isEmpty(value: Value): boolean {
  if (typeof value === 'object' && value !== null) return Object.keys(value).length === 0;
  return value === '' || value === 0 || value === false || value === null;
}

export function isDict(value: Value | undefined): value is Dict {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** As `{{ }}` prints it. Other values have forms in Go that are best not met: 1e+06, map[a:1], <nil>. */
export function printed(value: Value): string {
  if (typeof value === 'string' || typeof value === 'boolean') return String(value);
  if (typeof value === 'number' && Number.isInteger(value) && Math.abs(value) < 1_000_000)
    return String(value);
  throw new Error(`${JSON.stringify(value)} cannot be printed as it is`);
}

type Args = readonly (Value | undefined)[];

function text(args: Args, index: number): string {
  const value = args[index];
  if (typeof value !== 'string') throw new Error(`argument ${index + 1} must be text`);
  return value;
}

function whole(args: Args, index: number): number {
  const value = args[index];
  if (typeof value !== 'number') throw new Error(`argument ${index + 1} must be a number`);
  return value;
}

function dict(args: Args, index: number): Dict {
  const value = args[index];
  if (!isDict(value)) throw new Error(`argument ${index + 1} must be a dict`);
  return value;
}

function any(args: Args, index: number): Value {
  const value = args[index];
  if (value === undefined) throw new Error(`argument ${index + 1} is missing`);
  return value;
}

/** Go sorts the keys of maps, and escapes what HTML could take for its own. */
function goJson(value: Value): string {
  return JSON.stringify(sorted(value), undefined, 2).replaceAll(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function sorted(value: Value): Value {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isDict(value)) return value;
  const keys = Object.keys(value).toSorted();
  return Object.fromEntries(keys.map((key) => [key, sorted(value[key] ?? null)]));
}

function indented(width: number, lines: string): string {
  const pad = ' '.repeat(width);
  return pad + lines.replaceAll('\n', `\n${pad}`);
}

/** A template refuses to be rendered, with words for whoever installs it. */
export class TemplateRefusal extends Error {
  override readonly name = 'TemplateRefusal';
}

function refuse(message: string): never {
  throw new TemplateRefusal(message);
}

/** Each takes the number of arguments that is given first. */
const functions: Readonly<Record<string, readonly [number, (args: Args) => Value]>> = {
  contains: [2, (args) => text(args, 1).includes(text(args, 0))],
  deepCopy: [1, (args) => structuredClone(dict(args, 0))],
  default: [2, (args) => (isEmpty(any(args, 1)) ? any(args, 0) : any(args, 1))],
  fail: [1, (args) => refuse(text(args, 0))],
  nindent: [2, (args) => `\n${indented(whole(args, 0), text(args, 1))}`],
  not: [1, (args) => isEmpty(any(args, 0))],
  quote: [1, (args) => quoted(text(args, 0))],
  replace: [3, (args) => text(args, 2).replaceAll(text(args, 0), () => text(args, 1))],
  required: [2, (args) => (any(args, 1) === '' ? refuse(text(args, 0)) : any(args, 1))],
  set: [3, (args) => Object.assign(dict(args, 0), { [text(args, 1)]: any(args, 2) })],
  sha256sum: [1, (args) => createHash('sha256').update(text(args, 0)).digest('hex')],
  toPrettyJson: [1, (args) => goJson(any(args, 0))],
  toYaml: [1, (args) => stringify(sorted(any(args, 0)), { lineWidth: 0 }).trimEnd()],
  trimSuffix: [2, (args) => trimmed(text(args, 1), text(args, 0))],
  trunc: [2, (args) => text(args, 1).slice(0, whole(args, 0))],
};

function quoted(value: string): string {
  if (!/^[ -~]*$/.test(value)) throw new Error('only printable ASCII is quoted as Go does it');
  return JSON.stringify(value);
}

function trimmed(value: string, suffix: string): string {
  return value.endsWith(suffix) ? value.slice(0, value.length - suffix.length) : value;
}

/** Calls a function of Helm's; throws where the chart may not use it, since nothing here knows it. */
export function callFunction(name: string, args: Args): Value {
  if (name === 'dict') return dictOf(args);
  if (name === 'printf') return formatted(args);
  const [count, run] = functions[name] ?? [];
  if (run === undefined) throw new Error(`the function ${name} is not in the subset`);
  if (args.length !== count) throw new Error(`${name} takes ${count} arguments, and got ${args.length}`);
  return run(args);
}

function dictOf(args: Args): Dict {
  if (args.length % 2 !== 0) throw new Error('dict takes keys and values');
  const keys = args.flatMap((_, index) => (index % 2 === 0 ? [index] : []));
  return Object.fromEntries(keys.map((index) => [text(args, index), any(args, index + 1)]));
}

/** Only with %s, and only of text: the other verbs ask for the types of Go. */
function formatted(args: Args): string {
  const [head = '', ...parts] = text(args, 0).split('%s');
  if (parts.length !== args.length - 1 || text(args, 0).replaceAll('%s', '').includes('%')) {
    throw new Error('printf takes one text for each %s');
  }
  return head + parts.map((part, index) => text(args, index + 1) + part).join('');
}
