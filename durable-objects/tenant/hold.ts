import type { ClaimActions } from '@countersign/protocol/action/action-requests';
import type { FreezeMark } from '@countersign/protocol/freeze-mark';
import type { ClaimRequest } from '@countersign/protocol/job-requests';
import type { RehearsalClaim } from '@countersign/protocol/rehearsal';
import type { ClaimTasks } from '@countersign/protocol/run/run-requests';
import type { LiveFrom } from './live/live-asks.ts';
import type { Caller } from './turn/command.ts';

/** Where a tenant's rows are: the directory's word, handed on by the gateway with every call. */
export interface Address {
  readonly tenant: string;
  /** The name of the D1 binding. */
  readonly shard: string;
}

/** A claim that may be held: of jobs, of rehearsals, of actions, or of tasks. */
export type HeldClaim =
  | { readonly type: 'claim'; readonly request: ClaimRequest }
  | { readonly type: 'claim-rehearsals'; readonly request: RehearsalClaim }
  | { readonly type: 'claim-actions'; readonly request: ClaimActions }
  | { readonly type: 'claim-tasks'; readonly request: ClaimTasks };

/** What the gateway asks when it opens a socket: to wait for a job, for a change of a proposal or a run, or to follow all. */
export type Hold =
  | { readonly kind: 'claim'; readonly address: Address; readonly caller: Caller; readonly claim: HeldClaim }
  | { readonly kind: 'watch'; readonly address: Address; readonly id: string }
  /** Who it is for, the ticket with this digest says. */
  | { readonly kind: 'live'; readonly address: Address; readonly ticket: string; readonly from: LiveFrom };

/** A claim that found nothing and is held, and the freeze behind which it stands, if there is one. */
export interface Held {
  readonly frozen?: FreezeMark;
}

const HELD = 'held ';

/** The first message to a claim that is held. Any other message is a reply, as JSON. */
export function heldMessage(held: Held): string {
  return `${HELD}${JSON.stringify(held)}`;
}

/** Undefined for any other message. */
export function heldIn(message: string): Held | undefined {
  return message.startsWith(HELD) ? (JSON.parse(message.slice(HELD.length)) as Held) : undefined;
}

/** The header of the answer to an upgrade: marks of limits that it has used up most of, as JSON. */
export const NEAR_HEADER = 'x-countersign-near';

/** The header of the upgrade that carries a `Hold`, as URI-encoded JSON. */
export const HOLD_HEADER = 'x-countersign-hold';
