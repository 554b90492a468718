import { shownStatus } from '../access/credential-state.ts';
import { askNames } from '../access/permissions.ts';
import type { LookPlan } from '../queries/look.ts';
import { credentials, type SourceRow, sources } from '../schema.ts';
import type { Statement } from '../storage/database.ts';
import { byKey } from '../storage/read.ts';
import { decodeRow, selectList } from '../storage/rows.ts';
import type { LookOf } from '../turn/command.ts';
import { answer, refuse } from '../turn/reply.ts';

/** Nothing is sold here: what existing clients ask of a plan has one answer. */
const entitlements = { plan: 'self_hosted', entitlement_status: 'active' } as const;

/** Who the caller is, as the tenant sees it now (PROTOCOL 2.3). */
export function readSession(tenant: string, { credentialId, session }: LookOf<'read-session'>): LookPlan {
  const ids = credentialId === null ? [] : [credentialId];
  return {
    statements: [byKey(credentials, 'credentials', 'credential_id', tenant, ids)],
    answer: ([rows = []], { identity, may, now }) => {
      const [raw] = rows;
      const row = raw === undefined ? undefined : decodeRow(credentials, raw);
      const { kind, actor, name } = identity;
      const common = { kind, actor: actor.id, name, project_id: tenant, may: askNames().filter(may) };
      if (identity.kind === 'person') {
        const { roles, approvalRoles: approval_roles } = identity;
        const expires_at = time(session?.expiresAt ?? null);
        return answer({ ok: true, context: { ...common, roles, approval_roles, expires_at } });
      }
      if (row === undefined) {
        return refuse('token_invalid', 'this token is not known here');
      }
      const own = {
        ...common,
        status: shownStatus(row, now),
        expires_at: time(row.expires_at),
        scopes: row.permissions,
        source_ids: row.sources,
      };
      if (kind !== 'service') return answer({ ok: true, context: own });
      return answer({ ok: true, context: { ...own, key_id: row.credential_id, entitlements } });
    },
  };
}

export function readEntitlements(tenant: string): LookPlan {
  return {
    statements: [],
    answer: () =>
      answer({
        ok: true,
        project_id: tenant,
        ...entitlements,
        billing_status: 'none',
        grace_deadline: null,
        blocked_reason: null,
        entitlements,
        billing: { status: 'none' },
      }),
  };
}

export function readStatus(tenant: string): LookPlan {
  return {
    statements: [],
    answer: (_results, { now }) =>
      answer({ ok: true, status: 'ok', project_id: tenant, server_time: time(now) }),
  };
}

/**
 * The project that was named, alone or as the only one of a list: the plane does not know the others of a person. What
 * existing tools call an account, a workspace, is the project: nothing here stands above it.
 */
export function readProject(tenant: string, { as }: LookOf<'read-project'>): LookPlan {
  return {
    statements: [firstEntry(tenant)],
    answer: ([rows = []]) => {
      const [first] = rows;
      const { label = tenant, region = null } = first === undefined ? {} : JSON.parse(String(first.body));
      const created_at = first === undefined ? null : time(Number(first.at));
      const project = {
        project_id: tenant,
        name: label,
        plan: 'self_hosted',
        status: 'active',
        region,
        created_at,
      };
      if (as === 'project') return answer({ ok: true, project });
      const { name, status } = project;
      const page = { ok: true, next_cursor: null } as const;
      return answer(
        as === 'projects'
          ? { ...page, projects: [project] }
          : { ...page, accounts: [{ account_id: tenant, name, status }] },
      );
    },
  };
}

/** A tenant's first entry says what it is. */
function firstEntry(tenant: string): Statement {
  const sql =
    "SELECT l.at AS at, l.body AS body FROM ledger l WHERE l.tenant = ?1 AND l.seq = 1 AND l.type = 'tenant.created'";
  return { sql, params: [tenant] };
}

export function listSources(tenant: string, { limit, cursor }: LookOf<'list-sources'>): LookPlan {
  const sql = `SELECT ${selectList(sources, 's')} FROM sources s WHERE s.tenant = ?1 AND s.source_id > ?2 ORDER BY s.source_id LIMIT ?3`;
  return {
    statements: [{ sql, params: [tenant, cursor ?? '', limit] }],
    answer: ([rows = []]) => {
      const found = rows.map((raw) => decodeRow(sources, raw));
      const next_cursor = found.length < limit ? null : (found.at(-1)?.source_id ?? null);
      return answer({ ok: true, sources: found.map(sourceView), next_cursor });
    },
  };
}

export function readSource(tenant: string, { sourceId }: LookOf<'read-source'>): LookPlan {
  return {
    statements: [byKey(sources, 'sources', 'source_id', tenant, [sourceId])],
    answer: ([rows = []]) => {
      const [raw] = rows;
      if (raw === undefined) return refuse('source_not_found', 'there is no such source');
      return answer({ ok: true, source: sourceView(decodeRow(sources, raw)) });
    },
  };
}

function sourceView({ source_id, name, engine }: SourceRow) {
  return { source_id, name, kind: `external_${engine}`, engine, status: 'active' };
}

function time(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString();
}
