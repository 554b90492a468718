import { type DoctorFinding, finding } from './doctor-report.ts';
import type { Refusal } from './problem.ts';

/** How the schema of a database stands to what this build was made for. */
export type SchemaState =
  | { readonly kind: 'current' }
  | { readonly kind: 'behind'; readonly missing: readonly string[] }
  | { readonly kind: 'ahead'; readonly unknown: readonly string[] }
  /** Nobody noted which migrations it has had, so nothing can be said. */
  | { readonly kind: 'unrecorded' };

/** By the names of the migrations that were applied, in any order. */
export function schemaState(applied: readonly string[], known: readonly string[]): SchemaState {
  if (applied.length === 0) return { kind: 'unrecorded' };
  const unknown = applied.filter((name) => !known.includes(name));
  if (unknown.length > 0) return { kind: 'ahead', unknown };
  const missing = known.filter((name) => !applied.includes(name));
  return missing.length > 0 ? { kind: 'behind', missing } : { kind: 'current' };
}

/** By the newest alone, which costs one row: they are applied in their order. */
export function schemaStateAt(newest: string | undefined, known: readonly string[]): SchemaState {
  if (newest === undefined) return { kind: 'unrecorded' };
  const at = known.indexOf(newest);
  return schemaState(at < 0 ? [newest] : known.slice(0, at + 1), known);
}

/** What gets a schema and a build together again. */
export function schemaFix({ kind }: SchemaState): string {
  return kind === 'ahead'
    ? 'wrangler deploy, from the version that the schema is of'
    : 'wrangler d1 migrations apply countersign --remote; a plane of countersign serve does it when it starts';
}

/** Why nothing may be written on this schema; undefined where it may. */
export function refusalOfSchema(state: SchemaState): Refusal | undefined {
  if (state.kind === 'current' || state.kind === 'unrecorded') return undefined;
  const what =
    state.kind === 'ahead'
      ? 'the database has had migrations that this build does not know'
      : 'the database has not had all migrations of this build';
  return {
    code: 'schema_mismatch',
    message: `${what}, so nothing is written; what can be read is`,
    next: schemaFix(state),
  };
}

/** How a database's schema is, as a doctor says it. */
export function schemaFinding(where: string, state: SchemaState): DoctorFinding {
  switch (state.kind) {
    case 'current':
      return finding('migrations_current', where, 'its schema is that of this build');
    case 'behind': {
      const message = `it lacks ${state.missing.join(', ')}`;
      return finding('migrations_missing', where, message, schemaFix(state));
    }
    case 'ahead': {
      const message = `it has had ${state.unknown.join(', ')}, which this build does not know`;
      return finding('schema_newer', where, message, schemaFix(state));
    }
    case 'unrecorded': {
      const fix = 'apply migrations by wrangler d1 migrations apply, which notes them';
      return finding('migrations_unrecorded', where, 'nobody noted which migrations it has had', fix);
    }
  }
}
