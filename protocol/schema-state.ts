import { type DoctorFinding, finding } from './doctor-report.ts';
import type { Refusal } from './problem.ts';
import { releaseOfMigration, releaseOfSchema } from './schema-release.ts';

/** How the schema of a database stands to what this build was made for. */
export type SchemaState =
  | { readonly kind: 'current' }
  | { readonly kind: 'behind'; readonly missing: readonly string[] }
  /** Migrations of the next release, which by law this build works with: so a roll-back is one deploy. */
  | { readonly kind: 'next'; readonly unknown: readonly string[] }
  | { readonly kind: 'ahead'; readonly unknown: readonly string[] }
  /** Nobody noted which migrations it has had, so nothing can be said. */
  | { readonly kind: 'unrecorded' };

/** By the names of the migrations that were applied, in any order. */
export function schemaState(applied: readonly string[], known: readonly string[]): SchemaState {
  if (applied.length === 0) return { kind: 'unrecorded' };
  const unknown = applied.filter((name) => !known.includes(name));
  const next = releaseOfSchema(known) + 1;
  if (unknown.some((name) => releaseOfMigration(name) !== next)) return { kind: 'ahead', unknown };
  const missing = known.filter((name) => !applied.includes(name));
  if (missing.length > 0) return { kind: 'behind', missing };
  return unknown.length > 0 ? { kind: 'next', unknown } : { kind: 'current' };
}

/** By the newest alone, which costs one row: they are applied in their order. */
export function schemaStateAt(newest: string | undefined, known: readonly string[]): SchemaState {
  if (newest === undefined) return { kind: 'unrecorded' };
  const at = known.indexOf(newest);
  return schemaState(at < 0 ? [...known, newest] : known.slice(0, at + 1), known);
}

/** What gets a schema and a build together again. */
export function schemaFix({ kind }: SchemaState): string {
  switch (kind) {
    case 'ahead':
      return 'wrangler deploy, from the version that the schema is of or the one before it';
    case 'next':
      return 'wrangler deploy, from the next release, once what led back is mended';
    default:
      return 'wrangler d1 migrations apply countersign --remote; a plane of countersign serve does it when it starts';
  }
}

/** Why nothing may be written on this schema; undefined where it may. */
export function refusalOfSchema(state: SchemaState): Refusal | undefined {
  if (state.kind !== 'ahead' && state.kind !== 'behind') return undefined;
  const what =
    state.kind === 'ahead'
      ? 'the database has had migrations that this build does not know and is not the one before'
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
    case 'next': {
      const message = `it has had ${state.unknown.join(', ')}, of the next release, with which this build works too`;
      return finding('schema_of_next_release', where, message, schemaFix(state));
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
