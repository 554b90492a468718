import { REHEARSAL_SECONDS } from '@countersign/protocol/rehearsal';
import { describe, expect, test } from 'vitest';
import type { Identity } from '../access/identity.ts';
import { MOST_RECORDED_A_DAY } from '../credentials/refused-attempt.ts';
import { dayOf } from '../policies/limits.ts';
import { CAPABILITY, capability, contractOf, inForce, REFERENCE, source } from '../test-contract.ts';
import { appendAll, gist, machine, NOW, person, runner, SOURCE, TENANT, worldOf } from '../test-support.ts';
import type { Rows } from '../turn/rows.ts';
import { requestChange } from './request-change.ts';

const bindings = { tenant_id: 'acme', principal: 'support' };
const agent = (changes = {}) => machine('agent', { bindings, ...changes });
const args = { invoice: 'INV-1', fee: 0 };

function asked(identity: Identity = agent(), request = {}, rows: Partial<Rows> = inForce()) {
  const world = worldOf(rows);
  const ask = { type: 'request', request: { capability: CAPABILITY, args, ...request } } as const;
  const outcome = requestChange(world, ask, identity, NOW);
  appendAll(world, outcome);
  const [entry] = outcome.entries;
  return { ...gist(outcome), body: entry?.body, row: world.proposal(entry?.subject ?? '') };
}

describe('a capability and its arguments', () => {
  test('become what the contract makes of them, for whom the credential says', () => {
    const { answer, entries, body } = asked();
    expect({ answer, entries }).toEqual({ answer: 'ok', entries: ['proposal.requested'] });
    expect(body).toMatchObject({
      contract: REFERENCE,
      source_id: SOURCE,
      tenant_id: 'acme',
      principal: 'support',
      object_id: 'INV-1',
      patch: { fee: 0 },
      until: NOW + REHEARSAL_SECONDS * 1_000,
    });
  });

  test('wait for a runner, and for nobody’s approval before it has looked', () => {
    expect(asked().row).toMatchObject({
      state: 'rehearsing',
      lane: `rehearse/${SOURCE}`,
      rank: NOW + REHEARSAL_SECONDS * 1_000,
      writable: false,
      proposer_kind: 'agent',
      principal_id: 'support',
      rehearsal: { status: 'asked', number: 1 },
    });
  });

  test('of another row, or for somebody else, are another effect', () => {
    const digests = [
      asked().row,
      asked(agent(), { args: { ...args, invoice: 'INV-2' } }).row,
      asked(agent({ bindings: { ...bindings, tenant_id: 'other' } })).row,
    ].map((row) => row?.effect_digest);
    expect(new Set(digests).size).toBe(3);
  });

  test('come from a service too, where it acts for somebody', () => {
    expect(asked(machine('service', { bindings })).answer).toBe('ok');
  });
});

const two = { sources: ['src_a', 'src_b'] };
const nothingInForce = { ...inForce(), keyed: worldless({ capabilities: [] }) };
const ofMysql = contractOf(capability({ subject: { resource: 'invoices' } }), {
  resources: [
    {
      name: 'invoices',
      engine: 'mysql',
      schema: 'public',
      table: 'invoices',
      primary_key: 'id',
      tenant_key: 'tenant_id',
    },
  ],
});
const inserting = capability({}, { operation: { kind: 'insert', cardinality: 'single' } });

function worldless(tables: Partial<Rows['keyed']>) {
  return inForce(contractOf(), tables).keyed;
}

describe('a request is refused', () => {
  test.each<[string, Identity, object, Partial<Rows> | undefined, string]>([
    ['of a person', person('ann'), {}, undefined, 'forbidden'],
    ['of a runner', runner, {}, undefined, 'forbidden'],
    ['of a capability that no contract has', agent(), { capability: 'x.y' }, undefined, 'capability_unknown'],
    ['of one that is in force no more', agent(), {}, nothingInForce, 'capability_unknown'],
    [
      'of one that the credential may not',
      agent({ capabilities: ['a.b'] }),
      {},
      undefined,
      'capability_unknown',
    ],
    ['of one that cannot be written', agent(), {}, inForce(contractOf(inserting)), 'change_set_unsupported'],
    ['without a tenant to propose for', agent({ bindings: {} }), {}, undefined, 'hidden_binding'],
    ['without a principal', agent({ bindings: { tenant_id: 'acme' } }), {}, undefined, 'hidden_binding'],
    ['of a source that is not covered', agent({ sources: [] }), {}, undefined, 'source_not_permitted'],
    ['where it could be either of two sources', agent(two), {}, undefined, 'source_not_permitted'],
    [
      'of a source that is not there',
      agent(),
      {},
      { ...inForce(), keyed: worldless({ sources: [] }) },
      'source_unknown',
    ],
    ['of a source of another engine', agent(), {}, inForce(ofMysql), 'outside_contract'],
    ['with an argument too few', agent(), { args: { invoice: 'INV-1' } }, undefined, 'argument_invalid'],
    [
      'with a value beyond its bounds',
      agent(),
      { args: { ...args, fee: 10_001 } },
      undefined,
      'bound_exceeded',
    ],
  ])('%s', (_name, identity, request, rows, answer) => {
    expect(asked(identity, request, rows)).toMatchObject({ answer, entries: [] });
  });

  test('and recorded, when it sets what only the credential may', () => {
    const hidden = { args: { ...args, tenant_id: 'other' } };
    const refused = asked(agent(), hidden);
    expect(refused).toMatchObject({ answer: 'hidden_binding', entries: ['attempt.refused'] });
    expect(refused.body).toMatchObject({ credential: 'crd_agent', hidden: ['tenant_id'] });
    expect(JSON.stringify(refused.body)).not.toContain('other');
  });

  test('but recorded so often only on a day', () => {
    const key = `${dayOf(NOW)}:attempts:crd_agent`;
    const counters = [{ tenant: TENANT, key, count: MOST_RECORDED_A_DAY, total: 0 }];
    const rows = { ...inForce(), keyed: worldless({ sources: [source], counters }) };
    expect(asked(agent(), { args: { ...args, tenant_id: 'other' } }, rows)).toMatchObject({
      answer: 'hidden_binding',
      entries: [],
    });
  });
});
