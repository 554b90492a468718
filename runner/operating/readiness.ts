import { pause } from '@countersign/client/pause';
import type { SourceDatabase } from '../databases/source-database.ts';
import type { LoopEvent } from '../loops/loop-event.ts';

/** What has been learned of a database this recently is not asked again. */
const FRESH_MS = 5_000;
/** An answer waits this long for a database; then it says what was known before. */
const LOOK_MS = 1_000;
/** A loop begins again after a held claim and the longest pause at the latest: 100 s. */
const STALLED_MS = 180_000;

export interface ReadinessReport {
  readonly ready: boolean;
  /** It is out of service: told to end, or the control plane hands it nothing more. */
  readonly draining: boolean;
  /** A freeze holds its work back, or a part of it. That is no fault of this runner, so it may be ready. */
  readonly frozen: boolean;
  /** `away` until it has answered, and from when a claim failed until one is answered. */
  readonly control_plane: 'ok' | 'away';
  /** By source. `unchecked`: it has not been compared with the configuration, since it has not been reached yet. */
  readonly databases: Readonly<Record<string, 'ok' | 'away' | 'unchecked'>>;
}

interface SourceState {
  lanes: { readonly room: number } | undefined;
  turnedAt: number;
  isClaimAnswered: boolean;
  /** Its last claim was refused, since the control plane has this runner as draining. */
  isDraining: boolean;
  database: 'ok' | 'away' | 'unchecked';
  learnedAt: number;
  looking: Promise<void> | undefined;
}

export interface ReadinessOptions {
  readonly databases: ReadonlyMap<string, Pick<SourceDatabase, 'probe'>>;
  readonly drain: AbortSignal;
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
}

/**
 * Whether the runner works, and could. It learns from what the loops do; an idle database is asked when somebody
 * wants to know, so that a runner which nobody watches costs the database nothing.
 */
export class Readiness {
  readonly #options: ReadinessOptions;
  readonly #sources = new Map<string, SourceState>();
  readonly #freezes = new Set<string>();
  #isContacted = false;

  constructor(options: ReadinessOptions) {
    this.#options = options;
    for (const sourceId of options.databases.keys()) {
      this.#sources.set(sourceId, {
        lanes: undefined,
        turnedAt: 0,
        isClaimAnswered: true,
        isDraining: false,
        database: 'unchecked',
        learnedAt: 0,
        looking: undefined,
      });
    }
  }

  observe(event: LoopEvent): void {
    if (event.kind === 'contacted') this.#isContacted = true;
    if (event.kind === 'frozen') this.#freezes.add(event.freezeId);
    if (event.kind === 'thawed') this.#freezes.delete(event.freezeId);
    const source = 'sourceId' in event ? this.#sources.get(event.sourceId) : undefined;
    if (source === undefined) return;
    if (event.kind === 'serving') {
      source.lanes = event.lanes;
      this.#learn(source, true);
    } else if (event.kind === 'turn') source.turnedAt = this.#options.now();
    else if (event.kind === 'claim') {
      source.isDraining = event.isDraining === true;
      source.isClaimAnswered = event.outcome !== 'failed' || source.isDraining;
    } else if (event.kind === 'database') this.#learn(source, event.isReachable);
  }

  /** False when a claim loop with a free lane and a database has not begun again for too long. */
  get isTurning(): boolean {
    const { drain, now } = this.#options;
    return (
      drain.aborted ||
      [...this.#sources.values()].every(
        ({ database, lanes, turnedAt }) =>
          lanes === undefined || lanes.room === 0 || database === 'away' || now() - turnedAt < STALLED_MS,
      )
    );
  }

  /** Looks at databases of which nothing was learned lately, but not for long. */
  async report(): Promise<ReadinessReport> {
    const { drain } = this.#options;
    if (!drain.aborted) await this.#lookAround();
    const states = [...this.#sources.values()];
    const isControlPlaneThere = this.#isContacted && states.every(({ isClaimAnswered }) => isClaimAnswered);
    const isDraining = drain.aborted || states.some((source) => source.isDraining);
    return {
      ready: !isDraining && isControlPlaneThere && states.every(({ database }) => database === 'ok'),
      draining: isDraining,
      frozen: this.#freezes.size > 0,
      control_plane: isControlPlaneThere ? 'ok' : 'away',
      databases: Object.fromEntries(
        [...this.#sources].map(([sourceId, { database }]) => [sourceId, database]),
      ),
    };
  }

  async #lookAround(): Promise<void> {
    const done = new AbortController();
    const looks = [...this.#sources].map(([sourceId, source]) => this.#look(sourceId, source));
    const looked = Promise.all(looks).finally(() => done.abort());
    await Promise.race([looked, pause(LOOK_MS, done.signal)]);
  }

  /** One look at a time, whoever asks. A source that is not in service yet is tried by whoever starts it. */
  #look(sourceId: string, source: SourceState): Promise<void> {
    const isKnown = this.#options.now() - source.learnedAt < FRESH_MS;
    if (source.database === 'unchecked' || isKnown) return Promise.resolve();
    source.looking ??= this.#probe(sourceId, source).finally(() => {
      source.looking = undefined;
    });
    return source.looking;
  }

  async #probe(sourceId: string, source: SourceState): Promise<void> {
    const code = await this.#options.databases.get(sourceId)?.probe();
    this.#learn(source, code === undefined);
  }

  #learn(source: SourceState, isReachable: boolean): void {
    source.database = isReachable ? 'ok' : 'away';
    source.learnedAt = this.#options.now();
  }
}
