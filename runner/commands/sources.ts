import { backoffMs } from '@countersign/client/backoff';
import { pause } from '@countersign/client/pause';
import type { RunnerConfig } from '../config/runner-config.ts';
import { DatabaseFault } from '../databases/database-fault.ts';
import type { SourceDatabase, SourceFault } from '../databases/source-database.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { faultFields } from '../log.ts';
import { claimLoop } from '../loops/claim-loop.ts';
import { Jobs } from '../loops/jobs.ts';
import { Lanes } from '../loops/lanes.ts';
import { rehearsalLoop } from '../loops/rehearsal-loop.ts';
import { Rehearsals } from '../loops/rehearsals.ts';
import type { ReportQueue } from '../loops/report-queue.ts';
import type { RunnerContext } from '../loops/runner-context.ts';
import type { VerifyScope } from '../verify/verify-job.ts';
import { adviceForDatabase } from './explain-fault.ts';
import { firstContact } from './first-contact.ts';
import { heartbeatOf, registrationOf } from './introduction.ts';
import type { Shutdown } from './shutdown.ts';

const RETRY = { leastMs: 500, mostMs: 30_000 } as const;
const FAREWELL_MS = 2_000;

export interface Source {
  readonly scope: VerifyScope;
  readonly database: SourceDatabase;
}

export interface SourcesOptions {
  readonly context: RunnerContext;
  readonly config: RunnerConfig;
  readonly sources: readonly Source[];
  readonly reports: ReportQueue;
  readonly shutdown: Shutdown;
  readonly patienceMs: number;
  /** Whether to end when there is nothing more to do now. */
  readonly isOnce: boolean;
  /** Whether its end takes the runner out of service: not where another process of this name goes on. */
  readonly saysFarewell: boolean;
  /** Whether it works at something that is of no source, and so is to be known without one. */
  readonly servesBesides: boolean;
}

type Checked = 'ready' | 'away' | 'wrong';

/** Brings the configured sources into service, each when its database has been compared with the configuration. */
export class Sources {
  readonly #options: SourcesOptions;
  readonly #context: RunnerContext;
  /** The ids of those in service: what the control plane is told that this runner serves. */
  readonly #ready: string[] = [];
  readonly #known = new AbortController();

  constructor(options: SourcesOptions) {
    this.#options = options;
    this.#context = options.context;
  }

