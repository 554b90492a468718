import { createAccountApi } from '@countersign/client/account-api';
import { createActionsApi } from '@countersign/client/actions-api';
import { type ActivityApi, createActivityApi } from '@countersign/client/activity-api';
import { createBackupsApi } from '@countersign/client/backups-api';
import { createCallApi } from '@countersign/client/call-api';
import { type ContractsApi, createContractsApi } from '@countersign/client/contracts-api';
import { createControlApi } from '@countersign/client/control-api';
import { createCorsApi } from '@countersign/client/cors-api';
import { type CredentialsApi, createCredentialsApi } from '@countersign/client/credentials-api';
import { createEngineApi } from '@countersign/client/engine-api';
import { createFleetApi } from '@countersign/client/fleet-api';
import type { Connection } from '@countersign/client/http';
import { type LiveWatch, watchLive } from '@countersign/client/live';
import { createPeopleApi } from '@countersign/client/people-api';
import { createPermissionRulesApi } from '@countersign/client/permission-rules-api';
import { createPoliciesApi } from '@countersign/client/policies-api';
import { createProjectApi, type ProjectApi } from '@countersign/client/project-api';
import { createProposalsApi } from '@countersign/client/proposals-api';
import { createRecordApi } from '@countersign/client/record-api';
import { createReviewApi } from '@countersign/client/review-api';
import { createRunsApi } from '@countersign/client/runs-api';
import { createSessionApi, type SessionApi } from '@countersign/client/session-api';
import type { Context } from './command/context.ts';
import { exitCodes } from './exit-codes.ts';
import { CliFault, usageFault } from './fault.ts';
import { type Profile, profileOf } from './profiles/profile.ts';
import { ProfileStore } from './profiles/profile-store.ts';
import { safeUrl } from './profiles/safe-url.ts';
import { givenToken, profileToken } from './signing-in/credential.ts';
import { cliVersion } from './version.ts';

/** The control plane as a command talks to it. */
export type Plane = ReturnType<typeof planeAt>;

function planeAt(connection: Connection) {
  const calls = createCallApi(connection);
  const session = createSessionApi(calls);
  const projects = createProjectApi(calls);
  const project = () => projectOf(connection, session, projects);
  return {
    url: connection.url,
    session,
    account: createAccountApi(connection),
    projects,
    proposals: createProposalsApi(connection),
    review: createReviewApi(calls),
    actions: createActionsApi(calls),
    fleet: createFleetApi(calls),
    backups: createBackupsApi(calls, connection),
    runs: createRunsApi(calls, connection),
    control: createControlApi(calls),
    policies: createPoliciesApi(calls),
    people: createPeopleApi(calls),
    rules: createPermissionRulesApi(calls),
    cors: createCorsApi(calls),
    engine: createEngineApi(connection),
    record: createRecordApi(calls, connection),
    watch: (watch: Omit<LiveWatch, 'connection'>) => watchLive({ ...watch, connection }),
    project,
    contracts: async (projectId?: string): Promise<ContractsApi> =>
      createContractsApi(calls, connection, projectId ?? (await project())),
    activity: async (): Promise<ActivityApi> => createActivityApi(calls, connection, await project()),
    credentials: async (): Promise<CredentialsApi> => createCredentialsApi(calls, await project()),
  };
}

/** Opens the control plane that options, environment and profile name, in that order. Throws `CliFault`. */
export async function openPlane({ common, world }: Context): Promise<Plane> {
  const { environment, readInput, signal } = world;
  const store = new ProfileStore(environment);
  const profiles = await store.read();
  const name = common.profile ?? profiles.current;
  const profile = profileOf(profiles, name);
  if (common.profile !== undefined && profile === undefined) throw usageFault(`there is no profile ${name}`);
  const url = urlOf(common.url ?? (environment.COUNTERSIGN_URL || undefined), profile);
  const given = await givenToken(common['token-file'], environment, readInput);
  if (given === undefined && profile !== undefined && originOf(profile.url) !== url) {
    throw new CliFault(`the login of profile ${name} is for ${profile.url}, not for ${url}`, {
      code: exitCodes.usage,
      next: `countersign login --url ${url} --profile NAME`,
    });
  }
  return planeAt({
    url,
    token: () => given ?? profileToken(store, name, signal),
    userAgent: `countersign/${cliVersion}`,
    retries: { most: 2, pause: world.pause },
    projectId: common.project ?? (environment.COUNTERSIGN_PROJECT || profile?.project_id),
  });
}

/** The control plane that is named, or the profile's. Throws `CliFault`. */
export function urlOf(given: string | undefined, profile: Profile | undefined): string {
  const url = given ?? profile?.url;
  if (url !== undefined) return originOf(url);
  throw new CliFault('no control plane is named', {
    code: exitCodes.usage,
    next: 'countersign login --url URL --issuer URL, or --url',
  });
}

/** The control plane has its origin to itself. Throws `CliFault`. */
export function originOf(url: string): string {
  return safeUrl(url, '--url').origin;
}

/** The project of a token, or the one project of a person. Throws `CliFault` where there are several. */
async function projectOf({ projectId }: Connection, session: SessionApi, known: ProjectApi): Promise<string> {
  if (projectId !== undefined) return projectId;
  const self = await session.self();
  const own = [self, self.context, self.identity, self.session].map(projectIn).find((id) => id !== undefined);
  if (own !== undefined) return own;
  const { projects } = await known.projects();
  const [only, ...others] = projects;
  if (only !== undefined && others.length === 0) return only.project_id;
  throw usageFault(
    only === undefined
      ? 'say --project ID, or set COUNTERSIGN_PROJECT: this login asked for no project of its own'
      : `say which --project: ${projects.map(({ project_id }) => project_id).join(', ')}`,
  );
}

function projectIn(value: unknown): string | undefined {
  const isNamed = typeof value === 'object' && value !== null && 'project_id' in value;
  return isNamed && typeof value.project_id === 'string' ? value.project_id : undefined;
}
