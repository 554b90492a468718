import type { Refusal } from '../problem.ts';
import type { Scalar } from '../values.ts';
import { boundFault } from './check-argument.ts';
import type { Capability } from './contract-document.ts';
import { own } from './own.ts';

export type Row = Record<string, Scalar>;
export type BuiltPatch = { ok: true; patch: Row } | { ok: false; refusal: Refusal };

/** What the capability writes for these arguments: each column from an argument, or fixed. */
export function buildPatch(capability: Capability, values: Readonly<Row>): BuiltPatch {
  const patch: Row = {};
  for (const [column, { fixed, from_arg }] of Object.entries(capability.proposal?.patch ?? {})) {
    const value = fixed === undefined ? own(values, from_arg) : fixed;
    if (value === undefined) {
      const message = `${column} needs the argument ${from_arg ?? column}`;
      return { ok: false, refusal: { code: 'argument_invalid', message, next: message } };
    }
    patch[column] = value;
  }
  const refusal = checkBounds(capability, patch);
  return refusal === undefined ? { ok: true, patch } : { ok: false, refusal };
}

/** Whether every bounded column is set to a number within its bounds. */
export function checkBounds({ proposal }: Capability, patch: Readonly<Row>): Refusal | undefined {
  for (const [column, bounds] of Object.entries(proposal?.numeric_bounds ?? {})) {
    const fault = boundFault(column, bounds, own(patch, column) ?? null);
    if (fault !== undefined) return fault;
  }
  return undefined;
}
