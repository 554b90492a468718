import type { JobOutcome, LoopEvent, RehearsalEnd } from '../loops/loop-event.ts';
import { Counter, Gauge, Histogram, type Labels, metricsText, type Sample } from './metrics.ts';

/** A write is one round trip; the slowest that is allowed takes a statement's timeout, and tries follow. */
const APPLY_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
/** A claim that finds nothing is held for 25 s. */
const CLAIM_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 26, 40];

/** Two round trips, or as long as a rehearsal's statements may take. */
const LOCK_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

const claimOutcomes = ['jobs', 'empty', 'failed'] as const;
const renewalOutcomes = ['granted', 'refused', 'failed'] as const;
const lossOutcomes = ['refused', 'lapsed'] as const;
const jobOutcomes: readonly JobOutcome[] = [
  'applied',
  'already_applied',
  'conflict',
  'failed',
  'receipt_corrupt',
  'released',
  'rehearsed',
  'lease_lost',
  'unknown',
  'refused',
  'dropped',
  'fault',
];

const rehearsalEnds: readonly RehearsalEnd[] = [
  'done',
  'row_not_found',
  'failed',
  'refused',
  'expired',
  'dropped',
  'fault',
];

type Of<Kind extends LoopEvent['kind']> = Extract<LoopEvent, { readonly kind: Kind }>;

/** The runner in numbers. Labels are the configuration's names of sources, their engines, and closed lists. */
export class RunnerMetrics {
  readonly #engines: ReadonlyMap<string, string>;
  readonly #lanes = new Map<string, Of<'serving'>['lanes']>();
  #reports: Of<'reporting'>['reports'] | undefined;

  readonly #claims = new Counter('countersign_runner_claims_total', 'Claims that have ended.');
  readonly #claimSeconds = new Histogram(
    'countersign_runner_claim_duration_seconds',
    'How long answered claims took, with the time that the control plane held them.',
    CLAIM_SECONDS,
  );
  readonly #jobs = new Counter('countersign_runner_jobs_total', 'Claimed jobs, by what became of them.');
  readonly #applySeconds = new Histogram(
    'countersign_runner_apply_duration_seconds',
    'How long the database took for a job, with all its tries.',
    APPLY_SECONDS,
  );
  readonly #losses = new Counter(
    'countersign_runner_leases_lost_total',
    'Jobs dropped because their lease was gone: a renewal was refused, or none was had in time.',
  );
  readonly #rehearsals = new Counter(
    'countersign_runner_rehearsals_total',
    'Claimed rehearsals, by what became of them.',
  );
  readonly #lockSeconds = new Histogram(
    'countersign_runner_rehearsal_lock_seconds',
    'How long rehearsals held the lock of a row.',
    LOCK_SECONDS,
  );
  readonly #renewals = new Counter('countersign_runner_lease_renewals_total', 'Renewals of leases.');
  readonly #gauges = [
    new Gauge(
      'countersign_runner_reports_waiting',
      'Results that the control plane has not answered for.',
      () => [{ labels: {}, value: this.#reports?.waiting ?? 0 }],
    ),
    new Gauge(
      'countersign_runner_oldest_waiting_report_age_seconds',
      'For how long the oldest of these results waits; 0 when there is none.',
      () => [{ labels: {}, value: (this.#reports?.oldestWaitingMs ?? 0) / 1_000 }],
    ),
    new Gauge('countersign_runner_lanes_taken', 'Jobs that are held now.', () => this.#lanesTaken()),
  ];

  /** @param engines the engine of each source, by the source's id */
  constructor(engines: ReadonlyMap<string, string>) {
    this.#engines = engines;
    for (const outcome of renewalOutcomes) this.#renewals.add(0, { outcome });
    for (const source of engines.keys()) {
      for (const outcome of claimOutcomes) this.#claims.add(0, this.#labels(source, outcome));
      for (const outcome of jobOutcomes) this.#jobs.add(0, this.#labels(source, outcome));
      for (const outcome of rehearsalEnds) this.#rehearsals.add(0, this.#labels(source, outcome));
      for (const outcome of lossOutcomes) this.#losses.add(0, this.#labels(source, outcome));
    }
  }

  observe(event: LoopEvent): void {
    switch (event.kind) {
      case 'reporting':
        this.#reports = event.reports;
        break;
      case 'serving':
        this.#lanes.set(event.sourceId, event.lanes);
        break;
      case 'claim':
        this.#claims.add(1, this.#labels(event.sourceId, event.outcome));
        if (event.outcome !== 'failed')
          this.#claimSeconds.observe(event.seconds, this.#labels(event.sourceId));
        break;
      case 'apply':
        this.#applySeconds.observe(event.seconds, this.#labels(event.sourceId));
        break;
      case 'job':
        this.#jobs.add(1, this.#labels(event.sourceId, event.outcome));
        break;
      case 'rehearsal':
        this.#rehearsals.add(1, this.#labels(event.sourceId, event.outcome));
        if (event.lockHeldSeconds !== undefined)
          this.#lockSeconds.observe(event.lockHeldSeconds, this.#labels(event.sourceId));
        break;
      case 'lease_lost':
        this.#losses.add(1, this.#labels(event.sourceId, event.outcome));
        break;
      case 'renewal':
        this.#renewals.add(1, { outcome: event.outcome });
        break;
      case 'contacted':
      case 'turn':
      case 'database':
      case 'frozen':
      case 'thawed':
        break;
    }
  }

  /** What a scrape gets. */
  text(): string {
    return metricsText([
      this.#claims,
      this.#claimSeconds,
      this.#jobs,
      this.#applySeconds,
      this.#rehearsals,
      this.#lockSeconds,
      this.#losses,
      this.#renewals,
      ...this.#gauges,
    ]);
  }

  #labels(source: string, outcome?: string): Labels {
    const labels = { source, engine: this.#engines.get(source) ?? 'unknown' };
    return outcome === undefined ? labels : { ...labels, outcome };
  }

  #lanesTaken(): readonly Sample[] {
    return [...this.#engines.keys()].map((source) => ({
      labels: this.#labels(source),
      value: this.#lanes.get(source)?.taken ?? 0,
    }));
  }
}
