import type { ContractContext } from '../contract-document.ts';
import type { Reviewed } from './reviewed-capability.ts';

/** Which rows, whose rows, and on whose behalf. */
export function checkSubject(reviewed: Reviewed): void {
  const { capability, path, context, report } = reviewed;
  if (context === undefined) {
    report(`${path}.context`, 'UNKNOWN_CONTEXT', `no context is called ${capability.context}`);
  }
  checkRows(reviewed);
  checkTenant(reviewed);
  checkPrincipalScope(reviewed);
  if (capability.kind === 'proposal' && context !== undefined) checkCaller(reviewed, context);
}

function checkRows({ capability, path, resource, report }: Reviewed): void {
  const { subject } = capability;
  if (subject.resource !== undefined && resource === undefined) {
    report(`${path}.subject.resource`, 'UNKNOWN_RESOURCE', `no resource is called ${subject.resource}`);
    return;
  }
  for (const part of ['schema', 'table', 'primary_key', 'tenant_key'] as const) {
    const place = `${path}.subject.${part}`;
    if (resource === undefined && part !== 'tenant_key' && subject[part] === undefined) {
      report(place, 'SUBJECT_INCOMPLETE', `without a resource the subject must say its ${part}`);
    }
    if (resource !== undefined && subject[part] !== undefined && subject[part] !== resource[part]) {
      // A runner would take the resource's word, and whoever reads the subject would believe the other.
      report(place, 'SUBJECT_CONTRADICTS_RESOURCE', `the resource ${resource.name} says something else`);
    }
  }
}

function checkTenant({ capability, path, resource, subject, context, report }: Reviewed): void {
  const organization = capability.protected_read?.organization_scope;
  const isDemonstration =
    capability.subject.single_tenant_dev === true || resource?.single_tenant_dev === true;
  const mayLack = capability.kind !== 'proposal' && organization !== undefined;
  // A resource without one is reported where it stands.
  if (resource === undefined && subject.tenant_key === undefined && !isDemonstration && !mayLack) {
    report(`${path}.subject.tenant_key`, 'TENANT_KEY_REQUIRED', 'must name the column of the tenant');
  }
  const frozen = context?.bindings.find(({ source }) => source === 'reviewed_organization');
  if (frozen !== undefined && frozen.key !== organization?.organization_id) {
    report(
      `${path}.context`,
      'REVIEWED_ORGANIZATION_BINDING',
      'the context is for protected reads of its organization only',
    );
  }
}

function checkPrincipalScope({ capability, path, resource, subject, context, report }: Reviewed): void {
  const column = capability.subject.principal_scope_key;
  if (column === undefined) return;
  const place = `${path}.subject.principal_scope_key`;
  const isDemonstration =
    capability.subject.single_tenant_dev === true || resource?.single_tenant_dev === true;
  const isFenced =
    subject.tenant_key !== undefined || capability.protected_read?.organization_scope !== undefined;
  if (isDemonstration || !isFenced) {
    report(place, 'PRINCIPAL_SCOPE_TENANT_REQUIRED', 'narrows a tenant, so there must be one');
  }
  const name = context?.principal_binding;
  const binding = context?.bindings.find((candidate) => candidate.name === name);
  if (name === undefined || binding?.required !== true) {
    report(
      place,
      'PRINCIPAL_SCOPE_BINDING_REQUIRED',
      'the context must name a principal_binding whose binding is required',
    );
  }
}

/** A change is on somebody's behalf, within somebody's rows: neither may be unknown. */
function checkCaller({ path, report }: Reviewed, context: ContractContext): void {
  const names = context.bindings.map(({ name }) => name);
  const missing = [context.tenant_binding ?? 'tenant_id', context.principal_binding ?? 'principal'].filter(
    (name) => !names.includes(name),
  );
  if (missing.length > 0) {
    report(
      `${path}.context`,
      'PROPOSAL_PRINCIPAL_REQUIRED',
      `proposes, but ${context.name} binds no ${missing.join(' and no ')}: nobody could say whose change it is`,
    );
  }
}
