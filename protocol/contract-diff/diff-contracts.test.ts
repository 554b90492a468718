import { describe, expect, test } from 'vitest';
import { refundAction } from '../action/sample-actions.ts';
import type { AgentContract } from '../contract/contract-document.ts';
import { type ChangeName, changeKinds } from './change-kinds.ts';
import { diffContracts } from './diff-contracts.ts';
import { add, all, drop, type Edit, put } from './sample-edits.ts';
import { fullContract } from './sample-versions.ts';

const fee = 'capabilities.0';
const set = 'capabilities.1';
const count = 'capabilities.2';

/** For every category an edit that gives exactly it, or one that does so when it is taken back. */
const cases: Record<ChangeName, { edit: Edit } | { undo: Edit }> = {
  contract_added: { edit: () => undefined },
  metadata_changed: { edit: put('metadata.version', '1.0.1') },
  description_changed: { edit: put(`${fee}.args.note.description`, 'Why') },
  order_changed: { edit: put(`${fee}.args.state.enum`, ['released', 'held']) },
  restated: { edit: put(`${fee}.args.note.required`, true) },
  record_changed: { edit: put('replay', [{ id: 'r1', events: [] }]) },
  extension_changed: { edit: put(`${fee}.x-runner-cache`, 5) },
  other_change: { edit: put(`${fee}.unheard_of`, 1) },

  resource_added: { edit: add('resources', { ...fullContract().resources?.[1], name: 'stamps' }) },
  resource_removed: { edit: drop('resources.1') },
  resource_type_changed: { edit: put('resources.0.type', 'view') },
  engine_changed: { edit: put('resources.0.engine', 'mysql') },
  table_changed: { edit: put('resources.0.table', 'orders') },
  primary_key_changed: { edit: put('resources.0.primary_key', 'uid') },
  tenant_key_changed: { edit: put(`${count}.subject.tenant_key`, 'org_id') },
  single_tenant_declared: { edit: put('resources.0.single_tenant_dev', true) },
  single_tenant_withdrawn: { undo: put(`${count}.subject.single_tenant_dev`, true) },
  conflict_key_changed: { edit: drop('resources.0.conflict_key') },

  context_added: { edit: add('contexts', { ...fullContract().contexts[0], name: 'night' }) },
  context_removed: { undo: add('contexts', { ...fullContract().contexts[0], name: 'night' }) },
  binding_added: { edit: add('contexts.0.bindings', { name: 'shift', source: 'http_claim', key: 's' }) },
  binding_removed: { edit: drop('contexts.0.bindings.1') },
  binding_changed: { edit: put('contexts.0.bindings.0.source', 'http_claim') },

  capability_added: {
    edit: add('capabilities', { ...fullContract().capabilities[0], name: 'parcels.more' }),
  },
  capability_removed: { edit: drop(count) },
  capability_kind_changed: { edit: put(`${count}.kind`, 'read') },
  context_changed: { edit: put(`${fee}.context`, 'night') },
  source_changed: { edit: put(`${fee}.source`, 'other_db') },
  principal_scope_added: { undo: drop(`${fee}.subject.principal_scope_key`) },
  principal_scope_removed: { edit: drop(`${fee}.subject.principal_scope_key`) },
  principal_scope_changed: { edit: put(`${fee}.subject.principal_scope_key`, 'owner') },
  visible_fields_widened: { edit: add(`${fee}.visible_fields`, 'email') },
  visible_fields_narrowed: { edit: drop(`${fee}.visible_fields.3`) },
  kept_out_fields_extended: { edit: add(`${fee}.kept_out_fields`, 'email') },
  kept_out_fields_reduced: { edit: drop(`${fee}.kept_out_fields`) },
  withheld_fields_extended: { edit: add(`${fee}.model_withheld_fields`, 'email') },
  withheld_fields_reduced: { edit: drop(`${fee}.model_withheld_fields.0`) },
  lookup_changed: { edit: drop(`${fee}.lookup`) },
  max_rows_raised: { edit: put(`${set}.proposal.operation.max_rows`, 21) },
  max_rows_lowered: { undo: drop(`${fee}.max_rows`) },
  evidence_weakened: { edit: drop(`${fee}.evidence.query_audit`) },
  evidence_strengthened: { edit: put(`${set}.evidence`, { required: true }) },
  evidence_changed: { edit: put(`${fee}.evidence.sources`, ['phone']) },
  group_size_lowered: { edit: put(`${count}.aggregate.minimum_group_size`, 9) },
  group_size_raised: { edit: put(`${count}.aggregate.minimum_group_size`, 11) },
  aggregate_changed: { edit: put(`${count}.aggregate.function`, 'sum') },
  protected_read_changed: { edit: put(`${count}.protected_read`, { version: '1' }) },

  argument_added: { edit: put(`${fee}.args.more`, { type: 'boolean' }) },
  argument_removed: { edit: drop(`${set}.args.count.fields.amount`) },
  argument_type_changed: { edit: put(`${fee}.args.note`, { type: 'number' }) },
  argument_loosened: { edit: drop(`${fee}.args.note.max_length`) },
  argument_tightened: { edit: put(`${fee}.args.state.enum`, ['held']) },

  action_changed: { edit: put(`${fee}.proposal.action`, 'parcels.fee') },
  operation_changed: { edit: drop(`${fee}.proposal.operation`) },
  allowed_fields_widened: { edit: add(`${fee}.proposal.allowed_fields`, 'owner') },
  allowed_fields_narrowed: { edit: drop(`${fee}.proposal.allowed_fields.2`) },
  patch_column_added: { edit: put(`${fee}.proposal.patch.note`, { from_arg: 'note' }) },
  patch_column_removed: { edit: drop(`${fee}.proposal.patch.source`) },
  patch_changed: { edit: put(`${fee}.proposal.patch.source`, { from_arg: 'note' }) },
  fixed_value_changed: { edit: put(`${fee}.proposal.patch.source`, { fixed: null }) },
  bounds_widened: { edit: drop(`${fee}.proposal.numeric_bounds.fee_cents.maximum`) },
  bounds_narrowed: { edit: put(`${fee}.proposal.numeric_bounds.fee_cents.minimum`, 1) },
  transition_added: { edit: put(`${fee}.proposal.transition_guards.state.allowed.returned`, ['held']) },
  transition_removed: { edit: put(`${fee}.proposal.transition_guards.state.allowed.held`, ['released']) },
  transition_guard_added: { undo: drop(`${fee}.proposal.transition_guards`) },
  transition_guard_removed: { edit: drop(`${fee}.proposal.transition_guards.state`) },
  transition_guard_changed: { edit: put(`${fee}.proposal.transition_guards.state.from_column`, 'source') },
  conflict_guard_changed: { edit: put(`${fee}.proposal.conflict_guard`, { weak_guard_ack: true }) },
  aggregate_bound_added: { undo: drop(`${set}.proposal.operation.aggregate_bounds.0`) },
  aggregate_bound_removed: { edit: drop(`${set}.proposal.operation.aggregate_bounds.0`) },
  aggregate_bound_raised: { edit: put(`${set}.proposal.operation.aggregate_bounds.0.maximum`, 1_001) },
  aggregate_bound_lowered: { edit: put(`${set}.proposal.operation.aggregate_bounds.0.maximum`, 999) },
  approval_weakened: { edit: put(`${fee}.proposal.approval.required_approvals`, 1) },
  approval_strengthened: { edit: put(`${set}.proposal.approval.mode`, 'operator') },
  approval_role_changed: { edit: put(`${fee}.proposal.approval.required_role`, 'intern') },
  approval_policy_changed: { edit: put(`${set}.proposal.approval.policy`, 'large') },
  reversibility_added: { edit: put(`${set}.proposal.reversibility`, { mode: 'reviewed_inverse' }) },
  reversibility_removed: { edit: drop(`${fee}.proposal.reversibility`) },
  writeback_changed: { edit: put(`${fee}.proposal.writeback.mode`, 'app_handler') },
  unattended_allowed: { edit: put(`${fee}.proposal.execution`, { supervised_worker: 'allowed' }) },
  unattended_withdrawn: { edit: drop(`${set}.proposal.execution`) },

  policy_added: { edit: add('policies', { name: 'large', kind: 'approval' }) },
  policy_removed: { edit: drop('policies') },
  policy_kind_changed: { edit: put('policies.0.kind', 'custom') },
  policy_mode_changed: { edit: put('policies.0.mode', 'red') },
  policy_rule_added: { edit: add('policies.0.rules', { field: 'weight', max: 1 }) },
  policy_rule_removed: { edit: drop('policies.0.rules.1') },
  policy_rule_raised: { edit: put('policies.0.rules.0.max', 201) },
  policy_rule_lowered: { edit: put('policies.0.rules.0.max', 199) },
  policy_limit_added: {
    edit: add('policies.0.limits', { kind: 'count', max: 2, period: 'day', scope: 'tenant_policy_object' }),
  },
  policy_limit_removed: { edit: drop('policies.0.limits.0') },
  policy_limit_raised: { edit: put('policies.0.limits.0.max', 21) },
  policy_limit_lowered: { edit: put('policies.0.limits.1.max', 1_499) },

  workflow_added: { undo: drop('workflows') },
  workflow_removed: { edit: drop('workflows.0') },
  workflow_changed: { edit: put('workflows.0.replay', { checkpoint: 'none' }) },
  external_action_added: { edit: add('external_actions', { id: 'mail' }) },
  external_action_removed: { edit: drop('external_actions.1') },
  external_action_changed: { edit: put('external_actions.0.handler', 'others') },
  outbound_action_added: { edit: add('x-cloud-actions', refundAction({ name: 'refunds.more' })) },
  outbound_action_removed: { edit: drop('x-cloud-actions.1') },
  outbound_action_changed: { edit: put('x-cloud-actions.0.target', 'elsewhere') },
};

