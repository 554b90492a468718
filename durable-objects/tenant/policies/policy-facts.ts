import type { GivenFacts } from '@countersign/protocol/policy-document';
import type { Scalar } from '@countersign/protocol/values';
import { NUMBER, TIMESTAMP, type Variables } from './cel-environment.ts';
import { ExactNumber } from './exact-number.ts';
import { timeOf } from './zoned-time.ts';

export type Row = Readonly<Record<string, Scalar>>;

/** A capability as policies see it: the names that a condition may use, and their types. */
export interface CapabilityShape {
  readonly name: string;
  readonly args: Readonly<Record<string, 'string' | 'number' | 'boolean'>>;
  readonly visible: readonly string[];
  readonly patched: Readonly<Record<string, 'number' | 'text' | 'other'>>;
}

/** All that a policy may know of a proposal. */
export interface PolicyFacts {
  readonly capability: string;
  /** What it does to its rows, by the name of the job's operation; `action` where it is no change of rows. */
  readonly operation: string;
  /** How many rows it writes together: each is judged by itself. */
  readonly row_count: number;
  readonly args: Row;
  /** Visible and patched columns as they are and would be; empty where nobody has seen the row. */
  readonly before: Row;
  readonly after: Row;
  readonly patch: Row;
  readonly agent: { readonly id: string; readonly name: string };
  readonly principal: string | null;
  readonly tenant_id: string;
  readonly object_id: string | null;
  readonly source_id: string;
  readonly contract: { readonly name: string; readonly version: string; readonly digest: string } | null;
  /** `done` where a runner tried the change; otherwise why there is none. */
  readonly rehearsal: { readonly status: string };
  readonly reason: string | null;
  /** Unix milliseconds. */
  readonly now: number;
}

type RowName = 'args' | 'before' | 'after' | 'patch';
type RowTypes = Readonly<Record<RowName, Readonly<Record<string, string>>>>;

const common = {
  capability: 'string',
  operation: 'string',
  row_count: NUMBER,
  agent: { id: 'string', name: 'string' },
  principal: 'string',
  tenant_id: 'string',
  object_id: 'string',
  source_id: 'string',
  contract: { name: 'string', version: 'string', digest: 'string' },
  rehearsal: { status: 'string' },
  reason: 'string',
  now: TIMESTAMP,
} as const satisfies Variables;

const argTypes = { string: 'string', number: NUMBER, boolean: 'bool' } as const;
/** A column whose type nobody declared is found out when it is read. */
const columnTypes = { number: NUMBER, text: 'string', other: 'dyn' } as const;

/** The types of the values in rows, by name. */
export function rowTypesOf(shape: CapabilityShape): RowTypes {
  const known = typesOfShape.get(shape);
  if (known !== undefined) return known;
  const types = typesOf(shape);
  typesOfShape.set(shape, types);
  return types;
}

/** Shapes live as long as their capabilities; those of all policies about one are the same. */
const typesOfShape = new WeakMap<CapabilityShape, RowTypes>();

function typesOf({ args, visible, patched }: CapabilityShape): RowTypes {
  const patch = mapped(patched, (kind) => columnTypes[kind]);
  const row = { ...Object.fromEntries(visible.map((column) => [column, 'dyn'])), ...patch };
  return { args: mapped(args, (type) => argTypes[type]), before: row, after: row, patch };
}

/** What a condition may name. A policy for every capability has no rows: their columns differ. */
export function variablesOf(types: RowTypes | null): Variables {
  return types === null ? common : { ...common, ...types };
}

function mapped<From, To>(
  record: Readonly<Record<string, From>>,
  to: (from: From) => To,
): Record<string, To> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, to(value)]));
}

/** Facts of a test are partial: reading what is not given fails, as a column that is not there does. */
export type SomeFacts = { readonly [Name in keyof PolicyFacts]?: PolicyFacts[Name] | undefined } | Given;
type Given = Omit<GivenFacts, 'now'> & { readonly now?: number | undefined };

/**
 * Facts as the engine evaluates them. Numbers become exact; a column that is null counts as missing; a text that may
 * be absent (reason, principal, object) is empty then.
 */
export function contextOf(facts: SomeFacts, types: RowTypes | null): Readonly<Record<string, unknown>> {
  const known = contexts.get(facts);
  if (known !== undefined && known.types === types) return known.context;
  const context = makeContext(facts, types);
  contexts.set(facts, { types, context });
  return context;
}

interface Made {
  readonly types: RowTypes | null;
  readonly context: Readonly<Record<string, unknown>>;
}
/** One proposal is judged by many policies: what they see of it is made once. */
const contexts = new WeakMap<SomeFacts, Made>();

function makeContext(facts: SomeFacts, types: RowTypes | null): Readonly<Record<string, unknown>> {
  const { now, contract, principal, object_id, reason, row_count } = facts;
  return {
    ...facts,
    ...(types === null ? {} : rowsOf(facts, types)),
    agent: facts.agent ?? {},
    contract: contract ?? {},
    rehearsal: facts.rehearsal ?? {},
    principal: principal === null ? '' : principal,
    object_id: object_id === null ? '' : object_id,
    reason: reason === null ? '' : reason,
    row_count: row_count === undefined ? undefined : ExactNumber.of(row_count),
    now: now === undefined ? undefined : timeOf(now),
  };
}

function rowsOf(facts: SomeFacts, types: RowTypes): Record<RowName, Record<string, unknown>> {
  return {
    args: exactRow(facts.args, types.args),
    before: exactRow(facts.before, types.before),
    after: exactRow(facts.after, types.after),
    patch: exactRow(facts.patch, types.patch),
  };
}

function exactRow(row: Row | undefined, types: Readonly<Record<string, string>>): Record<string, unknown> {
  const exact: Record<string, unknown> = {};
  for (const [column, value] of Object.entries(row ?? {})) {
    if (value === null || !Object.hasOwn(types, column)) continue;
    exact[column] = exactValue(value, types[column]);
  }
  return exact;
}

/** Databases give decimals and large integers as text: in a column of numbers they are the number. */
function exactValue(value: Exclude<Scalar, null>, type: string | undefined): unknown {
  const isNumber = type === NUMBER || (type === 'dyn' && typeof value === 'number');
  return isNumber ? (ExactNumber.of(value) ?? value) : value;
}
