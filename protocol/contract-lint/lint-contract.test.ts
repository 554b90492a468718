import { describe, expect, test } from 'vitest';
import { noticeAction } from '../action/sample-actions.ts';
import type { AgentContract } from '../contract/contract-document.ts';
import { parseContract } from '../contract/parse-contract.ts';
import { add, all, drop, type Edit, put } from '../contract-diff/sample-edits.ts';
import { type Finding, lintContract } from './lint-contract.ts';
import { type LintCode, lintRules } from './lint-rules.ts';
import { cleanContract } from './sample-clean.ts';

const weigh = 'capabilities.0';
const prioritize = 'capabilities.1';
const refund = 'capabilities.2';
const remove = 'capabilities.3';
const shelf = 'capabilities.4';
const letter = 'capabilities.5';
const count = 'capabilities.6';

const capabilityAt = (index: number) => structuredClone(cleanContract().capabilities[index]);
const described = (spec: object) => ({ ...spec, description: 'What it is' });

/** A second capability that weighs: the same columns and approval, under another name and to another effect. */
const weighAgain = (...edits: Edit[]): Edit =>
  all(
    add('capabilities', { ...capabilityAt(0), name: 'parcels.weigh_again' }),
    put('capabilities.7.proposal.action', 'parcels.weigh_again'),
    put('capabilities.7.proposal.patch.shelf', { fixed: 1 }),
    put('capabilities.7.proposal.allowed_fields', ['grams', 'status', 'note', 'shelf']),
    ...edits,
  );

/** A message to a channel that comes from an argument of this kind. */
const message = (channel: object): Edit =>
  put('x-cloud-actions.1', {
    ...noticeAction(),
    provider: 'slack.message',
    target: 'chat',
    args: { channel },
    input: { channel: { from_arg: 'channel' }, text: { fixed: 'A parcel waits' } },
    business_key: ['channel'],
  });

interface Case {
  found: Edit;
  /** Where the finding points to. */
  at: string;
  /** The nearest contract in which nothing is found. */
  fine: Edit;
}

