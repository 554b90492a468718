import fc from 'fast-check';
import { expect } from 'vitest';
import { INVOICE, SOURCE } from '../support/change-set.ts';
import { must } from '../support/must.ts';
import { command, onProposal, runnerIds, tokenOf } from './command.ts';
import { LED, PAIR, PLAIN, SMALL } from './law.ts';
import { effectOf } from './proposal-commands.ts';
import { expectAnswer } from './real.ts';
import { picks } from './script-command.ts';

const fees = fc.constantFrom(100, 100, 500, 501);

export const request = fc
  .record({
    proposer: fc.constantFrom('agent', 'agent', 'otherAgent'),
    capability: fc.constantFrom(PLAIN, LED, PAIR, SMALL, SMALL),
    fee: fees,
    seconds: fc.constantFrom(60, 600, 6_000),
    key: fc.uuid(),
    isRepeated: fc.constantFrom(false, false, false, true),
  })
  .map(({ proposer, capability, fee, seconds, key, isRepeated }) =>
    command(`${proposer} asks for ${capability} (${fee}, ${seconds} s)`, async (belief, { tenant }) => {
      const made = belief.request(proposer, capability, fee, seconds * 1_000);
      const body = { capability, args: argsOf(fee), expires_in_seconds: seconds };
      const send = () =>
        tenant[proposer].post('/v1/proposals', body, { headers: { 'idempotency-key': key } });
      const first = await send();
      expectAnswer(first, { status: 201, code: undefined });
      made.id = String(first.body.proposal_id);
      if (isRepeated) expect((await send()).body).toEqual(first.body);
    }),
  );

function argsOf(fee: number) {
  return { invoice_id: INVOICE.id, late_fee_cents: fee };
}

export const revise = fc
  .record({
    pick: picks,
    who: fc.constantFrom('agent', 'agent', 'otherAgent'),
    fee: fc.option(fees, { nil: undefined, freq: 2 }),
  })
  .map(({ pick, who, fee }) =>
    onProposal(
      `${who} ${fee === undefined ? 'answers' : `revises to ${fee}`}`,
      pick,
      ({ state }) => state === 'changes_requested',
      async (one, belief, { tenant }) => {
        const body = fee === undefined ? { answer: 'because' } : { args: argsOf(fee) };
        const answer = await tenant[who].post(`/v1/proposals/${one.id}/revise`, body);
        expectAnswer(answer, belief.revise(one, who, fee));
      },
    ),
  );

export const inquire = fc
  .record({
    pick: picks,
    who: fc.constantFrom('ada', 'aron'),
    what: fc.constantFrom('look', 'look', 'right', 'right', 'other'),
  })
  .map(({ pick, who, what }) =>
    onProposal(
      `${who} ${what === 'look' ? 'asks for a look' : `sends back (${what} effect)`}`,
      pick,
      ({ state, asked }) => state === 'pending_review' && asked !== undefined,
      async (one, belief, { tenant }) => {
        if (what === 'look') {
          expectAnswer(await tenant[who].post(`/v1/proposals/${one.id}/look`), belief.askLook(one));
          return;
        }
        const body = { question: 'why?', ...(await effectOf(tenant[who], one, what)) };
        const answer = await tenant[who].post(`/v1/proposals/${one.id}/send-back`, body);
        expectAnswer(answer, belief.sendBack(one, what));
      },
    ),
  );

/** A runner takes rehearsals, and checks that exactly the right ones come, in the right order. */
export const takes = fc
  .record({ runner: runnerIds, limit: fc.constantFrom(1, 3, 10) })
  .map(({ runner, limit }) =>
    command(`${runner} takes ${limit} rehearsals`, async (belief, { tenant }) => {
      const asked = { source_id: SOURCE, runner_id: runner, limit };
      const answer = await tenant[tokenOf[runner]].post('/v1/rehearsals/claim', asked);
      if (belief.runners[runner].status === 'draining') {
        expectAnswer(answer, { status: 409, code: 'runner_draining' });
        return;
      }
      const given = Object(must(answer).body).rehearsals as { proposal_id: string; lease_id: string }[];
      const due = belief.takeLooks(limit);
      expect(given.map(({ proposal_id }) => proposal_id)).toEqual(due.map(({ id }) => id));
      for (const [place, one] of due.entries()) belief.leaseLook(one, String(given[place]?.lease_id), runner);
    }),
  );

/** Small picks are the newest. */
export const sights = fc
  .record({
    pick: fc.oneof(fc.constant(0), picks),
    isOther: fc.constantFrom(false, false, false, false, true),
    sight: fc.constantFrom(
      ...[{ version: 7 }, { version: 7 }, { version: 7 }, { version: 8 }],
      ...(['row_not_found', 'failed'] as const),
    ),
  })
  .map(({ pick, isOther, sight }) =>
    command(
      `${isOther ? 'another' : 'its'} runner saw ${JSON.stringify(sight)} ~${pick}`,
      async (belief, { tenant }) => {
        const looks = belief.looks.toReversed();
        const look = looks[pick % looks.length];
        if (look === undefined) return;
        const runner = isOther ? 'r3' : look.runner;
        const rehearsal_id = `rhj_${look.number}_${look.proposal.id}`;
        const before = { late_fee_cents: INVOICE.lateFee };
        const shown =
          typeof sight === 'object'
            ? {
                status: 'done',
                before,
                after: { late_fee_cents: look.proposal.asked?.fee ?? 0 },
                version: sight.version,
              }
            : { status: sight };
        const rehearsed_at = '2040-01-01T00:00:00.000Z';
        const body = { rehearsal_id, runner_id: runner, lease_id: look.id, ...shown, rehearsed_at };
        const answer = await tenant.runner.post(`/v1/rehearsals/${rehearsal_id}/result`, body);
        expectAnswer(answer, belief.reportLook(look, runner, sight));
      },
      ({ looks }) => looks.length > 0,
    ),
  );
