import { type DoctorFinding, finding } from '@countersign/protocol/doctor-report';
import { type SchemaState, schemaFix } from './schema-state.ts';

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
