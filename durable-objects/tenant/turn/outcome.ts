import type { Draft } from './event.ts';
import type { Reply } from './reply.ts';

/** What a rule decides. The new state follows from the entries alone, but for what is named in `Volatile`. */
export interface Outcome {
  readonly reply: Reply;
  readonly entries: readonly Draft[];
  readonly volatile?: Volatile;
  /** Jobs that this outcome leased, to be sent to whoever asked. */
  readonly leased?: readonly number[];
  /** Rehearsals that this outcome handed out, to be sent to whoever asked. */
  readonly rehearsed?: readonly number[];
  /** Actions that this outcome claimed, to be sent to whoever asked. */
  readonly claimed?: readonly string[];
  /** Tasks that this outcome leased, to be sent to whoever asked. */
  readonly taken?: readonly string[];
  /** A runner that takes no more work: polls that it still holds are ended. */
  readonly dismissed?: string;
}

export type RunnerSeen = {
  readonly runner_id: string;
  readonly last_seen_at: number;
  /** Where it has introduced itself. */
  readonly started_at?: number;
};

/** What may change without an entry: a rebuild from the ledger does not bring these back. */
export type Volatile =
  | { readonly renewed: { readonly seq: number; readonly lease_expires_at: number } }
  | { readonly renewedAction: { readonly action_id: string; readonly claim_expires_at: number } }
  | {
      readonly renewedTask: { readonly step_id: string; readonly claim_expires_at: number };
      readonly by: RunnerSeen | undefined;
    }
  | { readonly seen: RunnerSeen }
  | { readonly used: { readonly credential_id: string; readonly at: number } }
  | { readonly swept: true };

export function unchanged(reply: Reply): Outcome {
  return { reply, entries: [] };
}
