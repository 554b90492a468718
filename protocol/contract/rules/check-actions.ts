import type { ActionContract, InputField } from '../../action/action-contract.ts';
import { type Provider, providers } from '../../action/providers.ts';
import type { AgentContract, ContractContext } from '../contract-document.ts';
import type { Report } from '../contract-issues.ts';
import { own } from '../own.ts';
import { trustedNameLike, trustedNames } from '../trusted-names.ts';
import { reportRepeats } from './reviewed-capability.ts';

/** Rules about the effects outside of a database that a contract allows. */
export function checkActions(contract: AgentContract, report: Report): void {
  const actions = contract['x-cloud-actions'] ?? [];
  const place = (index: number) => `$.x-cloud-actions[${index}]`;
  const capabilities = contract.capabilities.map(({ name }) => name);
  reportRepeats(
    [...capabilities, ...actions.map(({ name }) => name)],
    (index) => `${place(index - capabilities.length)}.name`,
    'DUPLICATE_NAME',
    report,
  );
  actions.forEach((action, index) => {
    const context = contract.contexts.find(({ name }) => name === action.context);
    const reviewed = { action, context, path: place(index), report };
    checkContext(reviewed);
    checkArguments(reviewed);
    checkInput(reviewed, providers[action.provider]);
    checkKeys(reviewed);
    checkApproval(reviewed);
  });
}

interface ReviewedAction {
  readonly action: ActionContract;
  readonly context: ContractContext | undefined;
  readonly path: string;
  readonly report: Report;
}

function checkContext({ action, context, path, report }: ReviewedAction): void {
  if (context === undefined) {
    report(`${path}.context`, 'UNKNOWN_CONTEXT', `no context is called ${action.context}`);
    return;
  }
  for (const binding of context.bindings) {
    if (binding.source !== 'static_dev') continue;
    const why = 'is for demonstrations; an action needs a real caller';
    report(`${path}.context`, 'STATIC_DEV_BINDING', `${binding.name} ${why}`);
  }
}

/** What an agent may say, and how much of it: nothing here is without an end. */
function checkArguments({ action, context, path, report }: ReviewedAction): void {
  const trusted = trustedNames(context, {});
  const used = new Set(
    Object.values(action.input).flatMap((field) => ('from_arg' in field ? [field.from_arg] : [])),
  );
  for (const [name, spec] of Object.entries(action.args)) {
    const place = `${path}.args.${name}`;
    if (trustedNameLike(name, trusted) !== undefined) {
      const message = 'comes from the credential or the contract, never from a model';
      report(place, 'MODEL_CONTROLLED_TRUST_ARG', message);
    }
    if (!used.has(name)) report(place, 'ACTION_ARGUMENT_UNUSED', 'no field of the input comes from it');
    if (spec.enum !== undefined || spec.type === 'boolean') continue;
    if (spec.type === 'string' && spec.max_length === undefined) {
      report(place, 'ACTION_ARGUMENT_UNBOUNDED', 'must say how long it may be (max_length)');
    }
    if (spec.type !== 'number') continue;
    if (spec.minimum === undefined || spec.maximum === undefined) {
      report(place, 'ACTION_ARGUMENT_UNBOUNDED', 'must say how much it may be (minimum and maximum)');
    } else if (spec.minimum > spec.maximum) {
      report(place, 'BOUNDS_REVERSED', 'the minimum is above the maximum');
    }
  }
}

function checkInput(reviewed: ReviewedAction, { fields }: Provider): void {
  const { action, path, report } = reviewed;
  for (const [name, field] of Object.entries(action.input)) {
    const place = `${path}.input.${name}`;
    const known = fields === null ? undefined : own(fields, name);
    if (fields !== null && known === undefined) {
      const takes = Object.keys(fields).join(', ');
      report(place, 'ACTION_FIELD_UNKNOWN', `${action.provider} takes ${takes}`);
    }
    const type = typeOf(reviewed, field, place);
    if (known !== undefined && type !== undefined && type !== known.type) {
      report(place, 'ACTION_FIELD_UNFIT', `must be a ${known.type}, and is a ${type}`);
    }
    if (known?.isRequired === true && isOptional(action, field)) {
      report(
        place,
        'ACTION_ARGUMENT_OPTIONAL',
        'is required, and comes from an argument that may be left away',
      );
    }
  }
  for (const [name, { isRequired }] of Object.entries(fields ?? {})) {
    if (!isRequired || own(action.input, name) !== undefined) continue;
    report(`${path}.input`, 'ACTION_FIELD_MISSING', `${action.provider} needs ${name}`);
  }
}

/** The type of what will stand in a field; undefined where its reference leads nowhere, which is reported. */
function typeOf(
  { action, context, report }: ReviewedAction,
  field: InputField,
  place: string,
): string | undefined {
  if ('fixed' in field) return field.fixed === null ? 'null' : typeof field.fixed;
  if ('from_arg' in field) {
    const spec = own(action.args, field.from_arg);
    if (spec === undefined) {
      report(place, 'ACTION_ARGUMENT_UNKNOWN', `no argument is called ${field.from_arg}`);
    }
    return spec?.type;
  }
  if (context !== undefined && !context.bindings.some(({ name }) => name === field.from_binding)) {
    report(place, 'UNKNOWN_CONTEXT_BINDING', `no binding of the context is called ${field.from_binding}`);
  }
  return 'string';
}

function isOptional({ args }: ActionContract, field: InputField): boolean {
  return 'from_arg' in field && own(args, field.from_arg)?.required === false;
}

/** What tells two effects apart must be there in each of them. */
function checkKeys({ action, path, report }: ReviewedAction): void {
  for (const key of ['business_key', 'ordered_by'] as const) {
    action[key]?.forEach((name, index) => {
      const field = own(action.input, name);
      const place = `${path}.${key}[${index}]`;
      if (field === undefined) report(place, 'ACTION_KEY_UNFIT', `no field of the input is called ${name}`);
      else if (isOptional(action, field)) {
        report(place, 'ACTION_KEY_UNFIT', `${name} comes from an argument that may be left away`);
      }
    });
  }
  const fixed = action.business_key.every((name) => {
    const field = own(action.input, name);
    return field !== undefined && 'fixed' in field;
  });
  if (fixed) {
    const why = 'every effect would be about the same thing';
    report(`${path}.business_key`, 'ACTION_KEY_UNFIT', `all its fields are fixed: ${why}`);
  }
}

function checkApproval({ action, path, report }: ReviewedAction): void {
  const { mode, required_role, required_approvals } = action.approval;
  if (mode === 'none' && (required_role !== undefined || required_approvals !== undefined)) {
    report(
      `${path}.approval`,
      'APPROVAL_MODE_UNFIT',
      'nobody is asked in mode none, so no role and no number',
    );
  }
}
