import * as z from 'zod';
import { entryTypes } from '../entry-types.ts';
import type { LedgerEntry } from '../ledger.ts';
import { claimMappingSchema } from '../people-requests.ts';
import { permissionRuleSchema } from '../permission-rule.ts';

/*
 * A restore goes back in time, and must not give back what was taken away meanwhile. So what entries after the copy took
 * away is taken away again; what they gave is not given again.
 */

/** Of which entry of which copy something is said once more. */
export type CarriedFrom = { readonly snapshot_id: string; readonly seq: number };

/** In the bodies of entries that a restore may write besides those who usually do. */
export type Carriable = { readonly carried_from?: CarriedFrom };

const text = z.string();
const texts = z.array(text).readonly();
const personSchema = z.looseObject({ person: text, roles: texts, approval_roles: texts });
const settingSchema = z.looseObject({
  setting: z.strictObject({ enforced: z.boolean(), rules: z.array(permissionRuleSchema).readonly() }),
});
const mappingsSchema = z.looseObject({ mappings: z.array(claimMappingSchema).readonly() });
const credentialSchema = z.looseObject({ credential_id: text });
const retiringSchema = z.looseObject({ credential_id: text, expires_at: z.number() });
const removedSchema = z.looseObject({ person: text });
const invitationSchema = z.looseObject({ invitation_id: text });
const loginSchema = z.looseObject({ session: text, expires_at: z.number(), person: text.optional() });
const originSchema = z.looseObject({ origin: text });
const runnerSchema = z.looseObject({ runner_id: text });

/** What a person is at the end, and may therefore be at most. */
export interface MemberBounds {
  readonly roles: readonly string[];
  readonly approval_roles: readonly string[];
}

type LossOf =
  /** `until`: another took over from it, and it ends then (Unix milliseconds); null: it was revoked. */
  | { readonly kind: 'credential'; readonly credential_id: string; readonly until: number | null }
  /** `bounds` null: removed. */
  | { readonly kind: 'member'; readonly person: string; readonly bounds: MemberBounds | null }
  /** Taken back, or used up: nobody else may use it. */
  | { readonly kind: 'invitation'; readonly invitation_id: string }
  /** The token of a person that was ended before its time. */
  | {
      readonly kind: 'login';
      readonly session: string;
      readonly expires_at: number;
      readonly person: string;
    }
  | { readonly kind: 'origin'; readonly origin: string }
  /** Nobody is a member by anything else that an identity provider says. */
  | { readonly kind: 'claims'; readonly mappings: z.infer<typeof mappingsSchema>['mappings'] }
  | { readonly kind: 'permissions'; readonly setting: z.infer<typeof settingSchema>['setting'] }
  | { readonly kind: 'bootstrap'; readonly credential_id: string }
  | { readonly kind: 'runner'; readonly runner_id: string };

/** A power that was taken away, as the entries leave it. `seq`: of the entry that did it. */
export type Loss = LossOf & { readonly seq: number };

/** Why nothing can be said of what was taken away after a copy was made. */
export const notCarriedBecause = ['no_record', 'not_verified', 'not_descended'] as const;
export type NotCarriedBecause = (typeof notCarriedBecause)[number];

const sentences: Readonly<Record<NotCarriedBecause, string>> = {
  no_record: 'there was no record in its place',
  not_verified: 'the record in its place cannot be read, or does not verify',
  not_descended: 'the record in its place did not go on from the snapshot',
};

/** What that means for whoever brings the copy back. */
export function notCarriedNotice(because: NotCarriedBecause): string {
  return `${sentences[because]}: credentials, logins and invitations that were revoked after the snapshot, and members that were removed after it, are valid again`;
}

/** The losses that a restore applies again, and the copy whose entries they were read from. */
export type Carried =
  | { readonly losses: readonly Loss[]; readonly snapshot_id: string }
  | { readonly losses: null; readonly because: NotCarriedBecause };

