import type { LimitName } from '@countersign/protocol/limits';
import type { AskType, Call, Caller } from '../turn/command.ts';

/** One limit that a call counts towards, and whose count of it that is. */
export interface Draw {
  readonly name: LimitName;
  /** Whom the count is of: one credential or person, or all of a kind. */
  readonly of: string;
}

/** What holds work back: it must pass when everything else is too much. */
const holdingBack = [
  ...(['emergency-stop', 'place-freeze', 'lift-freeze', 'list-freezes', 'drain-runner'] as const),
  ...(['revoke-credential', 'revoke-session', 'remove-member', 'list-limits'] as const),
] as const satisfies readonly AskType[];

/** What a runner says of work that it has, and of itself: to refuse it would leave the record behind the truth. */
const ofWorkAtHand = [
  ...(['report', 'renew', 'release', 'report-rehearsal'] as const),
  ...(['begin-action', 'renew-action', 'return-action', 'confirm-action'] as const),
  ...(['complete-task', 'fail-task', 'return-task', 'renew-task'] as const),
  ...(['register', 'heartbeat'] as const),
] as const satisfies readonly AskType[];

const beginning: ReadonlySet<string> = new Set<AskType>([
  ...(['propose', 'submit', 'request', 'request-action', 'submit-command'] as const),
]);
const held: ReadonlySet<string> = new Set<AskType>(holdingBack);
const reported: ReadonlySet<string> = new Set<AskType>(ofWorkAtHand);

/** Whether a call must get a place where the others find none. Never one of an agent, whatever it asks. */
export function isUrgent({ ask, caller }: Pick<Call, 'ask' | 'caller'>): boolean {
  if (caller.kind === 'system') return true;
  if (caller.kind === 'runner') return reported.has(ask.type);
  return caller.kind !== 'agent' && held.has(ask.type);
}

/**
 * The limits that a call counts towards. Each kind of caller has its own, so that a flood of agents takes nothing from
 * people and runners. People are counted one by one only: whoever can sign in can ask, members or not. What holds work
 * back is counted apart, and what a runner reports is not counted.
 */
export function drawsOf({ ask, caller }: Pick<Call, 'ask' | 'caller'>): readonly Draw[] {
  if (caller.kind === 'system' || isContinued(ask)) return [];
  if (isUrgent({ ask, caller })) {
    if (caller.kind === 'runner') return [];
    return [{ name: 'requests_per_minute_each', of: `urgent ${ownerOf(caller)}` }];
  }
  const own: Draw = { name: 'requests_per_minute_each', of: ownerOf(caller) };
  if (caller.kind === 'person') return beginning.has(ask.type) ? [own, proposals] : [own];
  const shared: Draw = { name: `${caller.kind}_requests_per_minute`, of: caller.kind };
  return beginning.has(ask.type) ? [own, shared, proposals] : [own, shared];
}

const proposals: Draw = { name: 'proposals_per_minute', of: 'all' };

/** The whole record is exported in many calls, which are one request. */
function isContinued(ask: Call['ask']): boolean {
  return ask.type === 'export-ledger' && ask.after > 0;
}

function ownerOf(caller: Exclude<Caller, { kind: 'system' }>): string {
  return caller.kind === 'person' ? `person ${caller.person}` : `${caller.kind} ${caller.credentialId}`;
}
