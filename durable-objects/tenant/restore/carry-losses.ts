import type { CarriedFrom, Loss } from '@countersign/protocol/backup/carried-losses';
import { permissionSetting } from '../access/permission-setting.ts';
import { bootstrapSetting } from '../bootstrap/bootstrap-setting.ts';
import { isActiveOwner } from '../bootstrap/set-up.ts';
import { corsSetting } from '../cors/cors-setting.ts';
import { type ClaimsSetting, claimsSetting } from '../members/claims.ts';
import { KEPT_AFTER_MS, sessionsSetting } from '../project/sessions.ts';
import type { MemberRow } from '../schema.ts';
import {
  credentialSubject,
  type Draft,
  type Event,
  invitationSubject,
  memberSubject,
  runnerSubject,
  settingSubject,
} from '../turn/event.ts';
import type { RowReader } from '../turn/keyed-tables.ts';
import { rolesWithin } from './roles-within.ts';

/** Who writes what a restore itself adds to a record. */
export const RESTORER = { kind: 'system', id: 'restore' } as const;
const NAME = 'Countersign';

/**
 * The entries that take away again what was taken away after a copy was made: as far as the rows of the copy still have
 * it. A loss whose subject the copy does not know, or has as it should be, makes none.
 */
export function lossDrafts(
  rows: RowReader,
  losses: readonly Loss[],
  snapshotId: string,
  now: number,
): readonly Draft[] {
  return losses.flatMap((loss) => {
    const from = { snapshot_id: snapshotId, seq: loss.seq };
    const draft = draftOf(rows, loss, from, now);
    return draft === undefined ? [] : [{ ...draft, actor: RESTORER }];
  });
}

type Unsigned = Event & { readonly subject: string };

function draftOf(rows: RowReader, loss: Loss, from: CarriedFrom, now: number): Unsigned | undefined {
  switch (loss.kind) {
    case 'credential':
      return credentialDraft(rows, loss, from);
    case 'member':
      return memberDraft(rows, loss, from);
    case 'invitation': {
      const { invitation_id } = loss;
      if (rows.row('invitations', invitation_id)?.status !== 'open') return undefined;
      const body = { invitation_id, carried_from: from };
      return { type: 'invitation.revoked', subject: invitationSubject(invitation_id), body };
    }
    case 'login': {
      const { expires_at, person, session } = loss;
      const { revoked } = sessionsSetting(rows.row('settings', 'sessions'));
      const isOver = expires_at + KEPT_AFTER_MS <= now || revoked.some((one) => one.session === session);
      if (isOver) return undefined;
      const body = { session, expires_at, person, carried_from: from };
      return { type: 'session.revoked', subject: settingSubject('sessions'), body };
    }
    case 'runner': {
      const { runner_id } = loss;
      const row = rows.row('runners', runner_id);
      if (row === undefined || row.drained !== null || row.status === 'archived') return undefined;
      const body = { runner_id, name: NAME, reason: reasonOf(from), carried_from: from };
      return { type: 'runner.drained', subject: runnerSubject(runner_id), body };
    }
    default:
      return doorDraft(rows, loss, from);
  }
}

type OneOf<Kind extends Loss['kind']> = Extract<Loss, { kind: Kind }>;

function credentialDraft(
  rows: RowReader,
  { credential_id, until }: OneOf<'credential'>,
  from: CarriedFrom,
): Unsigned | undefined {
  const row = rows.row('credentials', credential_id);
  if (row === undefined || row.status === 'revoked') return undefined;
  const subject = credentialSubject(credential_id);
  if (until === null) {
    const body = { credential_id, reason: reasonOf(from), carried_from: from };
    return { type: 'credential.revoked', subject, body };
  }
  if (row.expires_at !== null && row.expires_at <= until) return undefined;
  const body = { credential_id, expires_at: until, carried_from: from };
  return { type: 'credential.retiring', subject, body };
}