function edited(edit: Edit): AgentContract {
  const contract = fullContract();
  edit(contract);
  return contract;
}

function diffOf(edit: Edit) {
  return diffContracts(fullContract(), edited(edit));
}

describe('each category', () => {
  const { contract_added: _first, ...others } = cases;
  test.each(Object.entries(others))('%s', (name, step) => {
    const { changes } = 'edit' in step ? diffOf(step.edit) : diffContracts(edited(step.undo), fullContract());
    expect(changes.map((found) => found.change)).toEqual([name]);
    const [found] = changes;
    const { risk } = changeKinds[name as ChangeName];
    expect(found?.risk_increasing).toBe(risk === 'depends' ? true : risk);
    expect(found?.path).toMatch(/^\$\./);
  });

  test('has a title that no other has, and a name of its kind', () => {
    const titles = Object.values(changeKinds).map((kind) => kind.title);
    expect(new Set(titles).size).toBe(titles.length);
    expect(Object.keys(changeKinds).sort()).toEqual(Object.keys(cases).sort());
  });
});

describe('the first version', () => {
  test('is an addition of everything it has, and risky for its capabilities', () => {
    const { changes, risk_increasing } = diffContracts(undefined, fullContract());
    expect(changes.map((found) => found.change)).toEqual([
      'contract_added',
      'capability_added',
      'capability_added',
      'capability_added',
      'context_added',
      'external_action_added',
      'external_action_added',
      'policy_added',
      'resource_added',
      'resource_added',
      'workflow_added',
      'outbound_action_added',
      'outbound_action_added',
    ]);
    expect(risk_increasing).toBe(true);
  });

  test('that grants nothing is not risky', () => {
    const nothing = edited(all(put('capabilities', []), drop('external_actions'), drop('x-cloud-actions')));
    expect(diffContracts(undefined, nothing).risk_increasing).toBe(false);
  });
});

