import type { Address } from '@countersign/durable-objects/tenant/hold';
import type { AskType, Call, Caller, Key } from '@countersign/durable-objects/tenant/turn/command';
import type { Reply } from '@countersign/durable-objects/tenant/turn/reply';
import { digest } from '@countersign/protocol/canonical-json';
import { Refused } from '@countersign/protocol/problem';
import { validTraceparent } from '@countersign/protocol/traceparent';
import { answerAlone } from './answer-alone.ts';
import { askBackups } from './ask-backups.ts';
import { type Authenticated, authenticate } from './auth/authenticate.ts';
import { mintSecret, type Secret } from './auth/mint-secret.ts';
import { addressOf, closedAddressOf } from './directory.ts';
import { engineDoctor } from './engine-doctor.ts';
import { exportLedger } from './export-ledger.ts';
import { exportPart } from './export-part.ts';
import { type HeldBody, holdClaim, takesLines } from './held-claim.ts';
import { holdRead } from './held-read.ts';
import { readBody } from './read-body.ts';
import type { RequestTrail } from './request-trail.ts';
import type { Accepted, Holding, Route } from './routes/route.ts';
import { runnerBundle } from './runner-bundle.ts';
import { type GatewayEnv, type Settings, settingsOf } from './settings.ts';
import { callTenant } from './tenant-calls.ts';

/** A request as the app hands it over. */
export interface Incoming {
  readonly request: Request;
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  /** The project that lets the page of this request read the answer, where one does. */
  readonly pageProject: string | undefined;
  /** Keeps the Worker alive until this work is done. */
  keep(work: Promise<unknown>): void;
  /** Told what becomes known of the request, for the log. */
  readonly trail: RequestTrail;
}

/** What came with a request, before the route has judged it: a body that cannot even be read is a refusal. */
export type Sent = { readonly body: unknown } | Refused;

/**
 * Answers a request for a route: who is it, of which tenant, is it well formed, and then the tenant decides.
 * A held answer is a stream. Throws `Refused`.
 */
export async function answerRequest(
  env: GatewayEnv,
  route: Route,
  incoming: Incoming,
): Promise<Reply | HeldBody> {
  const settings = settingsOf(env);
  const who = await authenticate(incoming.request, settings);
  incoming.trail.knows(who.caller);
  const sent = await readSent(route, incoming.request);
  if (who.tenant !== undefined) incoming.trail.means(who.tenant);
  const named = projectNamed(settings, who, incoming, sent);
  const alone = named === undefined ? await answerAlone(env, route, who, incoming) : undefined;
  if (alone !== undefined) return alone;
  const tenant = named ?? refuseWithoutProject();
  incoming.trail.means(tenant);
  assertReadable(tenant, incoming);
  const accepted = accept(route, incoming, sent, { caller: who.caller, tenant, settings });
  const address = await findTenant(env, route, who.caller, tenant, accepted);
  if (accepted instanceof Refused) {
    throw await firstRefusal(env, address, who.caller, asksWith(route, sent), accepted);
  }
  const key = sent instanceof Refused ? null : keyOf(who.caller, incoming.request, sent.body);
  const { requestId } = incoming.trail;
  const call = { caller: who.caller, ask: accepted.ask, key, requestId };
  const reply = await ask(env, address, call, accepted.holding, incoming);
  return 'stream' in reply ? reply : reveal(reply, accepted.secret);
}

/** What the owner of a project that is closed may ask all the same: else nobody could bring it back. */
const ofClosed: ReadonlySet<AskType> = new Set<AskType>(['read-backups', 'take-backup', 'keep-project']);

/** To whoever is invited nowhere, a project that is not there and one that did not invite them are the same. */
async function findTenant(
  env: GatewayEnv,
  { asks }: Route,
  caller: Caller,
  tenant: string,
  accepted: Accepted | Refused,
): Promise<Address & { readonly isClosed: boolean }> {
  try {
    if (caller.kind === 'person' && ofClosed.has(asks)) {
      const closed = await closedAddressOf(env.DB, tenant, caller.person);
      if (closed !== undefined) return { ...closed, isClosed: true };
    }
    return { ...(await addressOf(env.DB, tenant)), isClosed: false };
  } catch (fault) {
    const isHidden = fault instanceof Refused && fault.refusal.code === 'project_not_found';
    if (!isHidden || asks !== 'accept-invitation') throw fault;
    if (accepted instanceof Refused) throw accepted;
    const message = 'there is no such invitation, or it counts no more';
    throw new Refused({ code: 'invitation_not_found', message }, { cause: fault });
  }
}

/** A page that one project lets read its answers does not read another's by naming that in the body or by a token. */
function assertReadable(tenant: string, { pageProject }: Incoming): void {
  if (pageProject === undefined || pageProject === tenant) return;
  throw new Refused({
    code: 'wrong_project',
    message: 'the address of a request from a page must name the project that it is about',
    next: 'add ?project_id=',
  });
}

/** Adds the secret to the answer of the request that made it; the tenant says whether this is that answer. */
export function reveal(reply: Reply, secret: Secret | undefined): Reply {
  if (secret === undefined || !reply.ok || reply.body.secret_available !== true) return reply;
  return { ...reply, body: { ...reply.body, [secret.field]: secret.text } };
}