  /** Resolves when the control plane knows this runner, or the signal aborts. */
  known(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      for (const one of [this.#known.signal, signal]) {
        if (one.aborted) resolve();
        else one.addEventListener('abort', () => resolve(), { once: true });
      }
    });
  }

  /**
   * Runs until the runner has drained. Resolves to `ok`, or to why it had to end by itself.
   *
   * @param besides what else goes on: with `isOnce` nothing is left to do only when that has ended too
   */
  async run(besides: Promise<unknown> = Promise.resolve()): Promise<ExitCode> {
    const { isOnce, shutdown, sources } = this.#options;
    const checked = await Promise.all(sources.map((source) => this.#check(source)));
    if (checked.includes('wrong')) return exitCodes.refused;
    // Whoever starts it again and again does the waiting.
    if (isOnce && checked.includes('away')) return exitCodes.unreachable;
    const [present, away] = [
      sources.filter((_, i) => checked[i] === 'ready'),
      sources.filter((_, i) => checked[i] === 'away'),
    ];
    const isKnownNow = present.length > 0 || this.#options.servesBesides;
    const refusal = isKnownNow ? await this.#announce(present) : undefined;
    if (refusal !== undefined) return refusal;
    const services = [
      ...present.map((source) => this.#serve(source)),
      ...away.map((source) => this.#serveLater(source)),
    ];
    this.#sayReady(present);
    if (isOnce) void Promise.all([...services, besides]).then(() => this.#endUnlessEnding(shutdown));
    const ends = await Promise.all([...services, this.#farewell()]);
    return ends.find((end) => end !== exitCodes.ok) ?? exitCodes.ok;
  }

  async #check({ database, scope: { sourceId } }: Source): Promise<Checked> {
    const { log } = this.#context;
    try {
      const faults = await this.#faultsOf(database);
      for (const { where, what } of faults)
        log('error', 'source_refused', { source_id: sourceId, where, fault: what });
      return faults.length === 0 ? 'ready' : 'wrong';
    } catch (error) {
      if (!(error instanceof DatabaseFault)) throw error;
      const next = adviceForDatabase(error);
      log('warn', 'database_away', { source_id: sourceId, ...faultFields(error), next });
      return 'away';
    }
  }

  /** A role that may do too much is a finding of the doctor's; in production it is a fault. */
  async #faultsOf(database: SourceDatabase): Promise<readonly SourceFault[]> {
    const faults = await database.check();
    return this.#options.config.profile === 'production'
      ? [...faults, ...(await database.posture())]
      : faults;
  }

  /** A signal may have come first, and must not be taken a stage further. */
  #endUnlessEnding(shutdown: Shutdown): void {
    if (!this.#context.drain.aborted) shutdown.next('nothing_left');
  }

  async #serveLater(source: Source): Promise<ExitCode> {
    const { drain } = this.#context;
    let checked: Checked = 'away';
    for (let failures = 1; checked === 'away'; failures += 1) {
      await pause(backoffMs(failures, RETRY, Math.random()), drain);
      if (drain.aborted) return exitCodes.ok;
      checked = await this.#check(source);
    }
    const refusal = checked === 'wrong' ? exitCodes.refused : await this.#announce([source]);
    if (refusal !== undefined) {
      // As at the start: a runner of which a part must not work does not work.
      if (!drain.aborted) this.#options.shutdown.next('source_refused');
      return refusal;
    }
    const service = this.#serve(source);
    this.#sayReady([source]);
    return service;
  }

  /** Tells the control plane which sources are served now, if any; the exit code when it does not want them. */
  async #announce(added: readonly Source[]): Promise<ExitCode | undefined> {
    const { config, patienceMs } = this.#options;
    const { api } = this.#context;
    this.#ready.push(...added.map(({ scope }) => scope.sourceId));
    const registration = registrationOf(config, this.#ready);
    const refusal =
      (await firstContact(this.#context, 'register', patienceMs, (options) =>
        api.register(registration, options),
      )) ??
      (await firstContact(this.#context, 'heartbeat', patienceMs, (options) =>
        this.#heartbeat('online', options.signal),
      ));
    if (refusal === undefined) this.#known.abort();
    return refusal;
  }

  #heartbeat(status: 'online' | 'draining', signal: AbortSignal) {
    const { api, runnerId } = this.#context;
    return api.heartbeat(heartbeatOf(runnerId, this.#ready, status), { signal });
  }

  /** Claims until the runner drains, and sees what was claimed to its end. */
  async #serve(source: Source): Promise<ExitCode> {
    await Promise.all([this.#write(source), this.#rehearse(source)]);
    return exitCodes.ok;
  }

  async #write({ scope, database }: Source): Promise<void> {
    const { config, isOnce, reports } = this.#options;
    const lanes = new Lanes(config.lanes);
    const jobs = new Jobs(this.#context, scope, database, lanes, reports);
    await claimLoop(this.#context, { sourceId: scope.sourceId, database, jobs, lanes, reports, isOnce });
    await lanes.until(() => lanes.isEmpty);
  }

  /** Where the configuration allows none, none is claimed. */
  async #rehearse({ scope, database }: Source): Promise<void> {
    const { rehearsals: limits } = scope.source;
    if (limits === undefined) return;
    const rehearsals = new Rehearsals(this.#context, scope, database, limits);
    const { isOnce } = this.#options;
    await rehearsalLoop(this.#context, { sourceId: scope.sourceId, database, rehearsals, isOnce });
  }

  #sayReady(added: readonly Source[]): void {
    if (added.length > 0) this.#context.log('info', 'ready', { sources: [...this.#ready] });
  }

  /** Says that this runner takes nothing more; if that does not arrive, its silence says so soon enough. */
  async #farewell(): Promise<ExitCode> {
    const { clock, drain, log } = this.#context;
    if (!drain.aborted)
      await new Promise((resolve) => drain.addEventListener('abort', resolve, { once: true }));
    if (this.#options.saysFarewell && this.#known.signal.aborted) {
      const inTime = AbortSignal.timeout(FAREWELL_MS);
      await clock
        .timed(() => this.#heartbeat('draining', inTime))
        .catch((error) => log('warn', 'farewell_failed', faultFields(error)));
    }
    return exitCodes.ok;
  }
}