const known: ReadonlySet<string> = new Set(entryTypes);

/**
 * Folds the entries after a copy, oldest first, into what they took away in the end: whatever was given again after it
 * was taken is no loss.
 */
export class LossWalk {
  readonly #losses = new Map<string, Loss>();

  /**
   * Throws for an entry that this release does not know, or whose body is not as the rules write it: what it took away
   * is not known.
   */
  step(entry: Entry): void {
    const { seq, type } = entry;
    if (!known.has(type)) throw new TypeError(`entry ${seq} is of a type that this release does not know`);
    const said = saidOfSomebody(entry) ?? saidOfDoor(entry);
    if (said === undefined) return;
    const { about, loss } = said;
    this.#losses.delete(about);
    if (loss !== undefined) this.#losses.set(about, { ...loss, seq });
  }

  /** In the order in which they happened. */
  end(): readonly Loss[] {
    return [...this.#losses.values()];
  }
}

type Entry = Pick<LedgerEntry, 'actor' | 'body' | 'seq' | 'type'>;

/** What an entry makes of a power; `loss` undefined: there is nothing to take away again. */
interface Said {
  readonly about: string;
  readonly loss: LossOf | undefined;
}

function saidOfSomebody({ actor, body, type }: Entry): Said | undefined {
  switch (type) {
    case 'credential.revoked': {
      const { credential_id } = credentialSchema.parse(body);
      return said(credential_id, { kind: 'credential', credential_id, until: null });
    }
    case 'credential.retiring': {
      const { credential_id, expires_at } = retiringSchema.parse(body);
      return said(credential_id, { kind: 'credential', credential_id, until: expires_at });
    }
    case 'member.added':
    case 'member.roles_changed': {
      const { approval_roles, person, roles } = personSchema.parse(body);
      return said(person, { kind: 'member', person, bounds: { roles, approval_roles } });
    }
    case 'member.removed': {
      const { person } = removedSchema.parse(body);
      return said(person, { kind: 'member', person, bounds: null });
    }
    case 'invitation.revoked':
    case 'invitation.accepted': {
      const { invitation_id } = invitationSchema.parse(body);
      return said(invitation_id, { kind: 'invitation', invitation_id });
    }
    case 'session.revoked': {
      const { expires_at, person = actor.id, session } = loginSchema.parse(body);
      return said(session, { kind: 'login', session, expires_at, person });
    }
    default:
      return undefined;
  }
}

/** Doors of the whole project, and runners. */
function saidOfDoor({ body, type }: Entry): Said | undefined {
  switch (type) {
    case 'cors.denied':
    case 'cors.allowed': {
      const { origin } = originSchema.parse(body);
      return said(origin, { kind: 'origin', origin }, type === 'cors.denied');
    }
    case 'claims.saved': {
      const { mappings } = mappingsSchema.parse(body);
      return said('', { kind: 'claims', mappings });
    }
    case 'permissions.saved':
    case 'permissions.enforced':
    case 'permissions.relaxed':
    case 'permissions.unlocked': {
      const { setting } = settingSchema.parse(body);
      return said('', { kind: 'permissions', setting }, setting.enforced);
    }
    case 'bootstrap.exchanged': {
      const { credential_id } = credentialSchema.parse(body);
      return said('', { kind: 'bootstrap', credential_id });
    }
    case 'bootstrap.reopened':
      return said('', { kind: 'bootstrap', credential_id: '' }, false);
    case 'runner.drained':
    case 'runner.undrained':
    case 'runner.registered': {
      const { runner_id } = runnerSchema.parse(body);
      return said(runner_id, { kind: 'runner', runner_id }, type === 'runner.drained');
    }
    default:
      return undefined;
  }
}

function said(id: string, loss: LossOf, isLoss = true): Said {
  return { about: `${loss.kind} ${id}`, loss: isLoss ? loss : undefined };
}
