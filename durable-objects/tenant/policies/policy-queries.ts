import type { PolicyDocument } from '@countersign/protocol/policy-document';
import { capabilitiesFrom, documentsInForce } from '../contracts/documents-in-force.ts';
import { type PolicyRow, policies } from '../governance-schema.ts';
import type { LookPlan } from '../queries/look.ts';
import { decodeWhole, type Whole } from '../queries/proposal-view.ts';
import { proposals } from '../schema.ts';
import type { RawRow, Statement } from '../storage/database.ts';
import { decodeRow, selectList } from '../storage/rows.ts';
import type { PolicySaved } from '../turn/body.ts';
import type { LookOf } from '../turn/command.ts';
import { answer, refuse } from '../turn/reply.ts';
import { capabilityShape } from './capability-shape.ts';
import { compilePolicy, policyInvalid } from './compile-policy.ts';
import { type PastProposal, replayPolicy } from './replay-policy.ts';

/** How many of the newest proposals a draft is tried on; a costly condition takes its time with each. */
const MOST_HISTORY = 250;
/** A list is no longer than this; any policy can be read by its name. */
const MOST_LISTED = 200;

/** Policies, by name, each with its newest document. */
export function listPolicies(tenant: string): LookPlan {
  const sql =
    `SELECT ${selectList(policies, 'p')}, l.body AS body FROM policies p CROSS JOIN ledger l ` +
    'ON l.tenant = p.tenant AND l.seq = p.newest_seq WHERE p.tenant = ?1 ORDER BY p.name LIMIT ?2';
  return {
    statements: [{ sql, params: [tenant, MOST_LISTED + 1] }],
    answer: ([rows = []]) => {
      const list = rows.slice(0, MOST_LISTED).map(policyView);
      return answer({ ok: true, policies: list, is_complete: rows.length <= MOST_LISTED });
    },
  };
}

export function readPolicy(tenant: string, { name }: LookOf<'read-policy'>): LookPlan {
  return {
    statements: [onePolicy(tenant, name)],
    answer: ([rows = []]) => {
      const [raw] = rows;
      if (raw === undefined) return refuse('policy_not_found', `there is no policy ${name}`);
      return answer({ ok: true, policy: policyView(raw) });
    },
  };
}

/**
 * What the newest version of a policy would have done, alone, with the newest proposals; and who refused those.
 * Whoever writes a condition learns from its answer what it looked at, so this is for those who may see payloads.
 */
export function replayOver(tenant: string, { name }: LookOf<'replay-policy'>): LookPlan {
  const history =
    `SELECT ${selectList(proposals, 'p')}, l.body AS body FROM proposals p CROSS JOIN ledger l ` +
    'ON l.tenant = p.tenant AND l.seq = p.body_seq WHERE p.tenant = ?1 ORDER BY p.seq DESC LIMIT ?2';
  return {
    statements: [
      onePolicy(tenant, name),
      { sql: history, params: [tenant, MOST_HISTORY] },
      ...documentsInForce(tenant),
    ],
    answer: ([rows = [], past = [], ...inForce], { may }) => {
      const [raw] = rows;
      if (raw === undefined) return refuse('policy_not_found', `there is no policy ${name}`);
      if (!may('read-payloads')) {
        return refuse('forbidden', 'a replay shows what payloads hold, which this caller may not see');
      }
      const document = documentIn(raw);
      const compiled = compilePolicy(document, shapesFrom(inForce));
      if (!compiled.ok) return { ok: false, refusal: policyInvalid(compiled.issues) };
      const items = past.map(decodeWhole).flatMap(pastOf);
      const replayed = replayPolicy(compiled.policy, items);
      return answer({ ok: true, name, looked_at: items.length, ...replayed });
    },
  };
}

/** Whether a policy that is not saved would be taken: compiled against what is in force, its own tests run. */
export function testPolicy(tenant: string, { document }: LookOf<'test-policy'>): LookPlan {
  return {
    statements: documentsInForce(tenant),
    answer: (inForce) => {
      const compiled = compilePolicy(document, shapesFrom(inForce));
      if (!compiled.ok) return { ok: false, refusal: policyInvalid(compiled.issues) };
      return answer({ ok: true, name: document.name, tests_passed: document.tests.length });
    },
  };
}

function onePolicy(tenant: string, name: string): Statement {
  return {
    sql:
      `SELECT ${selectList(policies, 'p')}, l.body AS body FROM policies p CROSS JOIN ledger l ` +
      'ON l.tenant = p.tenant AND l.seq = p.newest_seq WHERE p.tenant = ?1 AND p.name = ?2',
    params: [tenant, name],
  };
}

function documentIn(raw: RawRow): PolicyDocument {
  const { policy } = JSON.parse(String(raw.body)) as PolicySaved;
  return policy;
}

function shapesFrom([rows = [], documents = []]: readonly (readonly RawRow[])[]) {
  return capabilitiesFrom(rows, documents).map(({ capability }) => capabilityShape(capability));
}

function policyView(raw: RawRow) {
  const row: PolicyRow = decodeRow(policies, raw);
  return {
    name: row.name,
    status: row.status,
    version: row.version,
    digest: row.newest_digest,
    active_digest: row.active_digest,
    policy: documentIn(raw),
    created_at: new Date(row.created_at).toISOString(),
    updated_at: new Date(row.updated_at).toISOString(),
  };
}

/** One that nobody has seen the row of tells nothing of what a policy would have said. */
function pastOf({ row, body }: Whole): PastProposal[] {
  if (!('change_set' in body)) return [];
  const { change_set, contract, requested, reason } = body;
  const last = row.decisions.at(-1);
  const facts = {
    capability: change_set.action,
    args: requested?.args ?? {},
    before: change_set.before,
    after: change_set.after,
    patch: change_set.patch,
    agent: { id: row.proposer_id, name: requested?.agent ?? row.proposer_id },
    principal: change_set.principal.id,
    tenant_id: change_set.scope.tenant_id,
    object_id: change_set.scope.object_id,
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
  };
  return [{ proposal_id: row.proposal_id, facts, outcome: row.state, decided_by: last?.by ?? null }];
}
