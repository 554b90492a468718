import { type CredentialKind, type TokenMark, tokenKinds } from '@countersign/protocol/token';
import { shownStatus } from '../access/credential-state.ts';
import type { CredentialRow } from '../schema.ts';

/** What a credential's own page says; never its digest. */
export type Shown = Omit<CredentialRow, 'digest' | 'tip_seq' | 'tip_hash'>;

/** A credential as the API shows it, in the words of its kind (PROTOCOL 2.3). */
export function credentialView(row: Shown, now: number): Readonly<Record<string, unknown>> {
  const common = {
    project_id: row.tenant,
    name: row.name,
    token_prefix: prefixOf(row.kind),
    status: shownStatus(row, now),
    created_at: time(row.created_at),
    expires_at: time(row.expires_at),
    last_used_at: time(row.last_used_at),
  };
  const {
    credential_id: id,
    sources: source_ids,
    permissions,
    bindings,
    capabilities,
    handlers,
    targets,
  } = row;
  switch (row.kind) {
    case 'runner':
      return { token_id: id, ...common, source_ids, targets, handlers, permissions };
    case 'service':
      return { key_id: id, ...common, source_ids, scopes: permissions, role: roleOf(permissions) };
    case 'agent':
      return { agent_id: id, ...common, source_ids, permissions, bindings, capabilities };
  }
}

/** The names under which answers hold a credential of a kind, and lists hold several. */
export const shownAs = {
  runner: { one: 'token', many: 'runner_tokens' },
  service: { one: 'api_key', many: 'api_keys' },
  agent: { one: 'agent', many: 'agents' },
} as const;

/** What existing clients say in one word. */
export function roleOf(scopes: readonly string[]): 'developer' | 'readonly' {
  return scopes.some((scope) => /:(write|activate|manage)$/.test(scope)) ? 'developer' : 'readonly';
}

function prefixOf(kind: CredentialKind): string {
  const marks = Object.keys(tokenKinds) as TokenMark[];
  return `syn_${marks.find((mark) => tokenKinds[mark] === kind)}_`;
}

function time(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString();
}
