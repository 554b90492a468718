import type { Random } from './random.ts';

/** What may happen to messages, batches and the object. */
const ofSurroundings = [
  // A batch on its way to D1 and back.
  'batch_failed_before',
  'batch_failed_after',
  'batch_unanswered',
  'batch_lost',
  'batch_slow',
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
] as const;

/** Where a runner's process may end. */
const deaths = [
  'died_with_job',
  'died_before_write',
  'died_in_transaction',
  'died_after_commit',
  'died_before_report',
  'died_after_report',
] as const;

/** What else may strike a job: in its runner, or in the customer's database. */
const ofJobs = [
  'runner_paused',
  'runner_releases',
  'runner_renews_early',
  'report_late',
  'report_twice',
  'connection_lost_before',
  'connection_lost_in_commit',
  'connection_lost_after',
  'row_edited',
  'row_restored',
] as const;

/** What a runner may make of a rehearsal that it was given. */
const ofRehearsals = ['rehearsal_dropped', 'rehearsal_late', 'rehearsal_twice', 'rehearsal_foreign'] as const;

/** What may go wrong. Each history draws its own few of these, and how often. */
export const injected = [...ofSurroundings, ...deaths, ...ofJobs, ...ofRehearsals] as const;
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
/** A history has few jobs: one way to die and a few other things strike them, and those strike hard. */
const JOB_INTENSITIES = [0.5, 1] as const;
/** Histories in which hardly any proposal is rehearsed would show little of what follows. */
const REHEARSAL_INTENSITIES = [0, 0.4, 0.8] as const;
const REHEARSAL_FAULTS = 4;
const JOB_FAULTS = 5;
/** Few jobs of a history come to these, so they are drawn more often. */
const lateDeaths = [
  ...(['died_with_job', 'died_in_transaction', 'died_in_transaction', 'died_in_transaction'] as const),
  ...(['died_before_write', 'died_before_report', 'died_after_commit', 'died_after_commit'] as const),
  ...(['died_after_report', 'died_after_report', 'died_after_report', 'died_after_report'] as const),
  ...(['died_after_report', 'died_after_report', 'died_after_report', 'died_after_report'] as const),
];
const lateForJobs = [
  ...(['report_twice', 'report_twice', 'report_twice', 'report_twice', 'report_late'] as const),
  ...(['runner_paused', 'runner_renews_early', 'connection_lost_in_commit'] as const),
];
/** What makes a lease run out, time after time, until a job is a dead letter. */
const deadly = [
  'died_with_job',
  'died_before_write',
  'died_after_commit',
  'died_before_report',
  'report_late',
] as const;
const DEADLY_RATE = 0.95;

/** How likely each fault is in one history: swarm testing, since all at once would hide what few together show. */
export class Faults {
  readonly counts = new Map<Fault, number>();
  readonly #rates = new Map<InjectedFault, number>();
  readonly #random: Random;

  /** Where `isDeadly`, hardly any attempt at a job comes to its end, and little else goes wrong. */
  constructor(random: Random, isDeadly: boolean) {
    this.#random = random;
    if (isDeadly) {
      this.#rates.set(random.pick(deadly), DEADLY_RATE);
      this.#rates.set('world_stalled', INTENSITIES[0]);
      return;
    }
    const share = random.pick([0.1, 0.3, 0.6]);
    for (const fault of ofSurroundings) {
      const isSeldomAsked = fault === 'alarm_late';
      if (random.chance(share))
        this.#rates.set(fault, random.pick(isSeldomAsked ? JOB_INTENSITIES : INTENSITIES));
    }
    this.#rates.set(random.pick([...deaths, ...lateDeaths]), random.pick(JOB_INTENSITIES));
    for (let drawn = 0; drawn < JOB_FAULTS; drawn += 1) {
      this.#rates.set(random.pick([...ofJobs, ...lateForJobs]), random.pick(JOB_INTENSITIES));
    }
    for (let drawn = 0; drawn < REHEARSAL_FAULTS; drawn += 1) {
      this.#rates.set(random.pick(ofRehearsals), random.pick(REHEARSAL_INTENSITIES));
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
