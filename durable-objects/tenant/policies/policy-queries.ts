import type { PolicyDocument } from '@countersign/protocol/policy-document';
import { capabilitiesFrom, documentsInForce } from '../contracts/documents-in-force.ts';
import { type PolicyRow, policies } from '../governance-schema.ts';
import type { LookPlan } from '../queries/look.ts';
import type { RawRow, Statement } from '../storage/database.ts';
import { decodeRow, selectList } from '../storage/rows.ts';
import type { PolicySaved } from '../turn/body.ts';
import type { LookOf } from '../turn/command.ts';
import { answer, refuse } from '../turn/reply.ts';
import { capabilityShape } from './capability-shape.ts';
import { compilePolicy, policyInvalid } from './compile-policy.ts';

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
    statements: [onePolicy(tenant, name), inForce(tenant, name)],
    answer: ([rows = [], held = []]) => {
      const [[raw], [active]] = [rows, held];
      if (raw === undefined) return refuse('policy_not_found', `there is no policy ${name}`);
      const in_force = active === undefined ? null : documentIn(active);
      return answer({ ok: true, policy: { ...policyView(raw), in_force } });
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

export function onePolicy(tenant: string, name: string): Statement {
  return {
    sql:
      `SELECT ${selectList(policies, 'p')}, l.body AS body FROM policies p CROSS JOIN ledger l ` +
      'ON l.tenant = p.tenant AND l.seq = p.newest_seq WHERE p.tenant = ?1 AND p.name = ?2',
    params: [tenant, name],
  };
}

/** The document that holds, which may be older than the newest. */
function inForce(tenant: string, name: string): Statement {
  return {
    sql:
      'SELECT l.body AS body FROM policies p CROSS JOIN ledger l ON l.tenant = p.tenant AND l.seq = p.active_seq ' +
      'WHERE p.tenant = ?1 AND p.name = ?2',
    params: [tenant, name],
  };
}

export function documentIn(raw: RawRow): PolicyDocument {
  const { policy } = JSON.parse(String(raw.body)) as PolicySaved;
  return policy;
}

export function shapesFrom([rows = [], documents = []]: readonly (readonly RawRow[])[]) {
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
