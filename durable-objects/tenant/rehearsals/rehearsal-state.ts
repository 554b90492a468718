import type { rehearsalOutcomes } from '@countersign/protocol/rehearsal';

type Outcome = (typeof rehearsalOutcomes)[number];

/** The newest rehearsal of a proposal, as it stands in its row. Times are Unix milliseconds. */
export interface RehearsalState {
  /** `asked` and `leased` are under way; `missed`: no runner answered in time. */
  readonly status: 'asked' | 'leased' | 'missed' | Outcome;
  /** Which rehearsal of this proposal: the first is 1. */
  readonly number: number;
  readonly asked_at: number;
  /** Until when an answer counts. */
  readonly until: number;
  /** A reviewer who asked for a fresh look; null for the one that every request begins with. */
  readonly asked_by: string | null;
  readonly lease_id: string | null;
  readonly runner_id: string | null;
  /** The entry with what the runner saw. */
  readonly seq: number | null;
  /** The columns that somebody else changed since the version that is up for decision. */
  readonly drift: readonly string[] | null;
}
