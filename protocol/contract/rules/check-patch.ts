import type { ProposalAction } from '../contract-document.ts';
import { own } from '../own.ts';
import { hasColumn, isColumn, type ReviewedProposal, reportRepeats } from './reviewed-capability.ts';

type Binding = ProposalAction['patch'][string];

/** Which columns are written, and where their values come from. */
export function checkPatch(reviewed: ReviewedProposal): void {
  const { proposal, operation, path, report } = reviewed;
  const place = `${path}.proposal`;
  const columns = Object.keys(proposal.patch);
  reportRepeats(proposal.allowed_fields, (at) => `${place}.allowed_fields[${at}]`, 'DUPLICATE_FIELD', report);
  reportRepeats(columns, (at) => `${place}.patch.${columns[at]}`, 'DUPLICATE_FIELD', report);
  const isDelete = operation === 'delete';
  if (isDelete !== (proposal.allowed_fields.length === 0)) {
    const message = isDelete ? 'a delete writes no column' : 'must name a column';
    report(`${place}.allowed_fields`, 'ALLOWED_FIELDS_REQUIRED', message);
  }
  if (isDelete !== (columns.length === 0)) {
    report(`${place}.patch`, 'PATCH_REQUIRED', isDelete ? 'a delete writes no column' : 'must set a column');
  }
  proposal.allowed_fields.forEach((column, index) => {
    checkColumn(reviewed, column, `${place}.allowed_fields[${index}]`);
  });
  for (const [column, binding] of Object.entries(proposal.patch)) {
    checkPatched(reviewed, column, `${place}.patch.${column}`);
    checkBinding(reviewed, binding, `${place}.patch.${column}`);
  }
}

/** No change may move a row to another key, tenant or principal, nor forge the version that guards it. */
function checkColumn({ subject, proposal, report }: ReviewedProposal, column: string, place: string): void {
  if (isColumn(column, subject.principal_scope_key)) {
    report(place, 'PRINCIPAL_SCOPE_WRITE_FORBIDDEN', `${column} says whose row it is`);
  }
  const keys = [subject.primary_key, subject.tenant_key, proposal.conflict_guard?.column];
  if (keys.some((key) => isColumn(column, key))) {
    report(place, 'PROTECTED_COLUMN', `${column} is a key or the conflict guard and may not be written`);
  }
}

function checkPatched(reviewed: ReviewedProposal, column: string, place: string): void {
  const { capability, proposal, operation, report } = reviewed;
  if (!proposal.allowed_fields.includes(column)) {
    report(place, 'PATCH_FIELD_NOT_ALLOWED', `${column} is not in allowed_fields`);
    checkColumn(reviewed, column, place);
  }
  // What a handler is told is no column of the row, so there is no before to show.
  const hasBefore = operation === 'update' && proposal.writeback?.mode !== 'app_handler';
  const isKeptOut = hasColumn(capability.kept_out_fields, column);
  if (isKeptOut || (hasBefore && !capability.visible_fields.includes(column))) {
    const why = 'whoever reviews the change would not see what it replaces';
    report(place, 'PATCH_COLUMN_NOT_VISIBLE', `${column} is not in visible_fields: ${why}`);
  }
}

function checkBinding(reviewed: ReviewedProposal, binding: Binding, place: string): void {
  const { fixed, from_arg, from_item } = binding;
  const given = [fixed, from_arg, from_item].filter((value) => value !== undefined);
  if (given.length !== 1) {
    reviewed.report(
      place,
      'PATCH_BINDING_REQUIRED',
      'must have exactly one of fixed, from_arg and from_item',
    );
  }
  if (from_arg !== undefined) checkArgument(reviewed, from_arg, `${place}.from_arg`);
  if (from_item !== undefined) checkItem(reviewed, from_item, `${place}.from_item`);
}

function checkArgument({ capability, report }: ReviewedProposal, name: string, place: string): void {
  const spec = own(capability.args, name);
  if (spec === undefined) {
    report(place, 'PATCH_ARGUMENT_UNKNOWN', `no argument is called ${name}, so the change would write null`);
  } else if (spec.type === 'object_array') {
    report(place, 'PATCH_ARGUMENT_UNFIT', `${name} is a list, and a column holds one value`);
  } else if (spec.required === false) {
    const next = 'make it required, or propose without it in a capability of its own';
    report(place, 'PATCH_ARGUMENT_OPTIONAL', `without ${name} the change would write null: ${next}`);
  }
}

function checkItem(reviewed: ReviewedProposal, field: string, place: string): void {
  const { capability, proposal, report } = reviewed;
  // That a batch stands in a batch insert only is checked with the operation.
  const items = proposal.operation?.batch?.items_from_arg;
  if (items === undefined) {
    report(
      place,
      'PATCH_ITEM_OUTSIDE_BATCH',
      'only a batch insert has items; here the change would write null',
    );
    return;
  }
  const spec = own(capability.args, items);
  if (spec?.type === 'object_array' && !Object.hasOwn(spec.fields, field)) {
    report(place, 'PATCH_ITEM_UNKNOWN', `an item of ${items} has no field ${field}`);
  }
}
