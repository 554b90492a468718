import type { Refusal } from '@countersign/protocol/problem';
import { compilePermissionRules, permits } from '../policies/permission-rules.ts';
import type { CredentialRow, MemberRow } from '../schema.ts';
import type { PermissionSetting } from '../settings/setting.ts';
import type { AskType, Call, Caller } from '../turn/command.ts';
import { type Identity, system } from './identity.ts';
import { askNames, permissions } from './permissions.ts';

export type Authorized =
  | { readonly ok: true; readonly identity: Identity }
  | { readonly ok: false; readonly refusal: Refusal };

/** The rows that say who somebody is: read in the same batch as what they ask about, so a revocation holds at once. */
export interface Known {
  member(person: string): MemberRow | undefined;
  credential(id: string): CredentialRow | undefined;
  /** The permission rules that the project has set. */
  permissionRules(): PermissionSetting;
}

/** Whether this caller may ask this, as far as it does not depend on what is asked about. */
export function authorize(known: Known, { caller, ask }: Call, now: number): Authorized {
  if (caller.kind === 'system') return { ok: true, identity: system };
  const asked = ask.type === 'may' ? ask.asked : ask.type;
  const authorized =
    caller.kind === 'person'
      ? authorizePerson(known, caller.person, asked)
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
function authorizePerson(known: Known, person: string, asked: AskType): Authorized {
  const member = known.member(person);
  if (member === undefined || member.status !== 'active') {
    return denied('project_not_found', 'there is no such project, or you are not a member of it');
  }
  const allowed = permissions[asked].person ?? [];
  if (!member.roles.some((role) => allowed.some((one) => one === role))) {
    return denied(
      'forbidden',
      `your roles (${member.roles.join(', ') || 'none'}) do not include this`,
      rolesHint(allowed),
    );
  }
  const { name, roles, approval_roles } = member;
  const actor = { kind: 'person', id: person } as const;
  return { ok: true, identity: { kind: 'person', actor, name, roles, approvalRoles: approval_roles } };
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
  if (credential.status !== 'active') return denied('token_revoked', 'this token has been revoked');
  if (credential.expires_at !== null && credential.expires_at <= now) {
    return denied('token_expired', 'this token has expired');
  }
  const needed = permissions[asked][credential.kind];
  if (needed === undefined) return denied('forbidden', `a token of kind ${credential.kind} may not do this`);
  if (!credential.permissions.includes(needed)) {
    return denied(
      'forbidden',
      `this token lacks the permission ${needed}`,
      `a token with ${needed} would pass`,
    );
  }
  const actor = { kind: credential.kind, id: credential.credential_id };
  const { kind, name, sources, permissions: held, bindings, capabilities } = credential;
  return { ok: true, identity: { kind, actor, name, sources, permissions: held, bindings, capabilities } };
}

function denied(code: Refusal['code'], message: string, next?: string): Authorized {
  return { ok: false, refusal: { code, message, ...(next === undefined ? {} : { next }) } };
}

/** Whether a credential covers a source. People and the tenant itself are not bound to sources. */
export function coversSource(identity: Identity, sourceId: string): boolean {
  return identity.kind === 'person' || identity.kind === 'system' || identity.sources.includes(sourceId);
}
