import { coversSource } from '../access/authorize.ts';
import type { Identity } from '../access/identity.ts';
import { proposalsByIds } from '../storage/read.ts';
import type { LookOf } from '../turn/command.ts';
import { answer, refuse } from '../turn/reply.ts';
import type { LookPlan } from './look.ts';
import {
  decodeWhole,
  isTerminal,
  jobView,
  proposalView,
  resultView,
  time,
  type Whole,
} from './proposal-view.ts';

/** One proposal, whole. An agent sees its own; another's is as if it did not exist. */
export function readProposal(tenant: string, { proposalId }: LookOf<'read-proposal'>): LookPlan {
  return {
    statements: [proposalsByIds(tenant, [proposalId], true)],
    answer: ([rows], { identity }) => {
      const whole = wholeOf(rows, proposalId);
      if (whole === undefined || !maySee(whole, identity)) return unknown(proposalId);
      return answer({ ok: true, ...proposalView(tenant, whole) });
    },
  };
}

/**
 * How existing runners follow a proposal (PROTOCOL 2.2). While it is open, `updated_at` differs every time: their
 * mirror stops for good on a repeated one (PROTOCOL 4.7).
 */
export function readRunnerProposal(tenant: string, { proposalId }: LookOf<'read-runner-proposal'>): LookPlan {
  return {
    statements: [proposalsByIds(tenant, [proposalId], true)],
    answer: ([rows], { identity, now }) => {
      const whole = wholeOf(rows, proposalId);
      if (whole === undefined || !coversSource(identity, whole.row.source_id)) return unknown(proposalId);
      const { row, submission } = whole;
      const last = row.decisions.at(-1);
      return answer({
        ok: true,
        proposal_id: row.proposal_id,
        status: row.state === 'expired' ? 'canceled' : row.state,
        terminal: isTerminal(row),
        source_id: row.source_id,
        contract_id: submission.contract?.contract_id ?? null,
        contract_version_id: submission.contract?.contract_version_id ?? null,
        contract_digest: submission.contract?.digest ?? null,
        decision:
          last === undefined ? null : { status: last.verdict, actor: last.name, decided_at: time(last.at) },
        job: jobView(row),
        result: resultView(row),
        updated_at: time(isTerminal(row) ? row.updated_at : now),
      });
    },
  };
}

function wholeOf(rows: Parameters<LookPlan['answer']>[0][number] | undefined, id: string): Whole | undefined {
  const whole = rows?.[0] === undefined ? undefined : decodeWhole(rows[0]);
  return whole?.row.proposal_id === id ? whole : undefined;
}

export function maySee({ row }: Whole, identity: Identity): boolean {
  return (
    identity.kind !== 'agent' || (row.proposer_kind === 'agent' && row.proposer_id === identity.actor.id)
  );
}

function unknown(id: string) {
  return refuse('proposal_not_found', `there is no proposal ${id}`);
}
