import { describe, expect, test } from 'vitest';
import type { Ask, Command } from './command.ts';
import { addLacks, lacksAny, needsOf, noNeeds } from './needs.ts';

const caller = { kind: 'agent', credentialId: 'crd_agent', digest: 'd' } as const;
const key = { key: 'k1', request: 'sha256:r' };
const command = (ask: Ask): Command => ({ caller, ask, key });

describe('what commands need', () => {
  test('is the union: everybody who asks, and what they ask about', () => {
    const person = { caller: { kind: 'person', person: 'iss ann' }, key: null } as const;
    const needs = needsOf([
      command({ type: 'request', request: { capability: 'a.b', args: {} } }),
      command({ type: 'request', request: { capability: 'c.d', args: {} } }),
      { ...person, ask: { type: 'send-back', proposalId: 'p1', question: 'why?', effectDigest: null } },
    ]);
    expect(needs.rows).toMatchObject({
      credentials: new Set(['crd_agent']),
      members: new Set(['iss ann']),
      capabilities: new Set(['a.b', 'c.d']),
    });
    expect(needs.rows.settings).toContain('policies');
    expect([needs.proposals, needs.keys]).toEqual([new Set(['p1']), new Set(['k1'])]);
  });

  test('of a rehearsal’s report is its proposal, with what was asked; of what is no rehearsal, nothing', () => {
    const report = (rehearsalId: string): Ask => ({
      type: 'report-rehearsal',
      rehearsalId,
      request: {
        rehearsal_id: rehearsalId,
        runner_id: 'run_a',
        lease_id: 'lse_1',
        status: 'failed',
        rehearsed_at: '2027-01-15T08:00:00Z',
      },
    });
    expect(needsOf([command(report('rhj_2_p1'))]).submissions).toEqual(new Set(['p1']));
    expect(needsOf([command(report('none'))]).submissions).toEqual(new Set());
  });

  test('of claims of rehearsals is so many of each source as all of them ask for', () => {
    const claim = (source_id: string, limit: number) =>
      command({
        type: 'claim-rehearsals',
        request: { source_id, runner_id: 'run_a', limit, wait_seconds: 0 },
        waiterId: null,
      });
    const needs = needsOf([claim('src_a', 2), claim('src_b', 1), claim('src_a', 3)]);
    expect([...needs.rehearsals]).toEqual([
      ['src_a', 5],
      ['src_b', 1],
    ]);
  });
});

test('what lacks is needed next time', () => {
  const lacks = noNeeds();
  expect(lacksAny(lacks)).toBe(false);
  lacks.rows.policies.add('small');
  lacks.bodies.add(7);
  lacks.roster = true;
  expect(lacksAny(lacks)).toBe(true);
  const needs = noNeeds();
  addLacks(needs, lacks);
  expect([needs.rows.policies, needs.bodies, needs.roster]).toEqual([new Set(['small']), new Set([7]), true]);
});