describe('a change', () => {
  test('names the thing, the path by names, and the two values', () => {
    const { changes } = diffOf(put(`${fee}.proposal.numeric_bounds.fee_cents.maximum`, 99_000));
    expect(changes).toEqual([
      {
        area: 'capability',
        change: 'bounds_widened',
        name: 'parcels.change_fee',
        path: "$.capabilities['parcels.change_fee'].proposal.numeric_bounds.fee_cents.maximum",
        risk_increasing: true,
        before: 9_000,
        after: 99_000,
        message:
          'capability parcels.change_fee, proposal.numeric_bounds.fee_cents.maximum: the bounds are wider (9000 -> 99000)',
      },
    ]);
  });

  test('of a list holds what is new, not the whole list', () => {
    const { changes } = diffOf(all(add(`${fee}.visible_fields`, 'email'), drop(`${fee}.visible_fields.0`)));
    expect(changes.map(({ change, before, after }) => ({ change, before, after }))).toEqual([
      { change: 'visible_fields_widened', before: undefined, after: ['email'] },
      { change: 'visible_fields_narrowed', before: ['id'], after: undefined },
    ]);
  });

  test('cuts what is long', () => {
    const columns = Array.from({ length: 30 }, (_, index) => `column_${index}`);
    const fields = [...(fullContract().capabilities[0]?.visible_fields ?? []), ...columns];
    const [widened] = diffOf(put(`${fee}.visible_fields`, fields)).changes;
    expect(widened?.after).toEqual([...columns.slice(0, 20), 'and 10 more']);
    const [fixed] = diffOf(put(`${fee}.proposal.patch.source`, { fixed: 'x'.repeat(300) })).changes;
    expect(fixed?.after).toBe(`${'x'.repeat(200)}…`);
    const [extension] = diffOf(put('x-cloud-plan', { text: 'x'.repeat(300) })).changes;
    expect(extension?.after).toMatch(/^sha256:/);
  });

  test('of states is shown as arrows', () => {
    const [added] = diffOf(
      put(`${fee}.proposal.transition_guards.state.allowed.new`, ['held', 'lost']),
    ).changes;
    expect(added?.after).toEqual(['new -> lost']);
  });
});

