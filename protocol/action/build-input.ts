import { own } from '../contract/own.ts';
import type { Refusal } from '../problem.ts';
import type { Scalar } from '../values.ts';
import type { ActionContract, InputField } from './action-contract.ts';

export type BuiltInput =
  | { readonly ok: true; readonly input: Readonly<Record<string, Scalar>> }
  | { readonly ok: false; readonly refusal: Refusal };

type Values = Readonly<Record<string, Scalar>>;

/** What an executor will be given: each field from an argument, a binding of the credential, or fixed. */
export function buildInput(
  action: ActionContract,
  args: Values,
  bindings: Readonly<Record<string, string>>,
): BuiltInput {
  const input: Record<string, Scalar> = {};
  for (const [name, field] of Object.entries(action.input)) {
    const value = valueFor(field, args, bindings);
    if (value !== undefined) input[name] = value;
    else if ('from_binding' in field) return { ok: false, refusal: unbound(field.from_binding) };
  }
  return { ok: true, input };
}

/** An argument that may be left away leaves its field away. */
function valueFor(
  field: InputField,
  args: Values,
  bindings: Readonly<Record<string, string>>,
): Scalar | undefined {
  if ('fixed' in field) return field.fixed;
  return 'from_arg' in field ? own(args, field.from_arg) : own(bindings, field.from_binding);
}

function unbound(name: string): Refusal {
  return {
    code: 'hidden_binding',
    message: `this credential has no ${name}, which the action is for`,
    next: 'a new credential with that binding',
  };
}
