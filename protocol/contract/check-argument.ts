import type { ErrorCode } from '../error-codes.ts';
import type { Scalar } from '../values.ts';
import { scalarSchema } from '../values.ts';
import type { ArgumentSpec, ScalarSpec } from './contract-document.ts';

/** What is wrong with a value, and what would pass instead. */
export interface ValueFault {
  readonly code: Extract<ErrorCode, 'argument_invalid' | 'bound_exceeded'>;
  readonly message: string;
  readonly next: string;
}

export type CheckedValue = { ok: true; value: Scalar } | { ok: false; fault: ValueFault };

/** Whether an argument may have this value. The value itself is never repeated. */
export function checkArgument(name: string, spec: ArgumentSpec, value: unknown): CheckedValue {
  const parsed = scalarSchema.safeParse(value);
  if (spec.type === 'object_array' || !parsed.success || typeof parsed.data !== spec.type) {
    return invalid(`${name} is not ${described(spec)}`, `${name}: ${described(spec)}`);
  }
  const fault = choiceFault(name, spec, parsed.data) ?? rangeFault(name, spec, parsed.data);
  if (fault !== undefined) return { ok: false, fault };
  // A negative zero has no JSON of its own: it would be another value after the trip.
  return { ok: true, value: parsed.data === 0 ? 0 : parsed.data };
}

function choiceFault(name: string, spec: ScalarSpec, value: Scalar): ValueFault | undefined {
  const choices: readonly Scalar[] | undefined = spec.enum;
  if (choices !== undefined && !choices.includes(value)) {
    const message = `${name} is none of the values that the capability takes`;
    return { code: 'argument_invalid', message, next: `${name}: one of ${JSON.stringify(choices)}` };
  }
  const longest = spec.max_length;
  if (longest === undefined || typeof value !== 'string' || value.length <= longest) return undefined;
  const next = `${name}: at most ${longest} characters`;
  return { code: 'argument_invalid', message: `${name} has ${value.length} characters`, next };
}

function rangeFault(name: string, spec: ScalarSpec, value: Scalar): ValueFault | undefined {
  return spec.type === 'number' ? boundFault(name, spec, value) : undefined;
}

interface Bounds {
  readonly minimum?: number | undefined;
  readonly maximum?: number | undefined;
}

/** Bounds are inclusive, and only a number can be within them. */
export function boundFault(
  name: string,
  { minimum, maximum }: Bounds,
  value: Scalar,
): ValueFault | undefined {
  const isWithin = typeof value === 'number' && value >= (minimum ?? value) && value <= (maximum ?? value);
  if (isWithin) return undefined;
  const sides = [
    ...(minimum === undefined ? [] : [`at least ${minimum}`]),
    ...(maximum === undefined ? [] : [`at most ${maximum}`]),
  ];
  const next = `${name}: a number ${sides.join(' and ')}`;
  return { code: 'bound_exceeded', message: `${name} is outside its bounds`, next };
}

function described(spec: ArgumentSpec): string {
  switch (spec.type) {
    case 'string':
      return 'a text';
    case 'number':
      return 'a number below 2^53';
    case 'boolean':
      return 'true or false';
    case 'object_array':
      return 'something that a change of one row takes';
  }
}

function invalid(message: string, next: string): CheckedValue {
  return { ok: false, fault: { code: 'argument_invalid', message, next } };
}
