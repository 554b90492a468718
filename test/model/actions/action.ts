import type { ActionState } from '@countersign/protocol/action/action-requests';
import { EVENTS, MAILER, TARGET } from '../../support/contract.ts';

export type Kind = 'refund' | 'notice' | 'mail';
export type Target = (typeof targets)[number];
export const targets = [TARGET, EVENTS, MAILER] as const;

/** What the contract of every test tenant says of an action, in the words that matter here. */
interface Law {
  readonly target: Target;
  /** Somebody has to let it go. */
  readonly isAsked: boolean;
  readonly mostAttempts: number;
  /** Once begun, no machine can tell what came of it. */
  readonly mustBegin: boolean;
}
export const law: Readonly<Record<Kind, Law>> = {
  refund: { target: TARGET, isAsked: true, mostAttempts: 8, mustBegin: false },
  notice: { target: EVENTS, isAsked: false, mostAttempts: 3, mustBegin: false },
  mail: { target: MAILER, isAsked: false, mostAttempts: 8, mustBegin: true },
};

export type Credential = 'runner' | 'otherRunner';
export interface Worker {
  readonly credential: Credential;
  /** Any credential may name any runner: who a worker is, both say together. */
  readonly id: 'r1' | 'r2';
}

/** What a worker says of its attempt. */
export interface Word {
  readonly outcome: 'succeeded' | 'failed' | 'retry' | 'unknown';
  readonly code?: string;
  readonly retry_after_ms?: number;
}

/** A claim that was given; `until` and `begunAt` are its own, and stay when it is over. */
export interface Claim {
  readonly action: Action;
  readonly id: string;
  readonly worker: Worker;
  until: number;
  begunAt: number | null;
  word: Word | null;
  /** Whether a word came when it was over. */
  wasLate: boolean;
}

interface Heard {
  readonly claim: Claim;
  readonly word: Word;
}

/** What an agent asks for. */
export interface Wish {
  readonly kind: Kind;
  readonly agent: 'agent' | 'otherAgent';
  /** Two that are equal here are the same effect. */
  readonly effect: string;
  /** Two that are equal here go one after the other. */
  readonly order: string | null;
}

/** What is true of one action. `place` is its age among all, `id` its name on the wire. Times count from the start. */
export interface Action extends Wish {
  readonly place: number;
  id: string;
  digest: string;
  key: string;
  state: ActionState;
  readonly expiresAt: number;
  readonly likelyDone: Action | null;
  rejectedBy: string | null;
  /** How many were let go, or let go again, before it. */
  turn: number;
  /** How many were there before it that may have had an effect; null: nobody has said that it may. */
  standing: number | null;
  restsUntil: number | null;
  claim: Claim | null;
  attempts: number;
  charged: number;
  /** Since when it may have happened without anybody's word. */
  doubtSince: number | null;
  accepted: Heard | null;
  late: Heard | null;
  /** What its part of the ledger must be, oldest first. */
  readonly entries: string[];
  diedAt: number;
}

export function isUndecided({ state }: Action): boolean {
  return state === 'proposed' || state === 'held';
}

const endings: readonly ActionState[] = ['succeeded', 'failed', 'rejected', 'canceled', 'expired'];
export function hasEnded({ state }: Action): boolean {
  return endings.includes(state);
}

/** Whether it was let go and has not ended: no other of its order may be at work. */
export function isUnderWay(action: Action): boolean {
  return !isUndecided(action) && !hasEnded(action);
}

export function isSameWorker(one: Worker, other: Worker): boolean {
  return one.credential === other.credential && one.id === other.id;
}

export function isSameWord(one: Word, other: Word): boolean {
  return (
    one.outcome === other.outcome && one.code === other.code && one.retry_after_ms === other.retry_after_ms
  );
}

export function byAge(one: Action, other: Action): number {
  return one.place - other.place;
}
