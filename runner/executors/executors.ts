import type { ActionOutcome, ClaimedAction } from '@countersign/protocol/action/action-job';
import type { Executor } from './executor.ts';
import { type PerformOptions, performAction, refuse } from './perform-action.ts';

/** The executors of one runner, by the names that its configuration gives their targets. */
export class Executors {
  readonly #byTarget: ReadonlyMap<string, Executor>;

  constructor(byTarget: ReadonlyMap<string, Executor>) {
    this.#byTarget = byTarget;
  }

  get targets(): readonly string[] {
    return [...this.#byTarget.keys()];
  }

  get(target: string): Executor | undefined {
    return this.#byTarget.get(target);
  }

  /** As `performAction`, with the executor of the action's target. */
  async perform(action: ClaimedAction, options: PerformOptions): Promise<ActionOutcome> {
    const executor = this.get(action.target);
    return executor === undefined
      ? refuse(action, 'target_unknown')
      : performAction(executor, action, options);
  }

  async close(): Promise<void> {
    await Promise.all([...this.#byTarget.values()].map((executor) => executor.close?.()));
  }
}
