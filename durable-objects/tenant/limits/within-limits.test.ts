import type { Limits } from '@countersign/protocol/limits';
import { describe, expect, test } from 'vitest';
import {
  credentialRow,
  head,
  keyed,
  NOW,
  proposalRow,
  runnerRow,
  submissionOf,
  TENANT,
  worldOf,
} from '../test-support.ts';
import { type Draft, runnerSubject, settingSubject } from '../turn/event.ts';
import { noCounters } from '../turn/head.ts';
import type { Outcome } from '../turn/outcome.ts';
import { answer } from '../turn/reply.ts';
import type { Rows } from '../turn/rows.ts';
import { noteLimit } from './note-limit.ts';
import { withinLimits } from './within-limits.ts';

const actor = { kind: 'runner', id: 'crd_runner' } as const;

function registration(runner_id: string): Draft {
  const body = { runner_id, version: '1', engines: [], sources: [], capabilities: [] };
  return { type: 'runner.registered', actor, subject: runnerSubject(runner_id), body };
}

const made = (...entries: readonly Draft[]): Outcome => ({ reply: answer({ ok: true }), entries });

function judge(outcome: Outcome, rows: Partial<Rows>, limits: Partial<Limits>) {
  const { entries, reply } = withinLimits(worldOf(rows, limits), outcome, NOW);
  return { reply, types: entries.map(({ type }) => type) };
}

const runners = (count: number, rows = {}): Partial<Rows> => ({
  tallies: new Map([['runners', count]]),
  ...rows,
});

describe('what makes one more', () => {
  test('passes without a word while there is room', () => {
    const { reply, types } = judge(made(registration('new')), runners(2), { runners: 10 });
    expect(reply).toEqual(answer({ ok: true }));
    expect(types).toEqual(['runner.registered']);
  });

  test('passes with a warning and an entry where little is left', () => {
    const { reply, types } = judge(made(registration('new')), runners(7), { runners: 10 });
    expect(reply.near).toEqual([{ name: 'runners', used: 8, limit: 10 }]);
    expect(types).toEqual(['runner.registered', 'limit.neared']);
  });

  test('is noted once an hour', () => {
    const noted = (at: number) => {
      const row = {
        tenant: TENANT,
        name: 'limits',
        value: { neared: { runners: at } },
        tip_seq: 3,
        tip_hash: 'h',
      };
      const rows = { keyed: keyed({ settings: [{ ...row, name: 'limits' as const }] }) };
      return judge(made(registration('new')), runners(9, rows), { runners: 10 }).types;
    };
    expect(noted(NOW - 3_599_999)).toEqual(['runner.registered']);
    expect(noted(NOW - 3_600_000)).toEqual(['runner.registered', 'limit.neared']);
  });

  test('is refused by the name of the limit where nothing is left, and nothing is made', () => {
    const { reply, types } = judge(made(registration('new')), runners(10), { runners: 10 });
    expect(reply).toMatchObject({
      ok: false,
      refusal: { code: 'limit_reached', limit: { name: 'runners', used: 10, limit: 10 } },
    });
    expect(types).toEqual([]);
  });

  test('is none where it is there already, but for a runner that comes back to the list', () => {
    const known = {
      keyed: keyed({ runners: [runnerRow(), runnerRow({ runner_id: 'old', status: 'archived' })] }),
    };
    const full = runners(1, known);
    expect(judge(made(registration('run_a')), full, { runners: 1 }).reply.ok).toBe(true);
    expect(judge(made(registration('old')), full, { runners: 1 }).reply.ok).toBe(false);
  });

  test('counts what an earlier command of the turn made, and what it ended', () => {
    const world = worldOf(runners(1, { keyed: keyed({ runners: [runnerRow()] }) }), { runners: 2 });
    world.append(registration('second'), NOW);
    expect(withinLimits(world, made(registration('third')), NOW).reply.ok).toBe(false);
    const body = { runner_id: 'run_a', reason: null, name: 'Otto' };
    world.append({ type: 'runner.archived', actor, subject: runnerSubject('run_a'), body }, NOW);
    expect(withinLimits(world, made(registration('third')), NOW).reply.ok).toBe(true);
  });
});

test('open proposals are those of every lane, dead letters too', () => {
  const counters = {
    ...noCounters,
    review: 1,
    rehearsal: 1,
    queue: 1,
    later: 1,
    frozen: 1,
    lease: 1,
    dead: 1,
  };
  const row = proposalRow();
  const draft = { type: 'proposal.submitted', actor, body: submissionOf(row) } as const;
  const full = (subject: string, open_proposals: number) =>
    judge(made({ ...draft, subject }), { head: { ...head, counters }, proposals: [row] }, { open_proposals })
      .reply.ok;
  expect(full('p-new', 7)).toBe(false);
  expect(full('p-new', 8)).toBe(true);
  expect(full(row.proposal_id, 7)).toBe(true);
});

test('a credential that takes over from another is issued however many there are', () => {
  const rows = {
    tallies: new Map([['credentials', 5] as const]),
    keyed: keyed({ credentials: [credentialRow()] }),
  };
  const issue = (replaces: string | null) => {
    const empty = { sources: [], permissions: [], expires_at: null };
    const body = {
      credential_id: 'crd_new',
      kind: 'agent',
      name: 'new',
      digest: 'd',
      ...empty,
      replaces,
    } as const;
    const draft: Draft = { type: 'credential.issued', actor, subject: 'credential/crd_new', body };
    return judge(made(draft), rows, { credentials: 5 }).reply.ok;
  };
  expect([issue(null), issue('crd_runner')]).toEqual([false, true]);
});

test('what the object noticed is an entry, and the next within the hour is none', () => {
  const world = worldOf();
  const ask = {
    type: 'note-limit',
    mark: { name: 'proposals_per_minute', used: 48, limit: 60 },
  } as const;
  const [draft, ...others] = noteLimit(world, ask, NOW).entries;
  expect(draft).toMatchObject({ type: 'limit.neared', subject: settingSubject('limits'), body: ask.mark });
  expect(others).toEqual([]);
  if (draft !== undefined) world.append(draft, NOW);
  expect(world.row('settings', 'limits')?.value).toEqual({ neared: { proposals_per_minute: NOW } });
  expect(noteLimit(world, ask, NOW + 1).entries).toEqual([]);
});
