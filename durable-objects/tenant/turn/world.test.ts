import { describe, expect, test } from 'vitest';
import { CAPABILITY, capabilityRow, contractOf, rehearsingRow, requestOf } from '../test-contract.ts';
import {
  appendAll,
  head,
  keyed,
  memberRow,
  NOW,
  person,
  proposalRow,
  runnerRow,
  TENANT,
} from '../test-support.ts';
import { lacksAny, type Needs, noNeeds } from './needs.ts';
import { noRows, type Rows } from './rows.ts';
import { World } from './world.ts';

/** A world of what was read for these needs. */
function read(needs: Needs, rows: Partial<Rows> = {}): World {
  return new World(TENANT, { ...noRows(), head, ...rows }, needs);
}

describe('what a rule looks for', () => {
  test('and was not read is noted as lacking', () => {
    const world = read(noNeeds());
    expect(world.row('capabilities', CAPABILITY)).toBeUndefined();
    expect(world.body(5)).toBeUndefined();
    expect([...world.lacks.rows.capabilities, ...world.lacks.bodies]).toEqual([CAPABILITY, 5]);
    expect(lacksAny(world.lacks)).toBe(true);
  });

  test('and is not there, though it was read for, lacks nothing', () => {
    const needs = noNeeds();
    needs.rows.capabilities.add(CAPABILITY);
    needs.bodies.add(5);
    const world = read(needs);
    expect([world.row('capabilities', CAPABILITY), world.body(5)]).toEqual([undefined, undefined]);
    expect(lacksAny(world.lacks)).toBe(false);
  });

  test('and is there lacks nothing, whatever it was read for', () => {
    const row = capabilityRow(contractOf());
    const world = read(noNeeds(), { keyed: keyed({ capabilities: [row] }) });
    expect(world.row('capabilities', CAPABILITY)).toEqual(row);
    expect(lacksAny(world.lacks)).toBe(false);
  });

  test('among all members needs all of them, with what this turn changed', () => {
    const needs = { ...noNeeds(), roster: true };
    const [ann, bob] = [memberRow(), memberRow({ person: 'iss bob', name: 'bob' })];
    const world = read(needs, { roster: [ann, bob], keyed: keyed({ members: [ann] }) });
    const body = { person: 'iss ann', reason: null };
    const subject = 'member/iss ann';
    world.append({ type: 'member.removed', actor: person('olga').actor, subject, body }, NOW);
    expect(
      world
        .roster()
        .map(({ name, status }) => `${name} ${status}`)
        .toSorted(),
    ).toEqual(['ann removed', 'bob active']);
    expect(lacksAny(world.lacks)).toBe(false);
    const without = read(noNeeds());
    without.roster();
    expect(without.lacks.roster).toBe(true);
  });
});

describe('an entry', () => {
  test('follows the newest about its subject, if that is a proposal or has a row', () => {
    const needs = noNeeds();
    needs.rows.runners.add('run_a');
    const row = proposalRow();
    const world = read(needs, { proposals: [row], keyed: keyed({ runners: [runnerRow()] }) });
    const { actor } = person('ann');
    const status = { runner_id: 'run_a', status: 'draining' as const };
    const word = { reason: null, name: 'ann', effect_digest: 'sha256:effect' };
    const drafts = [
      { type: 'runner.status_changed' as const, actor, subject: 'runner/run_a', body: status },
      { type: 'proposal.rejected' as const, actor, subject: row.proposal_id, body: word },
    ];
    const entries = drafts.map((draft) => world.append(draft, NOW));
    expect(entries.map((entry) => entry.prev_subject_seq)).toEqual([9, 11]);
    expect(entries.map((entry) => entry.prev_hash)).toEqual([head.hash, entries[0]?.hash]);
    expect(world.row('runners', 'run_a')).toMatchObject({ status: 'draining', tip_seq: 41 });
  });

  test('that holds a body makes it known to what comes later in the same turn', () => {
    const row = rehearsingRow({ seq: 41 });
    const world = read(noNeeds());
    const body = requestOf(row);
    const entry = {
      type: 'proposal.requested' as const,
      actor: person('ann').actor,
      subject: row.proposal_id,
      body,
    };
    appendAll(world, { entries: [entry] });
    expect(world.body(41)).toEqual(body);
    expect(world.rehearsals(row.source_id).map(({ seq }) => seq)).toEqual([41]);
    expect(world.head?.counters).toMatchObject({ rehearsal: 1, review: 0 });
    expect(world.newlyQueued.map(({ seq }) => seq)).toEqual([41]);
  });
});