const cases: Record<LintCode, Case> = {
  action_unapproved: {
    found: put('x-cloud-actions.1.approval', { mode: 'none' }),
    at: '$.x-cloud-actions[1]',
    fine: put('x-cloud-actions.1.approval', { mode: 'policy' }),
  },
  action_recipient_chosen: {
    found: message({ type: 'string', max_length: 40 }),
    at: '$.x-cloud-actions[1]',
    fine: message({ type: 'string', enum: ['C1', 'C2'] }),
  },
  refund_single_approver: {
    found: put('x-cloud-actions.0.approval.required_approvals', 1),
    at: '$.x-cloud-actions[0]',
    fine: put('x-cloud-actions.0.approval', { mode: 'policy', required_approvals: 1 }),
  },
  text_unbounded: {
    found: drop(`${weigh}.args.note.max_length`),
    at: '$.capabilities[0].proposal.patch.note',
    fine: put(`${weigh}.args.note`, described({ type: 'string', enum: ['scale', 'label'] })),
  },
  number_unbounded: {
    found: all(drop(`${weigh}.proposal.numeric_bounds`), drop(`${weigh}.args.grams.maximum`)),
    at: '$.capabilities[0].proposal.patch.grams',
    fine: drop(`${weigh}.proposal.numeric_bounds`),
  },
  bounds_meaningless: {
    found: all(
      put(`${weigh}.proposal.numeric_bounds.grams.maximum`, 1_000_000_001),
      put(`${weigh}.args.grams.maximum`, 1_000_000_001),
    ),
    at: '$.capabilities[0].proposal.patch.grams',
    fine: all(
      put(`${weigh}.proposal.numeric_bounds.grams.maximum`, 1_000_000_000),
      put(`${weigh}.args.grams.maximum`, 1_000_000_000),
    ),
  },
  negative_money: {
    found: all(
      put(`${refund}.proposal.numeric_bounds.refund_cents.minimum`, -1),
      put(`${refund}.args.cents.minimum`, -1),
    ),
    at: '$.capabilities[2].proposal.patch.refund_cents',
    fine: all(
      put(`${weigh}.proposal.numeric_bounds.grams.minimum`, -1),
      put(`${weigh}.args.grams.minimum`, -1),
    ),
  },
  money_as_text: {
    found: all(
      put(`${refund}.args.cents`, described({ type: 'string', max_length: 9 })),
      drop(`${refund}.proposal.numeric_bounds`),
    ),
    at: '$.capabilities[2].proposal.patch.refund_cents',
    fine: all(
      put(`${refund}.args.cents`, described({ type: 'string', enum: ['half', 'full'] })),
      drop(`${refund}.proposal.numeric_bounds`),
    ),
  },
  argument_wider_than_bounds: {
    found: put(`${weigh}.args.grams.maximum`, 30_001),
    at: '$.capabilities[0].args.grams',
    fine: put(`${weigh}.args.grams.maximum`, 29_999),
  },
  lookup_unbounded: {
    found: drop(`${remove}.args.parcel_id.max_length`),
    at: '$.capabilities[3].args.parcel_id',
    fine: put(`${remove}.args.parcel_id`, described({ type: 'number' })),
  },

  allowed_fields_too_wide: {
    found: add(`${weigh}.proposal.allowed_fields`, 'shelf'),
    at: '$.capabilities[0].proposal.allowed_fields',
    fine: all(
      add(`${weigh}.proposal.allowed_fields`, 'shelf'),
      put(`${weigh}.proposal.patch.shelf`, { fixed: 1 }),
    ),
  },
  authority_column_written: {
    found: renameColumn('note', 'owner_role'),
    at: '$.capabilities[0].proposal.patch.owner_role',
    fine: renameColumn('note', 'controller'),
  },
  secret_field_visible: {
    found: add(`${weigh}.visible_fields`, 'pickup_pin'),
    at: '$.capabilities[0].visible_fields',
    fine: add(`${weigh}.kept_out_fields`, 'pickup_pin'),
  },
  personal_field_visible: {
    found: add(`${weigh}.visible_fields`, 'receiver_email'),
    at: '$.capabilities[0].visible_fields',
    fine: all(
      add(`${weigh}.visible_fields`, 'receiver_email'),
      put(`${weigh}.model_withheld_fields`, ['receiver_email']),
    ),
  },
  kept_out_elsewhere: {
    found: add(`${remove}.visible_fields`, 'Customs_File'),
    at: '$.capabilities[3].visible_fields',
    fine: all(
      add(`${remove}.visible_fields`, 'customs_file'),
      put(`${remove}.subject`, { schema: 'archive', table: 'parcels', primary_key: 'id', tenant_key: 't' }),
    ),
  },

  approval_absent: {
    found: drop(`${letter}.proposal.approval`),
    at: '$.capabilities[5].proposal',
    fine: all(
      drop(`${letter}.proposal.approval`),
      put(`${letter}.proposal.writeback`, { mode: 'none' }),
      drop('external_actions'),
    ),
  },
  approval_role_absent: {
    found: drop(`${letter}.proposal.approval.required_role`),
    at: '$.capabilities[5].proposal.approval',
    fine: put(`${letter}.proposal.approval`, { required_role: 'writer' }),
  },
  money_single_approver: {
    found: put(`${refund}.proposal.approval.required_approvals`, 1),
    at: '$.capabilities[2].proposal.approval',
    fine: put(`${weigh}.proposal.approval.required_approvals`, 1),
  },
  delete_single_approver: {
    found: drop(`${remove}.proposal.approval.required_approvals`),
    at: '$.capabilities[3].proposal.approval',
    fine: put(`${remove}.proposal.approval.required_approvals`, 3),
  },
  set_single_approver: {
    found: put(`${shelf}.proposal.approval.required_approvals`, 1),
    at: '$.capabilities[4].proposal.approval',
    fine: put(`${shelf}.proposal.approval.required_approvals`, 3),
  },
  weaker_door: {
    found: weighAgain(
      put(`${weigh}.proposal.approval.required_approvals`, 2),
      drop('capabilities.7.proposal.patch.status'),
      drop('capabilities.7.proposal.patch.note'),
      drop('capabilities.7.proposal.transition_guards'),
      put('capabilities.7.proposal.allowed_fields', ['grams', 'shelf']),
    ),
    at: '$.capabilities[7].proposal.patch.grams',
    fine: weighAgain(
      put(`${weigh}.proposal.approval.required_approvals`, 2),
      drop('capabilities.7.proposal.patch.status'),
      drop('capabilities.7.proposal.patch.note'),
      drop('capabilities.7.proposal.transition_guards'),
      put('capabilities.7.proposal.allowed_fields', ['grams', 'shelf']),
      put('capabilities.7.args.grams.maximum', 5_000),
      put('capabilities.7.proposal.numeric_bounds.grams.maximum', 5_000),
    ),
  },
  bounds_disagree: {
    found: weighAgain(
      put('capabilities.7.args.grams.maximum', 50_000),
      put('capabilities.7.proposal.numeric_bounds.grams.maximum', 50_000),
    ),
    at: '$.capabilities[7].proposal.patch.grams',
    fine: weighAgain(),
  },

  policy_without_limit: {
    found: drop('policies.0.limits'),
    at: '$.capabilities[1].proposal.approval.policy',
    fine: put('policies.0.limits.0.max', 5),
  },
  policy_without_object_limit: {
    found: drop('policies.0.limits.1'),
    at: '$.capabilities[1].proposal.approval.policy',
    fine: put('policies.0.limits', [
      { kind: 'total', field: 'rank', max: 5, period: 'day', scope: 'tenant_policy_object' },
    ]),
  },
  policy_without_total: {
    found: drop('policies.0.limits.0'),
    at: '$.capabilities[1].proposal.approval.policy',
    fine: put('policies.0.limits.0.scope', 'tenant_policy'),
  },
  policy_covers_bounds: {
    found: put('policies.0.rules.0.max', 10),
    at: '$.capabilities[1].proposal.approval.policy',
    fine: put('policies.0.rules.0.max', 9),
  },
  policy_never_applies: {
    found: put('policies.0.rules.0.max', 0),
    at: '$.capabilities[1].proposal.approval.policy',
    fine: put('policies.0.rules.0.max', 1),
  },
  policy_rule_above_total: {
    found: put('policies.0.limits.0.max', 2),
    at: '$.capabilities[1].proposal.approval.policy',
    fine: put('policies.0.limits.0.max', 3),
  },
  policy_takes_negatives: {
    found: all(
      put(`${prioritize}.args.rank.minimum`, -1),
      put(`${prioritize}.proposal.numeric_bounds.rank.minimum`, -1),
    ),
    at: '$.capabilities[1].proposal.approval.policy',
    fine: all(
      put(`${prioritize}.args.rank.minimum`, 0),
      put(`${prioritize}.proposal.numeric_bounds.rank.minimum`, 0),
    ),
  },
  policy_ignores_text: {
    found: withNote(described({ type: 'string', max_length: 50 })),
    at: '$.capabilities[1].proposal.approval.policy',
    fine: withNote(described({ type: 'string', enum: ['late', 'urgent'] })),
  },
  policy_unattended: {
    found: put(`${prioritize}.proposal.execution`, { supervised_worker: 'allowed' }),
    at: '$.capabilities[1].proposal.approval.policy',
    fine: put(`${weigh}.proposal.execution`, { supervised_worker: 'allowed' }),
  },
  policy_unused: {
    found: add('policies', { name: 'forgotten', kind: 'approval' }),
    at: '$.policies[1]',
    fine: add('policies', { name: 'forgotten', kind: 'custom' }),
  },

  status_without_transitions: {
    found: drop(`${weigh}.proposal.transition_guards`),
    at: '$.capabilities[0].proposal.patch.status',
    fine: all(drop(`${weigh}.proposal.transition_guards`), renameColumn('status', 'lane')),
  },
  transition_from_final_state: {
    found: put(`${weigh}.proposal.transition_guards.status.allowed.delivered`, ['held']),
    at: '$.capabilities[0].proposal.transition_guards.status.allowed',
    fine: put(`${weigh}.proposal.transition_guards.status.allowed.delivered`, ['archived']),
  },
  choice_without_transition: {
    found: add(`${weigh}.args.next.enum`, 'lost'),
    at: '$.capabilities[0].args.next.enum',
    fine: all(
      add(`${weigh}.args.next.enum`, 'lost'),
      put(`${weigh}.proposal.transition_guards.status.allowed.held`, ['released', 'lost']),
    ),
  },

  guard_by_time: {
    found: put(`${prioritize}.proposal.conflict_guard.column`, 'updated_at'),
    at: '$.capabilities[1].proposal.conflict_guard.column',
    fine: put(`${prioritize}.proposal.conflict_guard.column`, 'revision'),
  },
  money_irreversible: {
    found: drop(`${refund}.proposal.reversibility`),
    at: '$.capabilities[2].proposal',
    fine: all(
      drop(`${refund}.proposal.reversibility`),
      put(`${refund}.proposal.writeback`, { mode: 'app_handler', executor: 'payments' }),
      add('external_actions', { id: 'pay', action: 'parcels.refund', handler: 'payments' }),
    ),
  },
  set_too_large: {
    found: put(`${shelf}.proposal.operation.max_rows`, 51),
    at: '$.capabilities[4].proposal.operation.max_rows',
    fine: put(`${shelf}.proposal.operation.max_rows`, 1),
  },
  set_magnitude_unbounded: {
    found: put(`${shelf}.proposal.operation.aggregate_bounds.0.measure`, 'before'),
    at: '$.capabilities[4].proposal.patch.shelf',
    fine: put(`${shelf}.proposal.operation.aggregate_bounds.0.measure`, 'after'),
  },
  handler_unlisted: {
    found: drop('external_actions'),
    at: '$.capabilities[5].proposal.writeback',
    fine: drop('external_actions.0.id'),
  },
  external_action_unproposed: {
    found: add('external_actions', { id: 'call', action: 'parcels.call', handler: 'calls' }),
    at: '$.external_actions[1]',
    fine: add('external_actions', { id: 'also', action: 'parcels.send_letter', handler: 'more_letters' }),
  },

  principal_scope_uneven: {
    found: all(
      ...[0, 1, 2, 3, 4].map((index) => put(`capabilities.${index}.subject.principal_scope_key`, 'carrier')),
    ),
    at: '$.capabilities[5].subject',
    fine: all(
      ...[0, 1, 2, 3, 4, 5].map((index) =>
        put(`capabilities.${index}.subject.principal_scope_key`, 'carrier'),
      ),
    ),
  },
  trusted_binding_optional: {
    found: drop('contexts.0.bindings.1.required'),
    at: '$.contexts[0].bindings[1]',
    fine: add('contexts.0.bindings', { name: 'shift', source: 'cloud_session', key: 'shift' }),
  },
  small_groups: {
    found: put(`${count}.aggregate.minimum_group_size`, 4),
    at: '$.capabilities[6].aggregate.minimum_group_size',
    fine: put(`${count}.aggregate.minimum_group_size`, 6),
  },
  evidence_not_required: {
    found: drop(`${remove}.evidence`),
    at: '$.capabilities[3].evidence',
    fine: put(`${remove}.evidence`, { required: true }),
  },
  duplicate_capability: {
    found: weighAgain(
      drop('capabilities.7.proposal.patch.shelf'),
      put('capabilities.7.proposal.allowed_fields', ['grams', 'status', 'note']),
    ),
    at: '$.capabilities[7]',
    fine: weighAgain(
      drop('capabilities.7.proposal.patch.shelf'),
      put('capabilities.7.proposal.allowed_fields', ['grams', 'status', 'note']),
      put('capabilities.7.args.next.enum', ['held']),
    ),
  },
  capability_undescribed: {
    found: drop(`${count}.description`),
    at: '$.capabilities[6]',
    fine: put(`${count}.description`, 'n'),
  },
  arguments_undescribed: {
    found: drop(`${shelf}.args.reason.description`),
    at: '$.capabilities[4].args',
    fine: put(`${shelf}.args.reason.required`, false),
  },
};

