import type { Session } from '@countersign/durable-objects/tenant/turn/command';
import { answer, type Reply } from '@countersign/durable-objects/tenant/turn/reply';
import { parseOrRefuse } from '@countersign/protocol/validation';
import type { Incoming } from './answer-request.ts';
import type { Authenticated } from './auth/authenticate.ts';
import { type OwnProject, projectsOf } from './directory.ts';
import type { Alone, Route } from './routes/route.ts';
import type { GatewayEnv } from './settings.ts';

/**
 * Answers a person who names no project, from their token and the directory alone: no tenant is asked. Undefined for any
 * other caller, and where the route is about a project. Throws `Refused`.
 */
export async function answerAlone(
  { DB }: Pick<GatewayEnv, 'DB'>,
  { alone, querySchema }: Route,
  { caller }: Authenticated,
  { query }: Pick<Incoming, 'query'>,
): Promise<Reply | undefined> {
  if (alone === undefined || caller.kind !== 'person') return undefined;
  parseOrRefuse(querySchema, query);
  return answer({ ok: true, ...(await told(DB, alone, caller)) });
}

type Person = Extract<Authenticated['caller'], { kind: 'person' }>;

async function told(directory: D1Database, alone: Alone, { person, session }: Person) {
  switch (alone) {
    case 'session':
      return { context: sessionOf(person, session) };
    case 'status':
      return { status: 'ok', project_id: null, server_time: time(Date.now()) };
    case 'projects':
      return { projects: (await projectsOf(directory, person)).map(projectRow), next_cursor: null };
    case 'accounts':
      return { accounts: (await projectsOf(directory, person)).map(accountRow), next_cursor: null };
  }
}

function sessionOf(person: string, session: Session | undefined) {
  const expires_at = session === undefined ? null : time(session.expiresAt);
  return { kind: 'person', actor: person, name: person, project_id: null, roles: [], may: [], expires_at };
}

function projectRow({ created_at, label, project_id, region, status }: OwnProject) {
  return { project_id, name: label, plan: 'self_hosted', status, region, created_at };
}

function accountRow({ label, project_id, status }: OwnProject) {
  return { account_id: project_id, name: label, status };
}

function time(at: number): string {
  return new Date(at).toISOString();
}
