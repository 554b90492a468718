import type { Refusal } from '../problem.ts';
import type { ColumnValue, Scalar } from '../values.ts';
import type { Row } from './build-patch.ts';
import { checkArgument } from './check-argument.ts';
import type { ArgumentSpec, Capability } from './contract-document.ts';
import { itemFields } from './item-fields.ts';
import { own } from './own.ts';

/** Whether a patch that was made elsewhere is one that the capability could have made. */
export function patchFault(capability: Capability, patch: Readonly<Row>): Refusal | undefined {
  const bindings = capability.proposal?.patch ?? {};
  const wanted = Object.keys(bindings);
  const isExact =
    wanted.length === Object.keys(patch).length && wanted.every((column) => Object.hasOwn(patch, column));
  if (!isExact) {
    const message = 'the patch does not set the columns that the capability sets';
    return { code: 'outside_contract', message, next: `a patch of exactly ${wanted.join(', ')}` };
  }
  const taken = new Map<string, Scalar>();
  const fields = itemFields(capability);
  for (const [column, { fixed, from_arg, from_item }] of Object.entries(bindings)) {
    const value = own(patch, column) ?? null;
    if (fixed !== undefined) {
      if (value !== fixed) return mustBe(column, JSON.stringify(fixed));
      continue;
    }
    const name = from_arg ?? from_item ?? '';
    const spec = from_item === undefined ? own(capability.args, name) : own(fields, name);
    const fault = argumentFault(column, spec, value);
    if (fault !== undefined) return fault;
    if (taken.has(name) && taken.get(name) !== value)
      return mustBe(column, `the same ${name} in every column`);
    taken.set(name, value);
  }
  return undefined;
}

function mustBe(column: string, what: string): Refusal {
  const message = `patch.${column} is not what the contract sets it to`;
  return { code: 'outside_contract', message, next: `${column}: ${what}` };
}

/** Called by the column's name: whoever sent a change set knows columns, not arguments. */
function argumentFault(column: string, spec: ArgumentSpec | undefined, value: Scalar): Refusal | undefined {
  if (spec === undefined) return mustBe(column, 'what an argument of the capability gives');
  const checked = checkArgument(column, spec, value);
  return checked.ok ? undefined : checked.fault;
}

/** Whether the row's key is one that the lookup argument could have named. */
export function rowKeyFault(
  { args, lookup }: Capability,
  { column, value }: ColumnValue,
): Refusal | undefined {
  const spec = own(args, lookup?.id_from_arg);
  return argumentFault(column, spec, spec === undefined ? value : asArgument(spec, value));
}

/** A database may answer with the number for which the text of its digits was asked, and the other way about. */
function asArgument({ type }: ArgumentSpec, value: Scalar): Scalar {
  if (type === 'string' && typeof value === 'number') return String(value);
  if (type === 'number' && typeof value === 'string' && /^-?\d+$/.test(value)) return Number(value);
  return value;
}
