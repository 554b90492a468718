import { type Issue, type Refusal, Refused } from '../problem.ts';
import { refuseUnstorableText } from '../storable-text.ts';
import { labelSchema, type Scalar } from '../values.ts';
import { checkArgument, type ValueFault } from './check-argument.ts';
import type { Capability, ContractContext } from './contract-document.ts';
import { own } from './own.ts';
import type { ResolvedSubject } from './subject-of.ts';
import { trustedNameLike, trustedNames } from './trusted-names.ts';

/** `hidden` holds the trusted names that the caller tried to pass: for the record, and never a value. */
export type BoundArguments =
  | { ok: true; values: Record<string, Scalar> }
  | { ok: false; refusal: Refusal; hidden?: string[] };

/** A capability or an action, as far as it has arguments. */
type Takes = Pick<Capability, 'name' | 'args' | 'lookup'>;

/** Checks what an agent sent against what a capability or an action takes. Tenant and principal are never among it. */
export function bindArguments(
  context: ContractContext,
  capability: Takes,
  args: unknown,
  subject: Partial<Pick<ResolvedSubject, 'tenant_key' | 'principal_scope_key'>>,
): BoundArguments {
  if (!isMap(args))
    return refused({ code: 'argument_invalid', message: 'args must be an object', next: takes(capability) });
  const trusted = trustedNames(context, subject);
  const hidden = [...new Set(Object.keys(args).flatMap((name) => trustedNameLike(name, trusted) ?? []))];
  if (hidden.length > 0) return { ok: false, refusal: hiddenRefusal(hidden, capability), hidden };
  const unstorable = unstorableText(args);
  if (unstorable !== undefined) return refused(unstorable);
  const unknown = Object.keys(args).filter((name) => own(capability.args, name) === undefined);
  if (unknown.length > 0) return refused(unknownRefusal(unknown, capability));
  return bindKnown(capability, args);
}

type Args = Readonly<Record<string, unknown>>;

function bindKnown(capability: Takes, args: Args): BoundArguments {
  const values: Record<string, Scalar> = {};
  const faults: [string, ValueFault][] = [];
  for (const [name, spec] of Object.entries(capability.args)) {
    if (!Object.hasOwn(args, name)) {
      if (spec.required !== false) faults.push([name, missing(name, capability)]);
      continue;
    }
    const checked = checkArgument(name, spec, args[name]);
    const fault = checked.ok ? lookupFault(capability, name, checked.value) : checked.fault;
    if (fault !== undefined) faults.push([name, fault]);
    else if (checked.ok) values[name] = checked.value;
  }
  const [first] = faults;
  if (first === undefined) return { ok: true, values };
  return refused({
    code: first[1].code,
    message: first[1].message,
    next: [...new Set(faults.map(([, fault]) => fault.next))].join('; '),
    errors: faults.map(([name, { code, message }]) => ({ path: `$.args.${name}`, code, message })),
  });
}

function missing(name: string, capability: Takes): ValueFault {
  return { code: 'argument_invalid', message: `${name} is missing`, next: takes(capability) };
}

function lookupFault({ lookup }: Takes, name: string, value: Scalar): ValueFault | undefined {
  if (lookup?.id_from_arg !== name) return undefined;
  // A row's key is shown, logged and part of the change set: what that takes, and nothing that would fail there later.
  if (labelSchema.safeParse(String(value)).success) return undefined;
  const next = `${name}: one line of 1 to 200 characters, none of them a control character`;
  return { code: 'argument_invalid', message: `${name} cannot name a row`, next };
}

function hiddenRefusal(hidden: readonly string[], capability: Takes): Refusal {
  const isOne = hidden.length === 1;
  return {
    code: 'hidden_binding',
    message: `${hidden.join(', ')} ${isOne ? 'comes' : 'come'} from the credential or the contract, never from arguments`,
    next: `leave ${isOne ? 'it' : 'them'} away; ${takes(capability)}`,
  };
}

const MOST_NAMED = 20;
const LONGEST_NAMED = 64;

function unknownRefusal(unknown: readonly string[], capability: Takes): Refusal {
  const errors: Issue[] = unknown.slice(0, MOST_NAMED).map((name) => ({
    path: `$.args.${name.slice(0, LONGEST_NAMED).toWellFormed()}`,
    code: 'argument_invalid',
    message: 'the capability takes no such argument',
  }));
  return {
    code: 'argument_invalid',
    message: `${errors[0]?.path ?? '$.args'}: the capability takes no such argument`,
    next: takes(capability),
    errors,
  };
}

function takes({ name, args }: Takes): string {
  const known = Object.entries(args).map(([arg, spec]) =>
    spec.required === false ? `${arg} (optional)` : arg,
  );
  return `${name} takes ${known.join(', ')}`;
}

function unstorableText(args: Args): Refusal | undefined {
  try {
    refuseUnstorableText(args);
    return undefined;
  } catch (fault) {
    if (fault instanceof Refused) return fault.refusal;
    throw fault;
  }
}

function isMap(value: unknown): value is Args {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function refused(refusal: Refusal): BoundArguments {
  return { ok: false, refusal };
}