describe('members', () => {
  test('are compared by name: a new one in front changes nothing of the others', () => {
    const first = { ...fullContract().capabilities[0], name: 'parcels.a' };
    const { changes } = diffOf((contract) =>
      put('capabilities', [first, ...contract.capabilities.toReversed()])(contract),
    );
    expect(changes.map(({ change, name }) => [change, name])).toEqual([['capability_added', 'parcels.a']]);
  });

  test('that were renamed are removed and added', () => {
    const { changes } = diffOf(put(`${fee}.name`, 'parcels.set_fee'));
    expect(changes.map(({ change, name }) => [change, name])).toEqual([
      ['capability_removed', 'parcels.change_fee'],
      ['capability_added', 'parcels.set_fee'],
    ]);
  });

  test('that are not lists at all are not taken for the same', () => {
    const empty = put(`${fee}.proposal.transition_guards.state.allowed.lost`, []);
    expect(diffOf(empty).changes.map(({ change }) => change)).toEqual(['other_change']);
  });

  test('of which two have one name cannot be compared, and count as risky', () => {
    const { changes } = diffOf(add('policies.0.rules', { field: 'points', max: 9 }));
    expect(changes.map(({ change, risk_increasing }) => [change, risk_increasing])).toEqual([
      ['other_change', true],
    ]);
  });
});

describe('where the words differ and the meaning does not', () => {
  test.each<[string, Edit]>([
    ['a required argument', put(`${fee}.args.fee_cents.required`, true)],
    ['a writeback by SQL', drop(`${fee}.proposal.writeback`)],
    ['the scope of a limit', put('policies.0.limits.0.scope', 'tenant_policy')],
    ['an operator is a human', put(`${fee}.proposal.approval.mode`, 'operator')],
    ['a single row', put(`${fee}.proposal.operation.cardinality`, 'single')],
    ['no evidence', put(`${set}.evidence`, { required: false })],
    ['no kept-out fields', put(`${set}.kept_out_fields`, [])],
    ['a resource and its table', put(`${fee}.subject.table`, 'parcels')],
  ])('%s: restated', (_, edit) => {
    const { changes } = diffOf(edit);
    expect(changes.map((found) => found.change)).toEqual(['restated']);
  });
});

test('one approval by anybody is what no approval says', () => {
  const silent = edited(drop(`${fee}.proposal.approval`));
  const stated = edited(put(`${fee}.proposal.approval`, { mode: 'human', required_approvals: 1 }));
  expect(diffContracts(silent, stated).changes.map((found) => found.change)).toEqual(['restated']);
});

describe('risk that depends on the values', () => {
  test('a column that came from an argument and is no longer written asks for less', () => {
    const { changes } = diffOf(drop(`${fee}.proposal.patch.fee_cents`));
    expect(changes.map(({ change, risk_increasing }) => [change, risk_increasing])).toEqual([
      ['patch_column_removed', false],
    ]);
  });

  test('a writeback that is withdrawn writes nothing', () => {
    expect(diffOf(put(`${fee}.proposal.writeback.mode`, 'none')).risk_increasing).toBe(false);
  });
});

describe('approval', () => {
  test.each<[string, Edit, ChangeName[]]>([
    ['a role gone', drop(`${fee}.proposal.approval.required_role`), ['approval_weakened']],
    ['all of it gone', drop(`${fee}.proposal.approval`), ['approval_weakened', 'approval_weakened']],
    ['a third approver', put(`${fee}.proposal.approval.required_approvals`, 3), ['approval_strengthened']],
    [
      'a policy in place of people',
      all(put(`${fee}.proposal.approval.mode`, 'policy'), put(`${fee}.proposal.approval.policy`, 'small')),
      ['approval_weakened', 'approval_policy_changed'],
    ],
  ])('%s', (_, edit, names) => {
    expect(diffOf(edit).changes.map((found) => found.change)).toEqual(names);
  });
});

describe('the subject', () => {
  test.each<[string, Edit, ChangeName[]]>([
    ['another resource', put(`${fee}.subject.resource`, 'labels'), ['table_changed']],
    [
      'a resource that is not there',
      put(`${fee}.subject.resource`, 'ghosts'),
      [
        'table_changed',
        'table_changed',
        'table_changed',
        'primary_key_changed',
        'tenant_key_changed',
        'engine_changed',
      ],
    ],
    ['the tenant column that it repeats', put(`${count}.subject.tenant_key`, 'org'), ['tenant_key_changed']],
  ])('%s', (_, edit, names) => {
    const found = diffOf(edit).changes.map((change) => change.change);
    expect(found.sort()).toEqual(names.sort());
  });
});
