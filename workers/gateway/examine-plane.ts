import { type DoctorFinding, finding } from '@countersign/protocol/doctor-report';
import { examineIssuers } from '@countersign/protocol/issuer-keys';
import { knownMigrations } from '@countersign/protocol/known-migrations';
import { schemaFinding, schemaState } from '@countersign/protocol/schema-state';
import { type GatewayEnv, settingsOf } from './settings.ts';

/** The gateway's side of a doctor: what it is bound to, its directory, and whether the issuers that it trusts are there. */
export async function examinePlane(env: GatewayEnv): Promise<readonly DoctorFinding[]> {
  const { issuers } = settingsOf(env);
  const [directory, keys] = await Promise.all([examineDirectory(env.DB), examineIssuers(issuers)]);
  return [examineBindings(env), directory, ...keys];
}

/** What no request would tell apart from other trouble: whoever asks this has been let in, so the rest is there. */
function examineBindings(env: GatewayEnv): DoctorFinding {
  if (env.SIGN_UP === 'anyone' && env.PROVISIONER === undefined) {
    return finding(
      'binding_missing',
      'binding PROVISIONER',
      'people may sign up, and there is no provisioner to make their projects',
      'deploy the provisioner and name it under [[services]] in wrangler.toml, or set SIGN_UP to nobody',
    );
  }
  return finding('bindings_present', 'gateway', 'settings and bindings are there');
}

async function examineDirectory(directory: D1Database): Promise<DoctorFinding> {
  const where = 'directory DB';
  try {
    const { results } = await directory
      .prepare('SELECT name FROM d1_migrations ORDER BY id')
      .all<{ name: string }>();
    return schemaFinding(
      where,
      schemaState(
        results.map(({ name }) => name),
        knownMigrations,
      ),
    );
  } catch (fault) {
    const isUnrecorded = fault instanceof Error && fault.message.includes('no such table');
    if (isUnrecorded) return schemaFinding(where, { kind: 'unrecorded' });
    return finding(
      'database_unreachable',
      where,
      'it did not answer',
      'ask again; then look at the status of Cloudflare',
    );
  }
}
