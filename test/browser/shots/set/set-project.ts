import { createAccountApi } from '@countersign/client/account-api';
import { createBackupsApi } from '@countersign/client/backups-api';
import { createCallApi } from '@countersign/client/call-api';
import { createCorsApi } from '@countersign/client/cors-api';
import { createCredentialsApi } from '@countersign/client/credentials-api';
import type { Connection } from '@countersign/client/http';
import { createPeopleApi } from '@countersign/client/people-api';
import { ACME } from '../../../../scripts/stack/acme.ts';
import type { Cast } from '../../../../scripts/story/people.ts';
import { eventually } from '../../../support/eventually.ts';

const LONGEST_MS = 120_000;

/** Who else may come, what programs come with, and copies. */
export async function setProject(cast: Cast): Promise<void> {
  const connection = { ...cast.ownerConnection, projectId: ACME.project_id };
  const calls = createCallApi(connection);
  const people = createPeopleApi(calls);
  await people.invite({ name: 'Priya Raman', roles: ['approver'], approval_roles: ['billing_lead'] });
  await people.saveClaims([
    { issuer: cast.stack.issuer, value: 'finance-audit', roles: ['auditor'], approval_roles: [] },
  ]);
  const credentials = createCredentialsApi(calls, ACME.project_id);
  const sources = [ACME.source_id];
  await credentials.createRunnerToken({ name: 'runner-frankfurt-1', source_ids: sources });
  await credentials.createService({
    name: 'ci-contracts',
    scopes: ['contracts:read', 'contracts:write', 'policies:read'],
  });
  await credentials.createService({ name: 'nightly-report', scopes: ['activity:read', 'exports:read'] });
  await credentials.createAgent({
    name: 'dispute-agent',
    bindings: { tenant_id: 'acme', principal: 'support_agent_18' },
    source_ids: sources,
  });
  await createCorsApi(calls).allow('https://support.acme.example');
  const backups = createBackupsApi(calls, connection);
  await backups.take();
  await noneGoing(backups);
  await backups.prove();
  await noneGoing(backups);
}

/** A project in which nobody has done anything, by its label. */
export async function freshProject(cast: Cast): Promise<string> {
  return (await made(cast.ownerConnection, 'fresh-shop')).label;
}

/** Whose the project is that was put away. */
export const KEEPER = 'greta';

/** A project that was put away, by its id. */
export async function keptProject({ ownerConnection, stack }: Cast): Promise<string> {
  const keeper = { ...ownerConnection, token: () => stack.personToken(`${KEEPER}@globex.example`) };
  const { project_id } = await made(keeper, 'spring-trial');
  const connection = { ...keeper, projectId: project_id };
  const backups = createBackupsApi(createCallApi(connection), connection);
  await backups.archive('the trial is over');
  await noneGoing(backups);
  return project_id;
}

async function made(connection: Connection, label: string) {
  const account = createAccountApi(connection);
  await account.create({
    label,
    sources: [{ source_id: 'src_shop', name: 'Shop database', engine: 'postgres' }],
  });
  return eventually(
    () => account.progress(label),
    ({ state }) => state === 'done',
    LONGEST_MS,
  );
}

async function noneGoing(backups: ReturnType<typeof createBackupsApi>): Promise<void> {
  await eventually(
    () => backups.list(),
    ({ work }) => work.length > 0 && work.every(({ state }) => state !== 'going'),
    LONGEST_MS,
  );
}
