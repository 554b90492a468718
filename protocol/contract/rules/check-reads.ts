import type { Capability } from '../contract-document.ts';
import { hasColumn, type Reviewed } from './reviewed-capability.ts';

/** Sections of kinds that this control plane registers and does not serve: whether they belong, and are whole. */
export function checkReads(reviewed: Reviewed): void {
  const { capability, path, report } = reviewed;
  const { kind, aggregate, protected_read, evidence } = capability;
  const isAggregate = kind === 'aggregate_read';
  if (protected_read !== undefined && kind !== 'read' && !isAggregate) {
    report(`${path}.protected_read`, 'SECTION_UNFIT', 'stands in a read or an aggregate_read');
  }
  const wantsAggregate = isAggregate && protected_read === undefined;
  if ((aggregate !== undefined) !== wantsAggregate) {
    report(
      `${path}.aggregate`,
      'SECTION_UNFIT',
      'stands in an aggregate_read without protected_read, and only there',
    );
  }
  const isExact = evidence?.required === true && evidence.query_audit === true;
  if ((isAggregate || protected_read !== undefined) && !isExact) {
    report(`${path}.evidence`, 'EVIDENCE_REQUIRED', 'required and query_audit must both be true here');
  }
  if (aggregate !== undefined) checkAggregate(reviewed, aggregate);
  if (protected_read !== undefined) checkProtected(reviewed, protected_read);
}

function checkAggregate(
  { capability, path, report }: Reviewed,
  section: NonNullable<Capability['aggregate']>,
): void {
  const refuse = (message: string) => report(`${path}.aggregate`, 'AGGREGATE_INVALID', message);
  const isCount = section.function === 'count';
  const wantsColumn = !isCount || section.count_mode === 'non_null';
  if (isCount !== (section.count_mode !== undefined))
    refuse('count_mode goes with count, and with no other function');
  if (wantsColumn !== (section.column !== undefined)) refuse('sum, avg and count of non_null have a column');
  const isBare =
    Object.keys(capability.args).length === 0 &&
    capability.lookup === undefined &&
    capability.visible_fields.length === 0;
  if (!isBare) refuse('takes no arguments and no lookup, and shows no fields');
}

type Protected = NonNullable<Capability['protected_read']>;

function checkProtected(reviewed: Reviewed, section: Protected): void {
  const { capability, path, report } = reviewed;
  const refuse = (message: string) => report(`${path}.protected_read`, 'PROTECTED_READ_INVALID', message);
  const isRows = section.mode === 'rows';
  if (isRows !== (capability.kind === 'read'))
    refuse('the mode rows goes with read, aggregate with aggregate_read');
  if (isRows !== (section.aggregate === undefined))
    refuse('the section aggregate goes with the mode aggregate');
  if ((section.organization_scope === undefined) !== (capability.subject.tenant_key !== undefined)) {
    refuse('needs an organization_scope or a tenant_key of the subject itself, and not both');
  }
  if (section.relationship !== undefined && section.relationships !== undefined) {
    refuse('has one relationship or several paths, not both');
  }
  if (isRows && (capability.max_rows !== section.limits.max_rows || capability.lookup !== undefined)) {
    refuse('the mode rows has no lookup, and its max_rows is that of its limits');
  }
  const window = section.time_window;
  if (window !== undefined && Date.parse(window.start) >= Date.parse(window.end))
    refuse('time_window must end later');
  checkPredicates(reviewed, section, refuse);
}

function checkPredicates(
  { capability, subject }: Reviewed,
  section: Protected,
  refuse: (message: string) => void,
): void {
  const used = new Set<string>();
  const hidden = (field: string) =>
    hasColumn(capability.kept_out_fields, field) ||
    hasColumn([subject.tenant_key ?? '', subject.principal_scope_key ?? ''], field);
  for (const predicate of section.predicates ?? []) {
    if (predicate.relationship === undefined && hidden(predicate.field)) {
      refuse(`${predicate.field} is kept out or fences rows off, so no predicate may ask for it`);
    }
    if (predicate.operator === 'in') continue;
    const { fixed, from_arg } = predicate.value;
    if ((fixed === undefined) === (from_arg === undefined))
      refuse('a predicate has one of fixed and from_arg');
    if (from_arg !== undefined) used.add(from_arg);
  }
  for (const [name, spec] of Object.entries(capability.args)) {
    if (spec.type === 'object_array' || !used.has(name))
      refuse(`the argument ${name} must be a scalar that is used`);
  }
  for (const name of used) {
    if (!Object.hasOwn(capability.args, name)) refuse(`no argument is called ${name}`);
  }
}
