import type { AgentContract } from '../contract/contract-document.ts';
import { own } from '../contract/own.ts';
import { type Change, change, sectionMember, wholeContract } from './change.ts';
import { always, compareFields, type Fields, fields, fieldsOf, type Rules } from './compare.ts';
import { namedList, textAt, unordered } from './compare-lists.ts';
import { compareArguments } from './diff-argument.ts';
import { compareCapability } from './diff-capability.ts';
import { compareContext } from './diff-context.ts';
import { comparePolicy } from './diff-policy.ts';
import { compareResource } from './diff-resource.ts';

export interface ContractDiff {
  changes: Change[];
  /** Whether any of the changes permits more than before. */
  risk_increasing: boolean;
}

/**
 * What the later version says differently, in categories. Two contracts with different digests always differ in
 * something: what no category covers is `other_change`. The first version is compared with a contract of nothing.
 */
export function diffContracts(before: AgentContract | undefined, after: AgentContract): ContractDiff {
  const is = fieldsOf(after) ?? {};
  const was = before === undefined ? emptied(is) : (fieldsOf(before) ?? {});
  const changes = [
    ...(before === undefined ? [change('contract_added', wholeContract)] : []),
    ...compareFields(was, is, wholeContract, rulesFor(was, is)),
  ];
  return { changes, risk_increasing: changes.some((found) => found.risk_increasing) };
}

function emptied(contract: Fields): Fields {
  return Object.fromEntries(
    Object.entries(contract).map(([key, value]) => [key, Array.isArray(value) ? [] : value]),
  );
}

const metadata = fields({
  name: always('metadata_changed'),
  description: always('metadata_changed'),
  version: always('metadata_changed'),
  tags: unordered('metadata_changed'),
});

const compareWorkflow = fields({
  description: always('description_changed'),
  context: always('workflow_changed'),
  allowed_capabilities: unordered('workflow_changed'),
  required_evidence: unordered('workflow_changed'),
  approval: always('workflow_changed'),
  settlement: always('workflow_changed'),
  replay: always('workflow_changed'),
});

const compareExternalAction = fields({
  action: always('external_action_changed'),
  handler: always('external_action_changed'),
  idempotency_key: always('external_action_changed'),
  receipt: always('external_action_changed'),
});

const compareAction = fields({
  description: always('description_changed'),
  context: always('outbound_action_changed'),
  provider: always('outbound_action_changed'),
  target: always('outbound_action_changed'),
  args: compareArguments,
  input: always('outbound_action_changed'),
  business_key: unordered('outbound_action_changed'),
  ordered_by: unordered('outbound_action_changed'),
  approval: always('outbound_action_changed'),
  most_attempts: always('outbound_action_changed'),
});

function rulesFor(before: Fields, after: Fields): Rules {
  const name = textAt('name');
  return {
    metadata,
    resources: namedList({
      key: name,
      added: 'resource_added',
      removed: 'resource_removed',
      changed: compareResource,
      at: (place, key) => sectionMember('resource', place, key),
    }),
    contexts: namedList({
      key: name,
      added: 'context_added',
      removed: 'context_removed',
      changed: compareContext,
      at: (place, key) => sectionMember('context', place, key),
    }),
    capabilities: namedList({
      key: name,
      added: 'capability_added',
      removed: 'capability_removed',
      changed: compareCapability(own(before, 'resources'), own(after, 'resources')),
      at: (place, key) => sectionMember('capability', place, key),
    }),
    policies: namedList({
      key: name,
      added: 'policy_added',
      removed: 'policy_removed',
      changed: comparePolicy,
      at: (place, key) => sectionMember('policy', place, key),
    }),
    workflows: namedList({
      key: name,
      added: 'workflow_added',
      removed: 'workflow_removed',
      changed: compareWorkflow,
      at: (place, key) => sectionMember('workflow', place, key),
    }),
    external_actions: namedList({
      key: (action) => textAt('id')(action) ?? textAt('action')(action),
      added: 'external_action_added',
      removed: 'external_action_removed',
      changed: compareExternalAction,
      at: (place, key) => sectionMember('external_action', place, key),
    }),
    'x-cloud-actions': namedList({
      key: name,
      added: 'outbound_action_added',
      removed: 'outbound_action_removed',
      changed: compareAction,
      at: (place, key) => sectionMember('action', place, key),
    }),
    evidence: always('record_changed'),
    proposals: always('record_changed'),
    receipts: always('record_changed'),
    replay: always('record_changed'),
  };
}
