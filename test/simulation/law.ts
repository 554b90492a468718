import { contractIdOf } from '@countersign/durable-objects/tenant/contracts/contract-ids';
import type { AgentContract, Capability } from '@countersign/protocol/contract/contract-document';
import type { PolicyDocument } from '@countersign/protocol/policy-document';
import { SOURCES } from './tenant.ts';

/** What the contracts of a history permit. Complete change sets are `WAIVE`; agents ask for the others. */

export const WAIVE = 'invoices.waive';
/** One of each source, for people to decide; the one of orders needs two people of a role. */
export const ADJUST = ['billing.adjust', 'orders.adjust'] as const;
/** Sets a status, from one that it may be set from. */
export const CLOSE = 'orders.close';
/** A policy of the contract decides, within limits by the day. */
export const SMALL = 'billing.small';

export const CONTRACT_NAME = 'desk';
export const CONTRACT_ID = contractIdOf(CONTRACT_NAME);
export const SMALL_POLICY = 'small';
/** Beyond it nothing fits any version. */
export const MOST_FEE = 1_000;

/** Editions of the contract that histories bring into force; each bounds and limits otherwise. */
export const editions = [
  { most: MOST_FEE, count: 3, total: 900 },
  { most: MOST_FEE, count: 2, total: 2_000 },
  { most: 700, count: 5, total: 600 },
] as const;
export type Edition = (typeof editions)[number];

type Action = NonNullable<Capability['proposal']>;

function capability(
  name: string,
  { most }: Edition,
  action: Partial<Action> = {},
  changes: Partial<Capability> = {},
): Capability {
  return {
    name,
    kind: 'proposal',
    context: 'desk',
    subject: { schema: 'public', table: 'invoices', primary_key: 'id', tenant_key: 'tenant_id' },
    args: { row: { type: 'string', max_length: 64 }, fee: { type: 'number', minimum: 0 } },
    lookup: { id_from_arg: 'row' },
    visible_fields: ['fee', 'status'],
    proposal: {
      action: name,
      allowed_fields: ['fee'],
      patch: { fee: { from_arg: 'fee' } },
      numeric_bounds: { fee: { minimum: 0, maximum: most } },
      conflict_guard: { column: 'version' },
      ...action,
    },
    ...changes,
  };
}

/**
 * An edition of a history's contract. The history's name makes its digest its own, since a process reads a document
 * once: a history must not depend on those that ran before it.
 */
export function contractOf(history: string, edition: Edition): AgentContract {
  const [billing, orders] = SOURCES;
  const limits = [
    { kind: 'count', max: edition.count, period: 'day' },
    { kind: 'total', max: edition.total, period: 'day', field: 'fee' },
  ] as const;
  return {
    spec_version: '0.1',
    kind: 'SynapsorContract',
    metadata: { name: CONTRACT_NAME, version: `1.${editions.indexOf(edition)}.0`, tags: [history] },
    contexts: [
      {
        name: 'desk',
        tenant_binding: 'tenant_id',
        principal_binding: 'principal',
        bindings: [
          { name: 'tenant_id', source: 'cloud_session', key: 'tenant', required: true },
          { name: 'principal', source: 'cloud_session', key: 'sub', required: true },
        ],
      },
    ],
    capabilities: [
      capability(WAIVE, edition, {}, { visible_fields: ['fee'] }),
      capability(ADJUST[0], edition, {}, { source: billing }),
      capability(
        ADJUST[1],
        edition,
        { approval: { mode: 'human', required_role: 'lead', required_approvals: 2 } },
        { source: orders },
      ),
      capability(
        CLOSE,
        edition,
        {
          allowed_fields: ['fee', 'status'],
          patch: { fee: { from_arg: 'fee' }, status: { fixed: 'closed' } },
          transition_guards: { status: { allowed: { open: ['closed'] } } },
        },
        { source: orders },
      ),
      capability(
        SMALL,
        edition,
        { approval: { mode: 'policy', policy: SMALL_POLICY, required_role: 'lead' } },
        { source: billing },
      ),
    ],
    policies: [
      {
        name: SMALL_POLICY,
        kind: 'approval',
        rules: [{ field: 'fee', max: 600 }],
        limits: [...limits],
      },
    ],
  };
}

/** What a history's own policies say, besides its contract. They are named so that each has one of a kind in force. */
export function policiesOf(history: string): readonly [PolicyDocument, ...PolicyDocument[]] {
  const shared = { description: history, tests: [], limits: [] };
  return [
    {
      ...shared,
      name: 'few',
      applies_to: [SMALL],
      when: 'patch.fee < 400',
      effect: 'approve',
      limits: [
        { count: 2, per: 'agent', period: 'day' },
        { total: 500, of: 'fee', per: 'object', period: 'day' },
      ],
    },
    {
      ...shared,
      name: 'few',
      applies_to: [SMALL],
      when: 'patch.fee < 700',
      effect: 'approve',
      limits: [{ total: 1_000, of: 'fee', per: 'capability', period: 'day' }],
    },
    {
      ...shared,
      name: 'large',
      applies_to: ['*'],
      when: 'patch.fee >= 550',
      effect: 'ask',
      requires: { role: 'lead', approvals: 2 },
    },
    {
      ...shared,
      name: 'never',
      applies_to: ['*'],
      when: 'patch.fee > 660',
      effect: 'refuse',
      message: 'up to 660',
    },
  ];
}

/** The status of a customer's row: it follows from its version, which is all that the model of it keeps. */
export function statusOf(version: number): 'open' | 'closed' {
  return version % 3 === 0 ? 'closed' : 'open';
}
