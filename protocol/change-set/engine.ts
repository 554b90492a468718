export type Engine = 'postgres' | 'mysql';

export type SourceKind = 'external_postgres' | 'external_mysql' | 'synapsor_table';

/** The engine that a change set is for; undefined for a kind that no runner of ours writes to. */
export function engineOf(kind: SourceKind): Engine | undefined {
  if (kind === 'external_postgres') return 'postgres';
  return kind === 'external_mysql' ? 'mysql' : undefined;
}
