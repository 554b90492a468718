import type { ContractView } from './contract-view.ts';

/** `danger`: somebody could lose something by it. `warning`: think before you activate. `note`: it could be better. */
export type Severity = 'danger' | 'warning' | 'note';

export interface LintRule {
  code: string;
  severity: Severity;
  title: string;
  /** What goes wrong otherwise. */
  why: string;
  fix: string;
}

/** A place where a rule found something. */
export interface Spot {
  path: string;
  message: string;
}

export interface CheckedRule extends LintRule {
  check: (contract: ContractView) => Spot[];
}
