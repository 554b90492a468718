import type { AgentContract, Capability, ContractResource, ContractSubject } from './contract-document.ts';

/** Which rows a capability is about: the table, the column that names a row, the columns that fence rows off. */
export interface ResolvedSubject {
  readonly engine?: ContractResource['engine'];
  readonly schema: string;
  readonly table: string;
  readonly primary_key: string;
  readonly tenant_key: string;
  readonly principal_scope_key?: string;
}

export type SubjectParts = { readonly [Part in keyof ResolvedSubject]?: ResolvedSubject[Part] | undefined };

/** What a subject says, with what its resource says instead: the resource wins, as it does in runners. */
export function subjectParts(resource: ContractResource | undefined, subject: ContractSubject): SubjectParts {
  return {
    engine: resource?.engine,
    schema: resource?.schema ?? subject.schema,
    table: resource?.table ?? subject.table,
    primary_key: resource?.primary_key ?? subject.primary_key,
    tenant_key: resource?.tenant_key ?? subject.tenant_key,
    principal_scope_key: subject.principal_scope_key,
  };
}

/** Undefined for what no tenant fences off, such as a read of one organization's rows. */
export function subjectOf(
  contract: Pick<AgentContract, 'resources'>,
  capability: Pick<Capability, 'subject'>,
): ResolvedSubject | undefined {
  const name = capability.subject.resource;
  const resource = contract.resources?.find((candidate) => candidate.name === name);
  if (name !== undefined && resource === undefined) return undefined;
  const parts = subjectParts(resource, capability.subject);
  const { engine, schema, table, primary_key, tenant_key, principal_scope_key } = parts;
  if (schema === undefined || table === undefined) return undefined;
  if (primary_key === undefined || tenant_key === undefined) return undefined;
  return {
    ...(engine === undefined ? {} : { engine }),
    schema,
    table,
    primary_key,
    tenant_key,
    ...(principal_scope_key === undefined ? {} : { principal_scope_key }),
  };
}
