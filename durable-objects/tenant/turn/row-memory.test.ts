import { describe, expect, test } from 'vitest';
import { CAPABILITY, capabilityRow, contractOf } from '../test-contract.ts';
import { credentialRow, head, keyed, memberRow, NOW, proposalRow } from '../test-support.ts';
import { type Needs, noNeeds } from './needs.ts';
import { RowMemory } from './row-memory.ts';
import { type Changes, noRows, nothingAssumed, type Rows } from './rows.ts';

const row = capabilityRow(contractOf());

/** What a command needs of the keyed tables. */
function needing(rows: { readonly [Name in keyof Needs['rows']]?: string }): Needs {
  const needs = noNeeds();
  for (const [name, key] of Object.entries(rows)) needs.rows[name as keyof Needs['rows']].add(key);
  return needs;
}

function read(tables: Partial<Rows['keyed']> = {}, changes: Partial<Rows> = {}): Rows {
  return { ...noRows(), head, keyed: keyed(tables), ...changes };
}

/** A batch that moved the head on and changed these rows. */
function written(rows: Partial<Changes['rows']> = {}, outdatedCounters: string[] = []): Changes {
  return {
    entries: [],
    proposals: [],
    rows: { ...keyedChanges, ...rows },
    keys: [],
    forgottenKeys: [],
    outdatedCounters,
    assumed: nothingAssumed,
    events: [],
    head: { ...head, turn: head.turn + 1, nonce: 'n8' },
  };
}
const keyedChanges: Changes['rows'] = keyed({}) as Rows['keyed'] & Changes['rows'];

const wanted = needing({ capabilities: CAPABILITY });

describe('a row that was looked for', () => {
  test('is known once it was read', () => {
    const memory = new RowMemory();
    expect(memory.recall(wanted, NOW)).toBeUndefined();
    memory.learn(wanted, read({ capabilities: [row] }));
    expect(memory.recall(wanted, NOW)?.keyed.capabilities).toEqual([row]);
  });

  test('and is not there is known not to be there', () => {
    const memory = new RowMemory();
    memory.learn(wanted, read());
    expect(memory.recall(wanted, NOW)?.keyed.capabilities).toEqual([]);
    expect(memory.recall(needing({ capabilities: 'other' }), NOW)).toBeUndefined();
  });

  test('and was not there is, once it was written', () => {
    const memory = new RowMemory();
    memory.learn(wanted, read());
    memory.follow(written({ capabilities: [{ before: undefined, after: row }] }));
    expect(memory.recall(wanted, NOW)).toMatchObject({
      head: { nonce: 'n8' },
      keyed: { capabilities: [row] },
    });
  });

  test('is forgotten with everything else when the head is another', () => {
    const memory = new RowMemory();
    memory.learn(wanted, read({ capabilities: [row] }));
    memory.learn(noNeeds(), read({}, { head: { ...head, nonce: 'elsewhere' } }));
    expect(memory.recall(wanted, NOW)).toBeUndefined();
  });

  test('is read again as long as one of those that go with it is not known', () => {
    const memory = new RowMemory();
    memory.learn(wanted, read({ capabilities: [row] }));
    expect(memory.recall(needing({ capabilities: CAPABILITY, settings: 'policies' }), NOW)).toBeUndefined();
  });
});

describe('who asks', () => {
  const asking = needing({ members: 'iss ann', credentials: 'crd_runner' });

  test('is remembered, and the batch is to check that nothing has changed', () => {
    const memory = new RowMemory();
    const tables = { members: [memberRow()], credentials: [credentialRow()] };
    memory.learn(asking, read(tables));
    expect(memory.recall(asking, NOW)?.assumed).toMatchObject(tables);
  });

  test.each([
    ['a person', needing({ members: 'iss ann' })],
    ['a credential', needing({ credentials: 'crd_runner' })],
  ])('and was not known is looked up again: %s may have been added meanwhile', (_name, needs) => {
    const memory = new RowMemory();
    memory.learn(needs, read());
    expect(memory.recall(needs, NOW)).toBeUndefined();
  });
});

test('a counter of a day that is over is not remembered when it is not stored either', () => {
  const counter = { tenant: head.tenant, key: '2027-01-01:x', count: 3, total: 0 };
  const needs = needing({ counters: counter.key });
  const memory = new RowMemory();
  memory.learn(needs, read({ counters: [counter] }));
  memory.follow(written({}, [counter.key]));
  expect(memory.recall(needs, NOW)).toBeUndefined();
});

test('bodies come back with the proposals and the entries that they belong to', () => {
  const proposal = proposalRow({ body_seq: 21 });
  const needs = noNeeds();
  needs.submissions.add(proposal.proposal_id);
  needs.bodies.add(5);
  const memory = new RowMemory();
  const bodies = [
    { seq: 5, body: '{"five":5}' },
    { seq: 21, body: '{"twenty-one":21}' },
  ];
  memory.learn(needs, read({}, { proposals: [proposal], bodies }));
  expect(memory.recall(needs, NOW)?.bodies.toSorted((a, b) => a.seq - b.seq)).toEqual(bodies);
});

test.each([
  ['all members', { roster: true }],
  ['what is due', { due: true }],
  ['rehearsals that wait', { rehearsals: new Map([['src_a', 1]]) }],
])('%s are always read', (_name, more) => {
  const memory = new RowMemory();
  memory.learn(noNeeds(), read());
  expect(memory.recall(noNeeds(), NOW)).toBeDefined();
  expect(memory.recall({ ...noNeeds(), ...more }, NOW)).toBeUndefined();
});
