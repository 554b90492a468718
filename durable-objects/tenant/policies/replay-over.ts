import { operationOf } from '@countersign/protocol/change-set/operation';
import { writtenRows } from '@countersign/protocol/change-set/written-rows';
import { documentsInForce } from '../contracts/documents-in-force.ts';
import type { LookPlan } from '../queries/look.ts';
import { decodeWhole, type Whole } from '../queries/proposal-view.ts';
import { proposals } from '../schema.ts';
import type { Database, RawRow, Statement } from '../storage/database.ts';
import { selectList } from '../storage/rows.ts';
import type { LookOf } from '../turn/command.ts';
import { answer, refuse } from '../turn/reply.ts';
import { compilePolicy, policyInvalid } from './compile-policy.ts';
import { documentIn, onePolicy, shapesFrom } from './policy-queries.ts';
import { type PastProposal, PolicyReplay } from './replay-policy.ts';

/** How many of the newest proposals a draft is tried on: a costly condition takes half a millisecond with each. */
const MOST_HISTORY = 10_000;
const PAGE = 200;
/** Judgements before others have their turn: some milliseconds, were the policy the costliest there is. */
const AT_ONCE = 20;

interface Access {
  readonly database: Database;
  /** Lets other work through. */
  rest(): Promise<void>;
}

/**
 * What the newest version of a policy would have done, alone, with the newest proposals; and who refused those.
 * Whoever writes a condition learns from its answer what it looked at, so this is for those who may see payloads.
 */
export function replayOver(
  tenant: string,
  { name }: LookOf<'replay-policy'>,
  { database, rest }: Access,
): LookPlan {
  return {
    statements: [onePolicy(tenant, name), ...documentsInForce(tenant)],
    answer: async ([rows = [], ...inForce], { may }) => {
      const [raw] = rows;
      if (raw === undefined) return refuse('policy_not_found', `there is no policy ${name}`);
      if (!may('read-payloads')) {
        return refuse('forbidden', 'a replay shows what payloads hold, which this caller may not see');
      }
      const compiled = compilePolicy(documentIn(raw), shapesFrom(inForce));
      if (!compiled.ok) return { ok: false, refusal: policyInvalid(compiled.issues) };
      const replay = new PolicyReplay(compiled.policy);
      const before = await beforeHistory(tenant, database);
      let looked_at = 0;
      for await (const past of historyAfter(tenant, before, database)) {
        replay.take(past);
        looked_at += 1;
        if (looked_at % AT_ONCE === 0) await rest();
      }
      return answer({ ok: true, name, looked_at, is_complete: before === 0, ...replay.replayed });
    },
  };
}

/** The sequence of the newest proposal that is too old to be looked at; 0 where there is none. */
async function beforeHistory(tenant: string, database: Database): Promise<number> {
  const sql = 'SELECT seq FROM proposals WHERE tenant = ?1 ORDER BY seq DESC LIMIT 1 OFFSET ?2';
  const [found] = await database.batch([{ sql, params: [tenant, MOST_HISTORY] }]);
  return Number(found?.rows[0]?.seq ?? 0);
}

async function* historyAfter(
  tenant: string,
  before: number,
  database: Database,
): AsyncGenerator<PastProposal> {
  let after = before;
  for (;;) {
    const [page] = await database.batch([pageAfter(tenant, after)]);
    const wholes = (page?.rows ?? []).map((raw: RawRow) => decodeWhole(raw));
    yield* wholes.flatMap(pastOf);
    const last = wholes.at(-1);
    if (last === undefined || wholes.length < PAGE) return;
    after = last.row.seq;
  }
}

function pageAfter(tenant: string, after: number): Statement {
  return {
    sql:
      `SELECT ${selectList(proposals, 'p')}, l.body AS body FROM proposals p CROSS JOIN ledger l ` +
      'ON l.tenant = p.tenant AND l.seq = p.body_seq WHERE p.tenant = ?1 AND p.seq > ?2 ORDER BY p.seq LIMIT ?3',
    params: [tenant, after, PAGE],
  };
}

/** One that nobody has seen the row of tells nothing of what a policy would have said. */
function pastOf({ row, body }: Whole): PastProposal[] {
  if (!('change_set' in body)) return [];
  const { change_set, contract, requested, reason } = body;
  const last = row.decisions.at(-1);
  const rows = writtenRows(change_set);
  const facts = rows.map(({ key, before, after, patch }) => ({
    capability: change_set.action,
    operation: operationOf(change_set),
    row_count: rows.length,
    args: requested?.args ?? {},
    before,
    after,
    patch,
    agent: { id: row.proposer_id, name: requested?.agent ?? row.proposer_id },
    principal: change_set.principal.id,
    tenant_id: change_set.scope.tenant_id,
    object_id: rows.length === 1 ? change_set.scope.object_id : String(key),
    source_id: row.source_id,
    contract:
      contract === null
        ? null
        : {
            name: contract.contract_id,
            version: change_set.contract?.version ?? '',
            digest: contract.digest,
          },
    rehearsal: { status: requested == null ? 'none' : 'done' },
    reason,
    now: row.created_at,
  }));
  return [{ proposal_id: row.proposal_id, facts, outcome: row.state, decided_by: last?.by ?? null }];
}
