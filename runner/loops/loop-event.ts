import type { Outcome, RehearsalOutcome } from '../databases/source-database.ts';
import type { Lanes } from './lanes.ts';
import type { ReportQueue } from './report-queue.ts';

/** What became of a claimed job: what the database said, or why it was not asked. */
export type JobOutcome = Outcome['kind'] | 'rehearsed' | 'refused' | 'dropped' | 'fault';

/** What became of a claimed rehearsal: what the database said, or why it was not asked. */
export type RehearsalEnd = RehearsalOutcome['kind'] | 'refused' | 'expired' | 'dropped' | 'fault';

/** What the loops do, for whoever watches. Nothing in it names a job, a lease or a row. */
export type LoopEvent =
  /** The control plane knows this runner. */
  | { readonly kind: 'contacted' }
  | { readonly kind: 'reporting'; readonly reports: Pick<ReportQueue, 'waiting' | 'oldestWaitingMs'> }
  /** A source's database is as configured, and its jobs are claimed from now on. */
  | {
      readonly kind: 'serving';
      readonly sourceId: string;
      readonly lanes: Pick<Lanes, 'taken' | 'room'>;
    }
  /** A freeze has begun to hold this runner's work back, or has ceased to. */
  | { readonly kind: 'frozen' | 'thawed'; readonly freezeId: string }
  /** The claim loop of a source begins once more. */
  | { readonly kind: 'turn'; readonly sourceId: string }
  /** A claim has ended; `seconds` hold the time that the control plane held it. */
  | {
      readonly kind: 'claim';
      readonly sourceId: string;
      readonly outcome: 'jobs' | 'empty' | 'failed';
      readonly seconds: number;
      /** Refused, since this runner is out of service. */
      readonly isDraining?: boolean;
    }
  /** A database has answered for a plan, whatever it said. */
  | { readonly kind: 'apply'; readonly sourceId: string; readonly seconds: number }
  | { readonly kind: 'job'; readonly sourceId: string; readonly outcome: JobOutcome }
  | {
      readonly kind: 'rehearsal';
      readonly sourceId: string;
      readonly outcome: RehearsalEnd;
      /** How long the row was locked, where one was. */
      readonly lockHeldSeconds: number | undefined;
    }
  /** A job had to be dropped: a renewal was refused, or none was had in time. */
  | { readonly kind: 'lease_lost'; readonly sourceId: string; readonly outcome: 'refused' | 'lapsed' }
  | { readonly kind: 'renewal'; readonly outcome: 'granted' | 'refused' | 'failed' }
  /** What has just been learned of a source's database. */
  | { readonly kind: 'database'; readonly sourceId: string; readonly isReachable: boolean };

/** An event of one source, before it is said of which. */
export type SourceEvent = DistributiveOmit<Extract<LoopEvent, { readonly sourceId: string }>, 'sourceId'>;
type DistributiveOmit<Event, Key extends PropertyKey> = Event extends unknown ? Omit<Event, Key> : never;

/** Is told of every event as it happens; must neither throw nor take time. */
export type Observe = (event: LoopEvent) => void;
