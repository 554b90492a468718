import type { LimitName } from '@countersign/protocol/limits';
import type { AskType, Call, Caller } from '../turn/command.ts';

/** Whom the count of a limit is of: one credential or person, or all of a kind. */
export interface Draw {
  readonly name: LimitName;
  readonly of: string;
}

/** Which places of a full queue a command may still take. */
export type Urgency = 'ordinary' | 'reporting' | 'urgent';

/** What holds work back: it must pass when everything else is too much. */
const holdingBack: ReadonlySet<string> = new Set<AskType>([
  ...(['emergency-stop', 'place-freeze', 'lift-freeze', 'drain-runner'] as const),
  ...(['revoke-credential', 'revoke-session', 'remove-member'] as const),
]);

/** What a runner says of work that it has, and of itself: to refuse it would leave the record behind the truth. */
const ofWorkAtHand: ReadonlySet<string> = new Set<AskType>([
  ...(['report', 'renew', 'release', 'report-rehearsal'] as const),
  ...(['begin-action', 'renew-action', 'return-action', 'confirm-action'] as const),
  ...(['complete-task', 'fail-task', 'return-task', 'renew-task'] as const),
  ...(['register', 'heartbeat'] as const),
]);

const beginning: ReadonlySet<string> = new Set<AskType>([
  ...(['propose', 'submit', 'request', 'request-action', 'submit-command'] as const),
]);

type Counted = Pick<Call, 'ask' | 'caller'>;

/** What a call is by its kind. Never more than ordinary from an agent, whatever it asks. */
export function urgencyOf({ ask, caller }: Counted): Urgency {
  switch (caller.kind) {
    case 'system':
      return 'urgent';
    case 'runner':
      return ofWorkAtHand.has(ask.type) ? 'reporting' : 'ordinary';
    case 'agent':
      return 'ordinary';
    case 'person':
    case 'service':
      return holdingBack.has(ask.type) ? 'urgent' : 'ordinary';
  }
}

/** The count of one credential or person. */
export function ownDraw(caller: Caller): Draw {
  return { name: 'requests_per_minute_each', of: ownerOf(caller) };
}

/**
 * The counts that callers of a kind share, so that a flood of agents takes nothing from people and runners. People share
 * none: whoever can sign in can ask, members or not.
 */
export function sharedDraws({ ask, caller }: Counted): readonly Draw[] {
  if (caller.kind === 'person' || caller.kind === 'system') return [];
  const ofKind: Draw = { name: `${caller.kind}_requests_per_minute`, of: caller.kind };
  return beginning.has(ask.type) ? [ofKind, { name: 'proposals_per_minute', of: 'all' }] : [ofKind];
}

/** The whole record is exported in many calls, which are one request. */
export function isContinued(ask: Call['ask']): boolean {
  return ask.type === 'export-ledger' && ask.after > 0;
}

export function ownerOf(caller: Caller): string {
  switch (caller.kind) {
    case 'system':
      return 'system';
    case 'person':
      return `person ${caller.person}`;
    default:
      return `${caller.kind} ${caller.credentialId}`;
  }
}
