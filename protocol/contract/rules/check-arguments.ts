import type { ArgumentSpec, ScalarSpec } from '../contract-document.ts';
import { own } from '../own.ts';
import { trustedNameLike, trustedNames } from '../trusted-names.ts';
import { isColumn, type Reviewed } from './reviewed-capability.ts';

export function checkArguments(reviewed: Reviewed): void {
  const { capability, path, context, subject, report } = reviewed;
  const trusted = trustedNames(context, subject);
  const checkName = (name: string, place: string) => {
    if (isColumn(name, subject.principal_scope_key)) {
      report(place, 'MODEL_CONTROLLED_PRINCIPAL_SCOPE', 'a model may not choose whose rows it reaches');
    } else if (trustedNameLike(name, trusted) !== undefined) {
      report(
        place,
        'MODEL_CONTROLLED_TRUST_ARG',
        'comes from the credential or the contract, never from a model',
      );
    }
  };
  for (const [name, spec] of Object.entries(capability.args)) {
    const place = `${path}.args.${name}`;
    checkName(name, place);
    if (spec.type !== 'object_array') checkBounds(spec, place, reviewed);
    for (const [field, fieldSpec] of fieldsOf(spec)) {
      checkName(field, `${place}.fields.${field}`);
      checkBounds(fieldSpec, `${place}.fields.${field}`, reviewed);
    }
  }
  const mayTakeNone = capability.kind === 'aggregate_read' || capability.protected_read !== undefined;
  if (Object.keys(capability.args).length === 0 && !mayTakeNone) {
    report(`${path}.args`, 'ARGS_REQUIRED', 'must take an argument that says which row');
  }
  checkLookup(reviewed);
}

function fieldsOf(spec: ArgumentSpec): [string, ScalarSpec][] {
  return spec.type === 'object_array' ? Object.entries(spec.fields) : [];
}

function checkBounds(spec: ScalarSpec, place: string, { report }: Reviewed): void {
  if (spec.type !== 'number' || spec.minimum === undefined || spec.maximum === undefined) return;
  if (spec.minimum > spec.maximum) report(place, 'BOUNDS_REVERSED', 'the minimum is above the maximum');
}

function checkLookup({ capability, path, report }: Reviewed): void {
  const { lookup, proposal } = capability;
  const { kind = 'update', cardinality = 'single' } = proposal?.operation ?? {};
  if (lookup === undefined) {
    if (proposal !== undefined && kind !== 'insert' && cardinality === 'single') {
      const why = 'without it a runner takes the alphabetically first argument for the row';
      report(`${path}.lookup`, 'LOOKUP_REQUIRED', `must say which argument names the row: ${why}`);
    }
    return;
  }
  const place = `${path}.lookup.id_from_arg`;
  const spec = own(capability.args, lookup.id_from_arg);
  if (spec === undefined) {
    report(place, 'UNKNOWN_LOOKUP_ARG', `no argument is called ${lookup.id_from_arg}`);
  } else if (spec.type === 'boolean' || spec.type === 'object_array') {
    report(place, 'LOOKUP_ARGUMENT_UNFIT', 'only a text or a number can name a row');
  } else if (spec.required === false) {
    report(place, 'LOOKUP_ARGUMENT_UNFIT', 'is optional, and without it no row is named');
  }
}
