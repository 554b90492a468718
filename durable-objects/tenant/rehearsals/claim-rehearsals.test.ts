import { describe, expect, test } from 'vitest';
import type { ProposalRow } from '../schema.ts';
import { contractOf, inForce, rehearsalState, rehearsingRow, requestOf } from '../test-contract.ts';
import { appendAll, gist, machine, NOW, proposalRow, runnerRow, SOURCE, worldOf } from '../test-support.ts';
import { claimRehearsals } from './claim-rehearsals.ts';

const runner = machine('runner');
const asked = (seq: number, until: number) =>
  rehearsingRow({
    seq,
    rehearsal: rehearsalState({ status: 'asked', until, lease_id: null, runner_id: null }),
  });

function claimed(proposals: ProposalRow[], changes = {}, known = runnerRow()) {
  const law = inForce(contractOf(), { runners: [known] });
  const bodies = proposals.map((row) => ({ seq: row.body_seq, body: requestOf(row) }));
  const queued = proposals.map(({ seq }) => seq);
  const world = worldOf({ keyed: law.keyed, bodies: [...law.bodies, ...bodies], proposals, queued });
  const request = { source_id: SOURCE, runner_id: 'run_a', limit: 2, wait_seconds: 0, ...changes };
  const outcome = claimRehearsals(world, { type: 'claim-rehearsals', request, waiterId: null }, runner, NOW);
  appendAll(world, outcome);
  return { ...gist(outcome), rehearsed: outcome.rehearsed, world };
}

describe('a claim of rehearsals', () => {
  test('takes what runs out first, up to its limit', () => {
    const rows = [asked(11, NOW + 9_000), asked(12, NOW + 3_000), asked(13, NOW + 5_000)];
    expect(claimed(rows)).toMatchObject({
      entries: ['rehearsal.leased', 'rehearsal.leased'],
      rehearsed: [12, 13],
    });
  });

  test('gives each its own lease, which runs out with the rehearsal', () => {
    const { world } = claimed([asked(11, NOW + 9_000), asked(12, NOW + 9_000)]);
    const [one, two] = [world.proposalAt(11), world.proposalAt(12)];
    expect(one).toMatchObject({
      lane: 'lease',
      rank: NOW + 9_000,
      rehearsal: { status: 'leased', runner_id: 'run_a' },
    });
    expect(one?.rehearsal?.lease_id).not.toBe(two?.rehearsal?.lease_id);
    // A rehearsal is no attempt at the job.
    expect(one).toMatchObject({ attempt: 0, job_state: null, lease_id: null });
  });

  test.each<[string, ProposalRow[]]>([
    ['is too late for', [asked(11, NOW)]],
    [
      'has no business with, being of another source',
      [{ ...asked(11, NOW + 9_000), lane: 'rehearse/src_b' }],
    ],
    ['could not rehearse, being in review', [proposalRow()]],
  ])('takes nothing that it %s', (_name, rows) => {
    expect(claimed(rows)).toMatchObject({ answer: 'ok', entries: [], rehearsed: undefined });
  });

  test('of a source that the token does not cover is refused', () => {
    expect(claimed([], { source_id: 'src_other' }).answer).toBe('source_not_permitted');
  });

  test('of a runner that drains is refused, unless it drains for other sources', () => {
    const rows = [asked(11, NOW + 9_000)];
    expect(claimed(rows, {}, runnerRow({ status: 'draining' })).answer).toBe('runner_draining');
    const elsewhere = runnerRow({ status: 'draining', sources: ['src_other'] });
    expect(claimed(rows, {}, elsewhere).answer).toBe('ok');
  });
});
