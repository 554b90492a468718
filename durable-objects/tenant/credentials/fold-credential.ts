import type { Placed } from '../turn/event.ts';
import type { Put, RowReader } from '../turn/keyed-tables.ts';
import { foldServiceNames } from './fold-service-names.ts';

/** A credential's row after an entry about it. When it was used last is outside the fold. */
export function foldCredential(tenant: string, rows: RowReader, entry: Placed): readonly Put[] {
  const tip = { tip_seq: entry.seq, tip_hash: entry.hash };
  if (entry.type === 'credential.issued') {
    const { credential_id, kind, name, digest, sources, permissions, expires_at, bindings, capabilities } =
      entry.body;
    const row = {
      tenant,
      credential_id,
      kind,
      name,
      digest,
      sources: [...sources],
      permissions: [...permissions],
      status: 'active' as const,
      expires_at,
      bindings: { ...bindings },
      capabilities: capabilities == null ? null : [...capabilities],
      targets: [...(entry.body.targets ?? [])],
      handlers: [...(entry.body.handlers ?? [])],
      created_at: entry.at,
      issued_by: `${entry.actor.kind}:${entry.actor.id}`,
      last_used_at: null,
      ...tip,
    };
    return [{ name: 'credentials', row }, ...foldServiceNames(tenant, rows, entry)];
  }
  if (entry.type !== 'credential.retiring' && entry.type !== 'credential.revoked') return [];
  const before = rows.row('credentials', entry.body.credential_id);
  if (before === undefined) return [];
  const change =
    entry.type === 'credential.revoked'
      ? { status: 'revoked' as const }
      : { status: 'retiring' as const, expires_at: entry.body.expires_at };
  return [
    { name: 'credentials', row: { ...before, ...change, ...tip } },
    ...foldServiceNames(tenant, rows, entry),
  ];
}