/** The column of `parcels.weigh` under another name, and whatever speaks of it. */
function renameColumn(from: string, to: string): Edit {
  return (contract) => {
    const [capability] = contract.capabilities;
    if (capability === undefined) throw new Error('no capability');
    const renamed = JSON.stringify({ ...capability, args: {} }).replaceAll(`"${from}"`, `"${to}"`);
    const { proposal, visible_fields } = JSON.parse(renamed);
    for (const binding of Object.values<{ from_arg: string }>(proposal.patch)) {
      if (binding.from_arg === to) binding.from_arg = from;
    }
    contract.capabilities[0] = { ...capability, proposal, visible_fields };
  };
}

function withNote(spec: object): Edit {
  return all(
    put(`${prioritize}.args.word`, spec),
    put(`${prioritize}.proposal.patch.word`, { from_arg: 'word' }),
    add(`${prioritize}.proposal.allowed_fields`, 'word'),
    add(`${prioritize}.visible_fields`, 'word'),
  );
}

/** The lint is for contracts that are valid: a case that is refused anyway would prove nothing. */
function edited(edit: Edit): AgentContract {
  const contract = cleanContract();
  edit(contract);
  const parsed = parseContract(JSON.parse(JSON.stringify(contract)));
  expect(parsed.ok ? [] : parsed.issues).toEqual([]);
  return contract;
}

