import type { WritePlan } from './write-plan.ts';

/** One verified rehearsal: what a write would change, and what may be told of it. */
export interface RehearsalPlan
  extends Pick<WritePlan, 'table' | 'primaryKey' | 'tenant' | 'columns' | 'values' | 'proposalId'> {
  readonly rehearsalId: string;
  readonly leaseId: string;
  /** For whom it is: the rehearsals of each are bounded. */
  readonly agent: string;
  /** Unix milliseconds of the control plane's clock from which on nobody wants the answer. */
  readonly expiresAtMs: number;
  /** The columns whose values are told, all of them allowed by the configuration. */
  readonly visible: readonly string[];
}