/** Whoever was a member by a claim alone has no row, and is removed by one. */
function memberDraft(
  rows: RowReader,
  { bounds, person }: OneOf<'member'>,
  from: CarriedFrom,
): Unsigned | undefined {
  const row = rows.row('members', person);
  if (row?.status === 'removed') return undefined;
  const subject = memberSubject(person);
  if (bounds === null) {
    const body = { person, reason: reasonOf(from), carried_from: from };
    return { type: 'member.removed', subject, body };
  }
  if (row === undefined) return undefined;
  const within = rolesWithin(row, bounds);
  if (isSame(row.roles, within.roles) && isSame(row.approval_roles, within.approval_roles)) return undefined;
  const body = { person, name: row.name, ...within, carried_from: from };
  return { type: 'member.roles_changed', subject, body };
}

function doorDraft(
  rows: RowReader,
  loss: OneOf<'origin' | 'claims' | 'permissions' | 'bootstrap'>,
  from: CarriedFrom,
): Unsigned | undefined {
  switch (loss.kind) {
    case 'origin': {
      const { origin } = loss;
      if (!corsSetting(rows.row('settings', 'cors')).origins.includes(origin)) return undefined;
      const body = { origin, name: NAME, carried_from: from };
      return { type: 'cors.denied', subject: settingSubject('cors'), body };
    }
    case 'claims': {
      const before = claimsSetting(rows.row('settings', 'claims')).mappings;
      const mappings = before.flatMap((mapping) => {
        const bounds = loss.mappings.find((one) => isAbout(one, mapping));
        return bounds === undefined ? [] : [{ ...mapping, ...mutable(rolesWithin(mapping, bounds)) }];
      });
      if (JSON.stringify(mappings) === JSON.stringify(before)) return undefined;
      const body = { mappings, name: NAME, carried_from: from };
      return { type: 'claims.saved', subject: settingSubject('claims'), body };
    }
    case 'permissions': {
      if (permissionSetting(rows.row('settings', 'permissions')).enforced) return undefined;
      const body = { setting: loss.setting, reason: reasonOf(from), name: NAME, carried_from: from };
      return { type: 'permissions.enforced', subject: settingSubject('permissions'), body };
    }
    case 'bootstrap': {
      if (bootstrapSetting(rows.row('settings', 'bootstrap')).is_exchanged) return undefined;
      const body = { credential_id: loss.credential_id, carried_from: from };
      return { type: 'bootstrap.exchanged', subject: settingSubject('bootstrap'), body };
    }
  }
}

/**
 * Whoever brought the record back becomes its owner where these entries leave it none: they owned it until then, and
 * those of before are not let in again for want of another. Undefined where somebody owns it, by name or by what an
 * identity provider says.
 */
export function ownerDraft(
  members: readonly MemberRow[],
  claims: ClaimsSetting,
  drafts: readonly Draft[],
  by: { readonly person: string; readonly name: string },
): Draft | undefined {
  const lost = new Set<string>();
  let { mappings } = claims;
  for (const draft of drafts) {
    if (draft.type === 'claims.saved') mappings = draft.body.mappings;
    const isLowered = draft.type === 'member.roles_changed' && !draft.body.roles.includes('owner');
    if (isLowered || draft.type === 'member.removed') lost.add(draft.body.person);
  }
  const isOwned =
    members.some((member) => isActiveOwner(member) && !lost.has(member.person)) ||
    mappings.some(({ roles }) => roles.includes('owner'));
  if (isOwned) return undefined;
  const body = { person: by.person, name: by.name, roles: ['owner'], approval_roles: [] };
  return { type: 'member.added', actor: RESTORER, subject: memberSubject(by.person), body };
}

function reasonOf({ seq, snapshot_id }: CarriedFrom): string {
  return `carried over a restore: entry ${seq} of ${snapshot_id}, which was set aside, says so`;
}

function isSame(before: readonly string[], after: readonly string[]): boolean {
  return before.length === after.length && before.every((one) => after.includes(one));
}

interface About {
  readonly issuer: string;
  readonly value: string;
}

function isAbout(one: About, other: About): boolean {
  return one.issuer === other.issuer && one.value === other.value;
}

function mutable({ approval_roles, roles }: ReturnType<typeof rolesWithin>) {
  return { approval_roles: [...approval_roles], roles: [...roles] };
}
