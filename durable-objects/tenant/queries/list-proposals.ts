import type { ListProposalsQuery } from '@countersign/protocol/proposal-requests';
import type { Identity } from '../access/identity.ts';
import { queueLane } from '../proposals/lane.ts';
import { proposals } from '../schema.ts';
import type { Parameter, Statement } from '../storage/database.ts';
import { selectList } from '../storage/rows.ts';
import { type Answer, answer } from '../turn/reply.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
import type { LookPlan } from './look.ts';
import { pendingProposals } from './pending-proposals.ts';
import { proposalOutline } from './proposal-outline.ts';
import {
  decodeWhole,
  isMutated,
  isTerminal,
  jobView,
  proposalView,
  time,
  type Whole,
} from './proposal-view.ts';
import { publicState } from './read-proposal.ts';

/**
 * Proposals, newest first; those of one lane (pending, leased, dead, queued of a source) in the lane's own order,
 * which is what runs out first. `limit` rows are looked at from the cursor on, so a page of a filtered list may
 * be short while `next_cursor` says that there is more.
 */
export function listProposals(tenant: string, query: ListProposalsQuery): LookPlan {
  return pagePlan(tenant, query, 'proposals', (whole, isWhole) =>
    isWhole ? proposalView(tenant, whole) : proposalOutline(tenant, whole),
  );
}

/** The list as existing tools read it (PROTOCOL 6.2, step 14). */
export function listWritebacks(tenant: string, query: ListProposalsQuery): LookPlan {
  return pagePlan(tenant, query, 'proposals', writebackView);
}

/** `isWhole`: the caller may see payloads. */
type View = (whole: Whole, isWhole: boolean) => { readonly [key: string]: unknown };

function pagePlan(tenant: string, query: ListProposalsQuery, key: string, view: View): LookPlan {
  const lane = laneFor(query);
  const statement = lane === undefined ? byAge(tenant, query) : inOrder(tenant, lane, query);
  return {
    statements: [statement],
    answer: ([rows = []], { identity, may }) => {
      const found = rows.map(decodeWhole);
      const isWhole = may('read-payloads');
      const shown = found
        .filter((whole) => isWanted(whole, query, identity))
        .map((whole) => view(whole, isWhole));
      const body: Answer = {
        ok: true,
        [key]: shown,
        next_cursor: nextCursor(found, query.limit, lane),
      };
      return answer(body);
    },
  };
}

const laneOfJob: Partial<Record<NonNullable<ListProposalsQuery['job_status']>, string>> = {
  leased: 'lease',
  dead_letter: 'dead',
};

const REVIEW = 'review';

function laneFor({ status, job_status, source_id }: ListProposalsQuery): string | undefined {
  if (status === 'pending_review') return REVIEW;
  if (job_status === 'queued' && source_id !== undefined) return queueLane(source_id);
  return job_status === undefined ? undefined : laneOfJob[job_status];
}

const FROM =
  `SELECT ${selectList(proposals, 'p')}, l.body AS body FROM proposals p ` +
  'CROSS JOIN ledger l ON l.tenant = p.tenant AND l.seq = p.body_seq WHERE p.tenant = ?1';

function byAge(
  tenant: string,
  { limit, cursor, status, job_status, source_id }: ListProposalsQuery,
): Statement {
  const [before = Number.MAX_SAFE_INTEGER] = decodeCursor(cursor, 1) ?? [];
  const filters: string[] = [];
  const params: Parameter[] = [tenant, before, limit];
  for (const [column, value] of [
    ['state', status],
    ['job_state', job_status],
    ['source_id', source_id],
  ] as const) {
    if (value === undefined) continue;
    params.push(value);
    filters.push(` AND p.${column} = ?${params.length}`);
  }
  return { sql: `${FROM} AND p.seq < ?2${filters.join('')} ORDER BY p.seq DESC LIMIT ?3`, params };
}

/** In the order of a lane: the pending ones, of which some may be looked at again, or what lies in one. */
function inOrder(tenant: string, lane: string, query: ListProposalsQuery): Statement {
  if (lane !== REVIEW) return byLane(tenant, lane, query);
  const [expiresAt = -1, seq = -1] = decodeCursor(query.cursor, 2) ?? [];
  return pendingProposals(tenant, { expiresAt, seq }, query.limit);
}

function byLane(tenant: string, lane: string, { limit, cursor }: ListProposalsQuery): Statement {
  const [rank = -1, seq = -1] = decodeCursor(cursor, 2) ?? [];
  const sql = `${FROM} AND p.lane = ?2 AND (p.rank, p.seq) > (?3, ?4) ORDER BY p.rank, p.seq LIMIT ?5`;
  return { sql, params: [tenant, lane, rank, seq, limit] };
}

function isWanted({ row }: Whole, query: ListProposalsQuery, identity: Identity): boolean {
  const isOwn =
    identity.kind !== 'agent' || (row.proposer_kind === 'agent' && row.proposer_id === identity.actor.id);
  return (
    isOwn &&
    (query.source_id === undefined || row.source_id === query.source_id) &&
    (query.status === undefined || row.state === query.status) &&
    (query.job_status === undefined || row.job_state === query.job_status)
  );
}

function nextCursor(found: readonly Whole[], limit: number, lane: string | undefined): string | null {
  const last = found.at(-1)?.row;
  if (last === undefined || found.length < limit) return null;
  if (lane === undefined) return encodeCursor(last.seq);
  return encodeCursor(lane === REVIEW ? last.expires_at : (last.rank ?? 0), last.seq);
}

/** One that nobody has seen the row of has no change set yet: the members are there, and empty. */
function writebackView({ row, body }: Whole) {
  const change_set = 'change_set' in body ? body.change_set : null;
  const guard = change_set?.guards.expected_version;
  const { contract } = body;
  const job = jobView(row);
  return {
    proposal_id: row.proposal_id,
    status: publicState(row.state),
    terminal: isTerminal(row),
    source_id: row.source_id,
    action: 'change_set' in body ? body.change_set.action : body.capability,
    contract_id: contract?.contract_id ?? null,
    contract_version_id: contract?.contract_version_id ?? null,
    contract_digest: contract?.digest ?? null,
    target: change_set?.source ?? null,
    before: change_set?.before ?? {},
    patch: change_set?.patch ?? {},
    after: change_set?.after ?? {},
    allowed_columns: change_set?.guards.allowed_columns ?? [],
    conflict: guard === undefined ? {} : { kind: 'version_column', ...guard },
    evidence_metadata: ('evidence_metadata' in body ? body.evidence_metadata : null) ?? {
      payload_uploaded: false,
    },
    query_audit: ('query_audit' in body ? body.query_audit : null) ?? { payload_uploaded: false },
    source_database_mutated: isMutated(row),
    writeback_job_id: job?.job_id ?? null,
    job,
    effect_digest: row.effect_digest,
    created_at: time(row.created_at),
    updated_at: time(row.updated_at),
  };
}