const none: Edit = () => undefined;

test('in a clean contract nothing is found', () => {
  expect(lintContract(edited(none))).toEqual([]);
});

describe('each finding', () => {
  test.each(Object.entries(cases))('%s is found', (code, { found, at }) => {
    const findings = lintContract(edited(found));
    expect(findings.map((finding) => [finding.code, finding.path])).toEqual([[code, at]]);
    const rule = lintRules.find((candidate) => candidate.code === code);
    expect(findings[0]).toMatchObject({ severity: rule?.severity, fix: rule?.fix });
  });

  test.each(Object.entries(cases))('%s is not found nearby', (_, { fine }) => {
    expect(lintContract(edited(fine))).toEqual([]);
  });
});

describe('the table', () => {
  test('has a rule for every case and a case for every rule, each once', () => {
    expect(lintRules.map(({ code }) => code).sort()).toEqual(Object.keys(cases).sort());
    expect(lintRules.length).toBeGreaterThanOrEqual(20);
  });

  test.each(lintRules)('says why and what to do: $code', ({ title, why, fix }) => {
    for (const text of [title, why, fix]) expect(text.trim().length).toBeGreaterThan(10);
    expect(title).not.toMatch(/\.$/);
    expect(lintRules.filter((rule) => rule.title === title)).toHaveLength(1);
  });
});

