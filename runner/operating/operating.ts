import type { LoopEvent } from '../loops/loop-event.ts';
import type { Told } from './operating-server.ts';
import { Readiness, type ReadinessOptions, type ReadinessReport } from './readiness.ts';
import { RunnerMetrics } from './runner-metrics.ts';

/** Watches the loops, and tells what the operating server is asked. */
export class Operating implements Told {
  readonly #readiness: Readiness;
  readonly #metrics: RunnerMetrics;

  /** @param engines the engine of each source, by the source's id */
  constructor(engines: ReadonlyMap<string, string>, options: ReadinessOptions) {
    this.#metrics = new RunnerMetrics(engines);
    this.#readiness = new Readiness(options);
  }

  readonly observe = (event: LoopEvent): void => {
    this.#metrics.observe(event);
    this.#readiness.observe(event);
  };

  get isTurning(): boolean {
    return this.#readiness.isTurning;
  }

  report(): Promise<ReadinessReport> {
    return this.#readiness.report();
  }

  metricsText(): string {
    return this.#metrics.text();
  }
}