/** What a request may have meant to ask; where the body decides and cannot be read, any of the route's forms. */
function asksWith({ asks, asksFor }: Route, sent: Sent): readonly AskType[] {
  if (asksFor === undefined) return [asks];
  const isRead = !(sent instanceof Refused) && typeof sent.body === 'object' && sent.body !== null;
  return isRead ? [asksFor(sent.body)] : [asks, asksFor({})];
}

/** A request that is malformed is so only to those who may make it: the others are told that they may not. */
async function firstRefusal(
  env: GatewayEnv,
  address: Address,
  caller: Caller,
  forms: readonly AskType[],
  malformed: Refused,
): Promise<Refused> {
  let refused = malformed;
  for (const asked of forms) {
    const reply = await callTenant(env, address, { caller, ask: { type: 'may', asked }, key: null });
    if (reply.ok) return malformed;
    refused = new Refused(reply.refusal);
  }
  return refused;
}

function ask(
  env: GatewayEnv,
  address: Address & { readonly isClosed: boolean },
  call: Call,
  holding: Holding | undefined,
  { request, keep }: Incoming,
): Promise<Reply | HeldBody> {
  if (holding === undefined) return callTenant(env, address, call);
  if (holding.kind === 'claim')
    return holdClaim(env, address, call.caller, holding.claim, { isLined: takesLines(request), keep });
  if (holding.kind === 'export') return exportLedger(env, address, call, holding.proposalId);
  if (holding.kind === 'part') return exportPart(env, address, call, holding.exportId);
  if (holding.kind === 'bundle') return runnerBundle(env, address, call, holding.sourceId);
  if (holding.kind === 'doctor') return engineDoctor(env, address, call);
  if (holding.kind === 'change') return holdRead(env, address, call, holding);
  return askBackups(env, address, call, holding);
}

/** The body of a request that has one. Throws nothing that is the sender's. */
export async function readSent(route: Route, request: Request): Promise<Sent> {
  if (route.method === 'GET') return { body: undefined };
  try {
    return { body: await readBody(request) };
  } catch (fault) {
    if (fault instanceof Refused) return fault;
    throw fault;
  }
}

interface Asking {
  readonly caller: Caller;
  readonly tenant: string;
  readonly settings: Settings;
}

/** What a request asks, judged by its route. */
export function accept(
  route: Route,
  { params, query, request }: Incoming,
  sent: Sent,
  { caller, tenant, settings }: Asking,
): Accepted | Refused {
  if (sent instanceof Refused) return sent;
  try {
    const traceparent = validTraceparent(request.headers.get('traceparent'));
    const [macKey = ''] = settings.macKeys;
    const mint = (kind: Parameters<typeof mintSecret>[0]) => mintSecret(kind, tenant, macKey, Date.now());
    return route.accept({ params, body: sent.body, query, traceparent, caller, mint });
  } catch (fault) {
    if (fault instanceof Refused) return fault;
    throw fault;
  }
}

/** The project that a request is about. Throws `Refused` where it names none. */
export function projectOf(settings: Settings, who: Authenticated, incoming: Incoming, sent: Sent): string {
  return projectNamed(settings, who, incoming, sent) ?? refuseWithoutProject();
}

function refuseWithoutProject(): never {
  throw new Refused({
    code: 'project_required',
    message: 'say which project you mean',
    next: 'add ?project_id=',
  });
}

/** The same, undefined where it names none. A token's own is the only one that it can name. */
function projectNamed(
  settings: Settings,
  who: Authenticated,
  { params, query }: Incoming,
  sent: Sent,
): string | undefined {
  const inBody = sent instanceof Refused ? undefined : projectIn(sent.body);
  const all = [params.project_id, query.project_id, inBody].filter((name) => name !== undefined);
  const [named] = all;
  if (all.some((name) => name !== named)) {
    throw new Refused({ code: 'wrong_project', message: 'the request names two different projects' });
  }
  if (who.tenant !== undefined) {
    if (named === undefined || named === who.tenant) return who.tenant;
    throw new Refused({
      code: 'wrong_project',
      message: 'this token belongs to another project than the request names',
    });
  }
  return named ?? settings.defaultProject;
}

function projectIn(body: unknown): string | undefined {
  const named =
    typeof body === 'object' && body !== null && 'project_id' in body ? body.project_id : undefined;
  return typeof named === 'string' ? named : undefined;
}

const KEY = /^[\x21-\x7e]{1,255}$/;

/** The key's scope is tenant (its rows lie there), principal and route; the path is part of the route. */
export function keyOf(caller: Caller, request: Request, body: unknown): Key | null {
  const sent = request.headers.get('idempotency-key');
  if (sent === null) return null;
  if (!KEY.test(sent)) {
    throw new Refused({
      code: 'invalid_request',
      message: 'idempotency-key: must be 1 to 255 printable characters',
    });
  }
  const principal =
    caller.kind === 'person' ? caller.person : caller.kind === 'system' ? '' : caller.credentialId;
  const { pathname } = new URL(request.url);
  return {
    key: digest([caller.kind, principal, request.method, pathname, sent]),
    request: digest(body ?? null),
  };
}
