import { jobIdOf } from '@countersign/protocol/ids';
import { describe, expect, test } from 'vitest';
import {
  head,
  keyed,
  LEASE,
  leasedRow,
  memberRow,
  NOW,
  person,
  proposalRow,
  runnerRow,
  submissionOf,
  TENANT,
  worldOf,
} from '../test-support.ts';
import type { Draft } from '../turn/event.ts';
import { type Changes, nothingAssumed } from '../turn/rows.ts';
import type { World } from '../turn/world.ts';
import { writeStatements } from './write.ts';

function changesOf(world: World): Changes {
  const changes = world.changes('n8');
  if (changes === undefined) throw new Error('nothing changed');
  return changes;
}

/** Each statement's first words, and for an update the columns that it names. */
function outline(world: World): string[] {
  return writeStatements(head, changesOf(world)).map(({ sql }) => {
    const columns = /UPDATE (\w+) SET (.*?) FROM/.exec(sql);
    if (columns === null) return /(?:INSERT INTO|UPDATE|DELETE FROM) \w+/.exec(sql)?.[0] ?? sql;
    return `UPDATE ${columns[1]} SET ${(columns[2] ?? '').replace(/ = v\.c\d+/g, '')}`;
  });
}

const actor = person('ann').actor;
const rejected = (seq: number): Draft => ({
  type: 'proposal.rejected',
  actor,
  subject: proposalRow({ seq }).proposal_id,
  body: { reason: null, name: 'ann', effect_digest: 'sha256:effect' },
});

const released = (seq: number): Draft => {
  const { proposal_id } = proposalRow({ seq });
  const body = {
    job_id: jobIdOf(proposal_id),
    lease_id: LEASE,
    attempt: 1,
    reason: 'busy',
    not_before: null,
  };
  return { type: 'job.released', actor, subject: proposal_id, body };
};

const DECIDED = 'UPDATE proposals SET state, decisions, updated_at, tip_seq, tip_hash, lane, rank';

describe('the batch of a turn', () => {
  test('begins with the guard and ends with the head', () => {
    const world = worldOf({ proposals: [proposalRow({ seq: 11 })] });
    world.append(rejected(11), NOW);
    const statements = writeStatements(head, changesOf(world));
    expect(statements[0]?.params).toEqual([TENANT, 7, 'n7']);
    expect(statements.at(-1)?.params.slice(0, 4)).toEqual([TENANT, 8, 'n8', 41]);
    expect(outline(world)).toEqual([
      'INSERT INTO stale_writer',
      'INSERT INTO ledger',
      DECIDED,
      'UPDATE heads',
    ]);
  });

  test('groups updates by the columns that change, and names no other column', () => {
    const lease = leasedRow({ seq: 13, proposal_id: proposalRow({ seq: 13 }).proposal_id });
    const world = worldOf({ proposals: [proposalRow({ seq: 11 }), proposalRow({ seq: 12 }), lease] });
    for (const draft of [rejected(11), rejected(12), released(13)]) world.append(draft, NOW);
    expect(outline(world)).toEqual([
      'INSERT INTO stale_writer',
      'INSERT INTO ledger',
      DECIDED,
      'UPDATE proposals SET updated_at, job_state, lease_id, lease_runner, lease_expires_at, tip_seq, tip_hash, lane, rank',
      'UPDATE heads',
    ]);
  });

  test('writes a renewal without an entry', () => {
    const world = worldOf({ proposals: [leasedRow()] });
    world.touch({ renewed: { seq: 11, lease_expires_at: NOW + 60_000 } });
    expect(outline(world)).toEqual([
      'INSERT INTO stale_writer',
      'UPDATE proposals SET lease_expires_at, rank',
      'UPDATE heads',
    ]);
  });

  test.each([
    ['an id of ours needs no further row', proposalRow({ seq: 41 }).proposal_id, []],
    ['a client’s own id keys a narrow row', 'own-1', ['INSERT INTO proposal_ids']],
  ])('of a submission: %s', (_name, proposal_id, rows) => {
    const world = worldOf();
    const body = submissionOf(proposalRow({ seq: 41, proposal_id }));
    world.append({ type: 'proposal.submitted', actor, subject: proposal_id, body }, NOW);
    expect(outline(world)).toEqual([
      'INSERT INTO stale_writer',
      'INSERT INTO ledger',
      'INSERT INTO proposals',
      ...rows,
      'UPDATE heads',
    ]);
  });

  test('tells a runner that registers from one that is known', () => {
    const body = { runner_id: 'run_a', version: '2', engines: [], sources: [], capabilities: [] };
    const draft: Draft = { type: 'runner.registered', actor, subject: 'runner/run_a', body };
    const [fresh, known] = [worldOf(), worldOf({ keyed: keyed({ runners: [runnerRow()] }) })];
    for (const world of [fresh, known]) world.append(draft, NOW);
    expect(outline(fresh)).toContain('INSERT INTO runners');
    expect(outline(known)).toContain(
      'UPDATE runners SET version, engines, sources, capabilities, started_at, registered_by, tip_seq, tip_hash',
    );
  });

  test('fails when what was remembered instead of read is not so', () => {
    const assumed = { ...nothingAssumed, absentKeys: ['k1'], members: [memberRow()] };
    const world = worldOf({ proposals: [leasedRow()], assumed });
    world.touch({ renewed: { seq: 11, lease_expires_at: NOW + 60_000 } });
    const [guard] = writeStatements(head, changesOf(world));
    expect(guard?.sql).toContain('json_each(?4) k CROSS JOIN idempotency');
    expect(guard?.sql).toContain('json_each(?5) k WHERE NOT EXISTS (SELECT 1 FROM members');
    expect(guard?.params.slice(3)).toEqual(['["k1"]', expect.stringContaining('iss ann')]);
  });
});

test('nothing changed is nothing to write', () => {
  expect(worldOf({ proposals: [proposalRow()] }).changes('n8')).toBeUndefined();
});
