import type { Random } from './random.ts';

/** What may go wrong. Each history draws its own few of these, and how often. */
export const injected = [
  // A batch on its way to D1 and back.
  'batch_failed_before',
  'batch_failed_after',
  'batch_unanswered',
  'batch_lost',
  'batch_late',
  'batch_twice',
  // Messages between clients and the object.
  'request_lost',
  'request_doubled',
  'request_delayed',
  'answer_lost',
  'answer_delayed',
  // The object's place in the world.
  'object_evicted',
  'object_crashed',
  'object_superseded',
  'request_to_stale_object',
  'alarm_late',
  'clock_jumped',
  'world_stalled',
  // The gateway's held polls.
  'gateway_died',
  'poll_abandoned',
  // Runners.
  'died_with_job',
  'died_before_write',
  'died_in_transaction',
  'died_after_commit',
  'died_before_report',
  'died_after_report',
  'runner_paused',
  'runner_releases',
  'runner_renews_early',
  'report_late',
  'report_twice',
  // The customer's database.
  'connection_lost_before',
  'connection_lost_in_commit',
  'connection_lost_after',
  'row_edited',
  'row_restored',
] as const;
export type InjectedFault = (typeof injected)[number];

/** What follows from those: counted, because a campaign in which they never happen shows nothing. */
export const observed = [
  'message_overtaken',
  'stale_batch_refused',
  'late_batch_after_newer',
  'stale_object_resumed',
  'lease_expired',
] as const;
export type Fault = InjectedFault | (typeof observed)[number];

const INTENSITIES = [0.02, 0.06, 0.15, 0.3] as const;

/** How likely each fault is in one history: swarm testing, since all at once would hide what few together show. */
export class Faults {
  readonly counts = new Map<Fault, number>();
  readonly #rates = new Map<InjectedFault, number>();
  readonly #random: Random;

  constructor(random: Random) {
    this.#random = random;
    const share = random.pick([0.1, 0.3, 0.6]);
    for (const fault of injected) {
      if (random.chance(share)) this.#rates.set(fault, random.pick(INTENSITIES));
    }
  }

  /** Whether this fault strikes now. */
  strikes(fault: InjectedFault): boolean {
    const rate = this.#rates.get(fault);
    if (rate === undefined || !this.#random.chance(rate)) return false;
    this.note(fault);
    return true;
  }

  /** Counts a fault that happened. */
  note(fault: Fault): void {
    this.counts.set(fault, (this.counts.get(fault) ?? 0) + 1);
  }

  /** From now on nothing goes wrong any more. */
  cease(): void {
    this.#rates.clear();
  }
}
