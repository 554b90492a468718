import type { ActionOutcome } from '@countersign/protocol/action/action-job';
import type { ProviderName } from '@countersign/protocol/action/providers';
import type { Effect, Executor, Found } from './executor.ts';
import { unknown } from './outcomes.ts';

export type PerformFunction = (effect: Effect, signal: AbortSignal) => Promise<ActionOutcome>;

export interface FunctionOptions {
  readonly provider?: ProviderName;
  readonly remembersMs?: number | null;
  readonly find?: (effect: Effect, signal: AbortSignal) => Promise<Found>;
}

/** A plain function as an executor, for whoever embeds the runner, and for tests. One that throws is not known to have done nothing. */
export class FunctionExecutor implements Executor {
  readonly provider: ProviderName;
  readonly remembersMs: number | null;
  readonly find?: (effect: Effect, signal: AbortSignal) => Promise<Found>;
  readonly #perform: PerformFunction;

  constructor(
    perform: PerformFunction,
    { find, provider = 'command', remembersMs = null }: FunctionOptions = {},
  ) {
    this.provider = provider;
    this.remembersMs = remembersMs;
    if (find !== undefined) this.find = find;
    this.#perform = perform;
  }

  async perform(effect: Effect, signal: AbortSignal): Promise<ActionOutcome> {
    try {
      return await this.#perform(effect, signal);
    } catch {
      return unknown('function_threw');
    }
  }
}
