import type { ActionOutcome } from '@countersign/protocol/action/action-job';
import type { ActionInput, ProviderName } from '@countersign/protocol/action/providers';

/** One thing that is to happen outside of a database, once. */
export interface Effect {
  /** The same for every attempt, and for no other effect. */
  readonly key: string;
  readonly input: ActionInput;
  readonly name: string;
  readonly actionId: string;
  /** 1 for the first. */
  readonly attempt: number;
  /** When an earlier attempt first may have reached the provider, in ms since 1970; null: none has. */
  readonly firstBegunAt: number | null;
}

/** What a provider says about an effect; `unknown` when it cannot say, or not now. */
export type Found =
  | { readonly found: 'yes'; readonly reference: string | null }
  | { readonly found: 'no' }
  | { readonly found: 'unknown'; readonly code: string };

/**
 * Makes effects happen at one provider. Whatever the provider or the network does is an outcome and never thrown; what
 * is thrown is a fault of ours. `perform` speaks of this attempt only: what an earlier one may have left is the concern
 * of `performAction`.
 */
export interface Executor {
  readonly provider: ProviderName;
  /** How long the provider remembers a key (ms); null: it does not know keys; Infinity: for ever. */
  readonly remembersMs: number | null;
  perform(effect: Effect, signal: AbortSignal): Promise<ActionOutcome>;
  /** Asks the provider by key whether an earlier attempt has happened; absent where nobody can ask. */
  readonly find?: (effect: Effect, signal: AbortSignal) => Promise<Found>;
  close?(): Promise<void>;
}
