import {
  billingContract as billing,
  billingWithPolicyContract as policy,
  billingWithStatesContract as states,
} from '../../sample-contracts.ts';
import { otherKindsContract as others } from '../../sample-other-kinds.ts';
import type { IssueCase } from './issue-case.ts';

const c0 = 'capabilities.0';
const p0 = 'capabilities.0.proposal';

export const nameCases: IssueCase[] = [
  [
    'DUPLICATE_NAME',
    states,
    { 'capabilities.1.name': 'billing.waive_late_fee' },
    { 'capabilities.1.name': 'a.b' },
  ],
  [
    'DUPLICATE_NAME',
    billing,
    { 'contexts.0.bindings.2': { name: 'principal', source: 'environment', key: 'A' } },
    {},
  ],
  [
    'DUPLICATE_FIELD',
    billing,
    { [`${c0}.visible_fields.5`]: 'STATUS' },
    { [`${c0}.visible_fields.5`]: 'status_2' },
  ],
  [
    'DUPLICATE_FIELD',
    billing,
    { [`${p0}.allowed_fields.2`]: 'waiver_reason' },
    { [`${p0}.allowed_fields.2`]: 'memo' },
  ],
  ['UNKNOWN_CONTEXT', billing, { [`${c0}.context`]: 'hall' }, { 'contexts.0.name': 'desk' }],
  ['UNKNOWN_CONTEXT', others, { 'workflows.0.context': 'hall' }, { 'workflows.0.context': 'desk' }],
  [
    'UNKNOWN_CONTEXT_BINDING',
    billing,
    { 'contexts.0.tenant_binding': 'org' },
    { 'contexts.0.tenant_binding': 'tenant_id' },
  ],
  [
    'UNKNOWN_RESOURCE',
    billing,
    { [`${c0}.subject.resource`]: 'bills' },
    { [`${c0}.subject.resource`]: 'invoices' },
  ],
  [
    'UNKNOWN_RESOURCE',
    others,
    { resources: undefined, [`${c0}.subject.resource`]: 'bills' },
    { resources: undefined },
  ],
  [
    'UNKNOWN_CAPABILITY',
    others,
    { 'workflows.0.allowed_capabilities': ['a.b'] },
    { 'workflows.0.allowed_capabilities': ['billing.count'] },
  ],
  [
    'UNKNOWN_CAPABILITY',
    others,
    { 'proposals.0.capability': 'a.b' },
    { 'proposals.0.capability': 'billing.count' },
  ],
  ['UNKNOWN_LOOKUP_ARG', billing, { [`${c0}.lookup.id_from_arg`]: 'constructor' }, {}],
  [
    'UNKNOWN_APPROVAL_POLICY',
    policy,
    { [`${p0}.approval.policy`]: 'large' },
    { [`${p0}.approval.policy`]: 'small_waivers' },
  ],
];