test('the worst stands first, and within a severity the order is that of rules and contract', () => {
  const found = lintContract(
    edited(
      all(
        drop(`${count}.description`),
        drop(`${remove}.description`),
        drop(`${remove}.proposal.approval.required_approvals`),
        drop(`${weigh}.args.note.max_length`),
      ),
    ),
  );
  const brief = ({ severity, code, path }: Finding) => [severity, code, path];
  expect(found.map(brief)).toEqual([
    ['danger', 'delete_single_approver', '$.capabilities[3].proposal.approval'],
    ['warning', 'text_unbounded', '$.capabilities[0].proposal.patch.note'],
    ['note', 'capability_undescribed', '$.capabilities[3]'],
    ['note', 'capability_undescribed', '$.capabilities[6]'],
  ]);
});

test('a message names the capability and the column', () => {
  const [finding] = lintContract(edited(drop(`${weigh}.args.note.max_length`)));
  expect(finding?.message).toBe('parcels.weigh: the column note takes text of any length');
});

describe('an item of a batch is looked at like an argument', () => {
  const batch = (grams: object): Edit =>
    add('capabilities', {
      ...capabilityAt(4),
      name: 'parcels.enter',
      args: {
        items: described({ type: 'object_array', max_items: 5, fields: { code: { type: 'string' }, grams } }),
      },
      visible_fields: ['id', 'grams', 'version'],
      proposal: {
        ...capabilityAt(4)?.proposal,
        action: 'parcels.enter',
        operation: {
          kind: 'insert',
          cardinality: 'set',
          max_rows: 5,
          batch: { items_from_arg: 'items' },
          deduplication: { components: [{ column: 'id', source: 'item_field', item_field: 'code' }] },
          aggregate_bounds: [{ column: 'grams', measure: 'after', maximum: 50_000 }],
        },
        allowed_fields: ['grams'],
        patch: { grams: { from_item: 'grams' } },
      },
    });

  test('a number without bounds', () => {
    const findings = lintContract(edited(batch({ type: 'number' })));
    expect(findings.map(({ code, path }) => [code, path])).toEqual([
      ['number_unbounded', '$.capabilities[7].proposal.patch.grams'],
    ]);
  });

  test('a bounded one', () => {
    expect(lintContract(edited(batch({ type: 'number', minimum: 0, maximum: 9_000 })))).toEqual([]);
    expect(lintContract(edited(batch({ type: 'number', enum: [1, 2, 5] })))).toEqual([]);
  });
});

describe('a policy that can approve nothing', () => {
  test.each<[string, Edit]>([
    ['because two must approve', put(`${prioritize}.proposal.approval.required_approvals`, 2)],
    ['because its limit is nothing', put('policies.0.limits.1.max', 0)],
    ['because it has no rules', drop('policies.0.rules')],
  ])('%s', (_, edit) => {
    const codes = lintContract(edited(edit)).map(({ code }) => code);
    expect(codes).toEqual(['policy_never_applies']);
  });
});

test('a contract in which every capability is alike gets one finding for each of them, not for each pair', () => {
  const many = Array.from({ length: 20 }, (_, index) => ({
    ...capabilityAt(1),
    name: `parcels.copy_${index}`,
    proposal: {
      ...capabilityAt(1)?.proposal,
      approval: { mode: 'human', required_role: 'desk_lead', required_approvals: 1 + (index % 10) },
    },
  }));
  const codes = lintContract(
    edited((contract) => put('capabilities', [...contract.capabilities, ...many])(contract)),
  ).map(({ code }) => code);
  expect(codes.filter((code) => code === 'weaker_door').length).toBeLessThanOrEqual(21);
  expect(codes.filter((code) => code === 'duplicate_capability')).toHaveLength(20);
});
