import type { AgentContract } from '@countersign/protocol/contract/contract-document';
import type { Activity } from '@countersign/protocol/runner-messages';
import { expect, test } from 'vitest';
import { gist, keyed, proposalRow, runner, SOURCE, submissionOf, TENANT, worldOf } from '../test-support.ts';
import type { Body } from '../turn/body.ts';
import { recordActivity } from './record-activity.ts';

const contract = {
  spec_version: '0.1',
  kind: 'SynapsorContract',
  metadata: { name: 'kept out', version: '1' },
  contexts: [{ name: 'desk', tenant_binding: 'tenant_id', principal_binding: 'principal', bindings: [] }],
  capabilities: [
    {
      name: 'invoices.waive',
      kind: 'proposal',
      context: 'desk',
      subject: { schema: 'public', table: 'invoices', primary_key: 'id', tenant_key: 'tenant_id' },
      args: {},
      lookup: { id_from_arg: 'id' },
      visible_fields: ['fee', 'status'],
      kept_out_fields: ['card_number'],
    },
  ],
} as const;

const row = proposalRow();
const pushed = { contract: JSON.parse(JSON.stringify(contract)) as AgentContract } as Pick<
  Extract<Body, { semantic_diff: unknown }>,
  'contract'
> as Body;

function recorded(changes: Partial<Activity>) {
  const world = worldOf({
    proposals: [row],
    bodies: [
      { seq: row.body_seq, body: submissionOf(row) },
      { seq: 3, body: pushed },
    ],
    keyed: keyed({
      capabilities: [
        {
          tenant: TENANT,
          capability: 'invoices.waive',
          contract_id: 'c',
          version_id: 'v',
          digest: 'sha256:kept-out',
          label: '1',
          version_seq: 3,
        },
      ],
    }),
  });
  const request: Activity = {
    schema_version: 'synapsor.runner-activity.v1',
    event_id: 'evt-1',
    event_type: 'evidence.recorded',
    runner_id: 'run_a',
    source_id: SOURCE,
    proposal_id: row.proposal_id,
    ...changes,
  };
  return gist(recordActivity(world, { type: 'record', request }, runner, 0)).answer;
}

test.each<[string, Partial<Activity>, string]>([
  ['without detail', {}, 'ok'],
  ['with digests and fingerprints', { detail: { digest: 'sha256:1', query_fingerprints: ['q'] } }, 'ok'],
  ['with an excerpt of visible fields', { detail: { excerpt: { fee: 5, status: 'open' } } }, 'ok'],
  ['that names a kept-out field', { detail: { card_number: '4111' } }, 'outside_contract'],
  ['that names one in other letters', { detail: { Card_Number: '4111' } }, 'outside_contract'],
  ['that names one deep inside', { detail: { rows: [{ a: { card_number: 1 } }] } }, 'outside_contract'],
  ['with an excerpt of a field that is not shown', { detail: { excerpt: { total: 5 } } }, 'outside_contract'],
  ['with several excerpts', { detail: { excerpts: [{ fee: 5 }, { total: 5 }] } }, 'outside_contract'],
  [
    'about no proposal, of a capability that it names',
    { proposal_id: 'none', capability: 'invoices.waive', detail: { card_number: 1 } },
    'outside_contract',
  ],
  ['of a capability that nobody knows', { proposal_id: 'none', detail: { card_number: 1 } }, 'ok'],
])('an event %s', (_name, changes, expected) => {
  expect(recorded(changes)).toBe(expected);
});
