import type { Refusal } from '@countersign/protocol/problem';
import { type ClaimsSetting, givenByClaims } from '../members/claims.ts';
import { compilePermissionRules, permits } from '../policies/permission-rules.ts';
import type { SessionsSetting } from '../project/sessions.ts';
import type { CredentialRow, MemberRow } from '../schema.ts';
import type { PermissionSetting } from '../settings/setting.ts';
import type { AskType, Call, Caller } from '../turn/command.ts';
import { endedBecause } from './credential-state.ts';
import { type Identity, system } from './identity.ts';
import { ANY_TOKEN, askNames, permissions } from './permissions.ts';

export type Authorized =
  | { readonly ok: true; readonly identity: Identity }
  | { readonly ok: false; readonly refusal: Refusal };

/** The rows that say who somebody is: read in the same batch as what they ask about, so a revocation holds at once. */
export interface Known {
  member(person: string): MemberRow | undefined;
  credential(id: string): CredentialRow | undefined;
  /** The permission rules that the project has set. */
  permissionRules(): PermissionSetting;
  /** Who is a member by what an identity provider says. */
  claims(): ClaimsSetting;
  /** Tokens of people that were ended here. */
  sessions(): SessionsSetting;
}

/** Whether this caller may ask this, as far as it does not depend on what is asked about. */
export function authorize(known: Known, { caller, ask }: Call, now: number): Authorized {
  if (caller.kind === 'system') return { ok: true, identity: system };
  const asked = ask.type === 'may' ? ask.asked : ask.type;
  const authorized =
    caller.kind === 'person'
      ? authorizePerson(known, caller, asked)
      : authorizeCredential(known, caller, asked, now);
  return authorized.ok ? underRules(known.permissionRules(), authorized, asked, now) : authorized;
}

/** The project's own rules narrow what roles and scopes give. Rules that do not compile let nobody through. */
function underRules(
  { enforced, rules }: PermissionSetting,
  authorized: Extract<Authorized, { ok: true }>,
  asked: AskType,
  now: number,
): Authorized {
  if (!enforced || rules.length === 0) return authorized;
  const compiled = compilePermissionRules(rules, askNames());
  if (!compiled.ok) return denied('denied_by_rule', 'a permission rule of the project cannot be evaluated');
  const { identity } = authorized;
  const { kind, actor, name } = identity;
  const isPerson = identity.kind === 'person';
  const who = {
    kind,
    id: actor.id,
    name,
    roles: isPerson ? identity.roles : [],
    approval_roles: isPerson ? identity.approvalRoles : [],
  };
  const permitted = permits(compiled.rules, who, asked, now);
  return permitted.ok ? authorized : { ok: false, refusal: permitted.refusal };
}

/** Someone who is no member learns nothing, not even that the project exists. */
function authorizePerson(known: Known, caller: PersonCaller, asked: AskType): Authorized {
  const session = caller.session?.id;
  if (session !== undefined && known.sessions().revoked.some((ended) => ended.session === session)) {
    return denied('token_revoked', 'this session was ended', 'sign in again');
  }
  const identity = personOf(known, caller);
  if (asked === 'accept-invitation') return { ok: true, identity: identity ?? stranger(caller) };
  if (identity === undefined) {
    return denied('project_not_found', 'there is no such project, or you are not a member of it');
  }
  const allowed = permissions[asked].person ?? [];
  if (!identity.roles.some((role) => allowed.some((one) => one === role))) {
    return denied(
      'forbidden',
      `your roles (${identity.roles.join(', ') || 'none'}) do not include this`,
      rolesHint(allowed),
    );
  }
  return { ok: true, identity };
}

type PersonCaller = Extract<Caller, { kind: 'person' }>;
type Person = Extract<Identity, { kind: 'person' }>;

/** What the project says of somebody by name stands before what an identity provider says: a removal, too. */
function personOf(known: Known, { person, values }: PersonCaller): Person | undefined {
  const actor = { kind: 'person', id: person } as const;
  const member = known.member(person);
  if (member !== undefined) {
    const { name, roles, approval_roles, status } = member;
    if (status !== 'active') return undefined;
    return { kind: 'person', actor, name, roles, approvalRoles: approval_roles };
  }
  const given = givenByClaims(known.claims(), person, values ?? []);
  return given === undefined ? undefined : { kind: 'person', actor, name: person, ...given };
}

/** Somebody of whom nothing is known but who signed them in. */
function stranger({ person }: PersonCaller): Person {
  return {
    kind: 'person',
    actor: { kind: 'person', id: person },
    name: person,
    roles: [],
    approvalRoles: [],
  };
}

function rolesHint(allowed: readonly string[]): string {
  return allowed.length === 0 ? 'no person may do this' : `one of the roles ${allowed.join(', ')} would pass`;
}

function authorizeCredential(
  known: Known,
  caller: Exclude<Caller, { kind: 'person' } | { kind: 'system' }>,
  asked: AskType,
  now: number,
): Authorized {
  const credential = known.credential(caller.credentialId);
  if (credential === undefined || credential.digest !== caller.digest || credential.kind !== caller.kind) {
    return denied('token_invalid', 'this token is not known here');
  }
  const ended = endedBecause(credential, now);
  if (ended !== undefined) return { ok: false, refusal: ended };
  const needed = permissions[asked][credential.kind];
  if (needed === undefined) return denied('forbidden', `a token of kind ${credential.kind} may not do this`);
  if (needed !== ANY_TOKEN && !credential.permissions.includes(needed)) {
    return denied(
      'forbidden',
      `this token lacks the permission ${needed}`,
      `a token with ${needed} would pass`,
    );
  }
  const actor = { kind: credential.kind, id: credential.credential_id };
  const { kind, name, sources, permissions: held, bindings, capabilities, handlers, targets } = credential;
  const covers = { sources, bindings, capabilities, handlers, targets };
  return { ok: true, identity: { kind, actor, name, permissions: held, ...covers } };
}

function denied(code: Refusal['code'], message: string, next?: string): Authorized {
  return { ok: false, refusal: { code, message, ...(next === undefined ? {} : { next }) } };
}

/** Whether a credential covers a source. People and the tenant itself are not bound to sources. */
export function coversSource(identity: Identity, sourceId: string): boolean {
  return identity.kind === 'person' || identity.kind === 'system' || identity.sources.includes(sourceId);
}
