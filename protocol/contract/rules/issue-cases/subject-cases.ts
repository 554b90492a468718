import { billingContract as billing, principalScopedContract as scoped } from '../../sample-contracts.ts';
import { otherKindsContract as others } from '../../sample-other-kinds.ts';
import type { IssueCase } from './issue-case.ts';

const organization = {
  mode: 'single_organization',
  organization_id: 'acme',
  acknowledgement: 'all_rows_belong_to_one_organization',
};

/** One protected read, in a context that is of one organization. */
function ofOrganization(): unknown {
  const { proposals: _, workflows: __, contexts, ...contract } = others();
  const binding = { name: 'tenant_id', source: 'reviewed_organization', key: 'acme', required: true };
  const [read] = contract.capabilities.slice(2, 3);
  const { tenant_key: ___, ...subject } = read?.subject ?? {};
  const protected_read = { ...read?.protected_read, organization_scope: organization };
  return {
    ...contract,
    contexts: contexts.map((context) => ({ ...context, bindings: [binding, ...context.bindings.slice(1)] })),
    capabilities: [{ ...read, subject, protected_read }],
  };
}

function justRead() {
  const { proposals: _, workflows: __, ...contract } = others();
  return { ...contract, capabilities: contract.capabilities.slice(0, 1) };
}

const c0 = 'capabilities.0';
const p0 = 'capabilities.0.proposal';

export const subjectCases: IssueCase[] = [
  [
    'TENANT_KEY_REQUIRED',
    billing,
    { 'resources.0.tenant_key': undefined },
    { 'resources.0.tenant_key': 'org_id' },
  ],
  [
    'TENANT_KEY_REQUIRED',
    others,
    { 'capabilities.0.subject.tenant_key': undefined },
    { 'capabilities.0.subject.tenant_key': 'org_id' },
  ],
  [
    'SUBJECT_INCOMPLETE',
    others,
    { [`${c0}.subject.table`]: undefined },
    { [`${c0}.subject.table`]: 'bills' },
  ],
  [
    'SUBJECT_CONTRADICTS_RESOURCE',
    billing,
    { [`${c0}.subject.table`]: 'bills' },
    { [`${c0}.subject.table`]: 'invoices' },
  ],
  [
    'STATIC_DEV_BINDING',
    billing,
    { 'contexts.0.bindings.0.source': 'static_dev' },
    { 'contexts.0.bindings.0.source': 'static_dev', capabilities: [] },
  ],
  [
    'SINGLE_TENANT_DEV',
    billing,
    { 'resources.0.single_tenant_dev': true },
    { 'resources.0.single_tenant_dev': true, capabilities: [] },
  ],
  [
    'SINGLE_TENANT_DEV',
    billing,
    { [`${c0}.subject.single_tenant_dev`]: true },
    { [`${c0}.subject.single_tenant_dev`]: false },
  ],
  [
    'REVIEWED_ORGANIZATION_BINDING',
    billing,
    { 'contexts.0.bindings.1.source': 'reviewed_organization', capabilities: [] },
    { 'contexts.0.bindings.0.source': 'reviewed_organization', capabilities: [] },
  ],
  [
    'REVIEWED_ORGANIZATION_BINDING',
    billing,
    { 'contexts.0.bindings.0.source': 'reviewed_organization' },
    { 'contexts.0.bindings.0.source': 'http_claim' },
  ],
  [
    'PROPOSAL_PRINCIPAL_REQUIRED',
    billing,
    { 'contexts.0.principal_binding': undefined, 'contexts.0.bindings.1.name': 'user' },
    { 'contexts.0.principal_binding': 'user', 'contexts.0.bindings.1.name': 'user' },
  ],
  [
    'PROPOSAL_PRINCIPAL_REQUIRED',
    billing,
    { 'contexts.0.tenant_binding': undefined, 'contexts.0.bindings.0.name': 'org' },
    { 'contexts.0.tenant_binding': undefined },
  ],
  [
    'PRINCIPAL_SCOPE_TENANT_REQUIRED',
    scoped,
    { 'resources.0.tenant_key': undefined },
    { 'resources.0.tenant_key': 'org_id' },
  ],
  [
    'PRINCIPAL_SCOPE_BINDING_REQUIRED',
    scoped,
    { 'contexts.0.bindings.1.required': false },
    { 'contexts.0.bindings.1.required': true },
  ],
  ['PRINCIPAL_SCOPE_BINDING_REQUIRED', scoped, { 'contexts.0.principal_binding': undefined }, {}],
  [
    'PRINCIPAL_SCOPE_WRITE_FORBIDDEN',
    scoped,
    { [`${p0}.allowed_fields.2`]: 'Assigned_To' },
    { [`${p0}.allowed_fields.2`]: 'memo' },
  ],
  [
    'MODEL_CONTROLLED_PRINCIPAL_SCOPE',
    scoped,
    { [`${c0}.args.assigned_to`]: { type: 'string' } },
    { [`${c0}.args.assigned`]: { type: 'string' } },
  ],
  [
    'MODEL_CONTROLLED_TRUST_ARG',
    billing,
    { [`${c0}.args.tenantId`]: { type: 'string' } },
    { [`${c0}.args.tenant`]: { type: 'string' } },
  ],
  ['MODEL_CONTROLLED_TRUST_ARG', billing, { [`${c0}.args.Row_Version`]: { type: 'number' } }, {}],
  [
    'MODEL_CONTROLLED_TRUST_ARG',
    billing,
    { 'resources.0.tenant_key': 'org_id', [`${c0}.args.org_id`]: { type: 'string' } },
    { [`${c0}.args.org_id`]: { type: 'string' } },
  ],
  [
    'MODEL_CONTROLLED_TRUST_ARG',
    others,
    { 'capabilities.6.args.lines.fields.principal': { type: 'string' } },
    { 'capabilities.6.args.lines.fields.note': { type: 'string' } },
  ],

  [
    'TENANT_KEY_REQUIRED',
    justRead,
    { 'capabilities.0.subject.tenant_key': undefined },
    { 'capabilities.0.subject.tenant_key': undefined, 'capabilities.0.subject.single_tenant_dev': true },
  ],

  [
    'TENANT_KEY_REQUIRED',
    others,
    { 'capabilities.2.subject.tenant_key': undefined },
    {
      'capabilities.2.subject.tenant_key': undefined,
      'capabilities.2.protected_read.organization_scope': organization,
    },
  ],
  [
    'REVIEWED_ORGANIZATION_BINDING',
    ofOrganization,
    { 'contexts.0.bindings.0.key': 'other' },
    { 'contexts.0.bindings.0.key': 'acme' },
  ],
  ['REVIEWED_ORGANIZATION_BINDING', ofOrganization, { 'contexts.0.bindings.0.required': false }, {}],
];
