import type { ProposalState } from '@countersign/protocol/proposal-requests';
import { coversSource } from '../access/authorize.ts';
import type { Identity } from '../access/identity.ts';
import { covers, freezeSetting, isInForce } from '../freezes/freeze.ts';
import { settings } from '../governance-schema.ts';
import type { RawRow, Statement } from '../storage/database.ts';
import { byKey } from '../storage/read.ts';
import { proposalsByIds, SEQUENCES, sequenceParameters } from '../storage/read-proposals.ts';
import { decodeRow } from '../storage/rows.ts';
import type { RehearsalReported } from '../turn/body.ts';
import type { LookOf } from '../turn/command.ts';
import { answer, refuse } from '../turn/reply.ts';
import type { LookPlan } from './look.ts';
import { proposalOutline } from './proposal-outline.ts';
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
    statements: [
      proposalsByIds(tenant, [proposalId], true),
      rehearsalOf(tenant, proposalId),
      byKey(settings, 'settings', 'name', tenant, ['freezes']),
    ],
    answer: ([rows, reports, set], { identity, may, now }) => {
      const whole = wholeOf(rows, proposalId);
      if (whole === undefined || !maySee(whole, identity)) return unknown(proposalId);
      if (!may('read-payloads')) return answer({ ok: true, ...proposalOutline(tenant, whole) });
      const body = reports?.[0]?.body;
      const seen = body === undefined ? null : (JSON.parse(String(body)) as RehearsalReported);
      const freezeId = freezeOfSource(set?.[0], whole.row.source_id, now);
      return answer({ ok: true, ...proposalView(tenant, whole, { seen, freezeId }) });
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
      const { row, body } = whole;
      const last = row.decisions.at(-1);
      return answer({
        ok: true,
        proposal_id: row.proposal_id,
        status: publicState(row.state),
        terminal: isTerminal(row),
        source_id: row.source_id,
        contract_id: body.contract?.contract_id ?? null,
        contract_version_id: body.contract?.contract_version_id ?? null,
        contract_digest: body.contract?.digest ?? null,
        decision:
          last === undefined ? null : { status: last.verdict, actor: last.name, decided_at: time(last.at) },
        job: jobView(row),
        result: resultView(row),
        updated_at: time(isTerminal(row) ? row.updated_at : now),
      });
    },
  };
}

/** Our own states as the nearest ones that existing clients know (PROTOCOL 4.1). */
export function publicState(state: ProposalState): string {
  if (state === 'expired') return 'canceled';
  return state === 'rehearsing' || state === 'changes_requested' ? 'pending_review' : state;
}

function freezeOfSource(raw: RawRow | undefined, source: string, now: number): string | null {
  const { freezes } = freezeSetting(raw === undefined ? undefined : decodeRow(settings, raw));
  return freezes.find((one) => isInForce(one, now) && covers(one.scope, { source }))?.freeze_id ?? null;
}

/** What the newest rehearsal of a proposal showed. */
function rehearsalOf(tenant: string, proposalId: string): Statement {
  return {
    sql:
      `SELECT l.body AS body FROM ${SEQUENCES} s CROSS JOIN proposals p ON p.tenant = ?1 AND p.seq = s.seq ` +
      "CROSS JOIN ledger l ON l.tenant = ?1 AND l.seq = p.rehearsal ->> '$.seq'",
    params: sequenceParameters(tenant, [proposalId]),
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
