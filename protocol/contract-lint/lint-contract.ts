import type { AgentContract } from '../contract/contract-document.ts';
import { viewOf } from './contract-view.ts';
import type { Severity } from './lint-rule.ts';
import { checkedRules, type LintCode } from './lint-rules.ts';

export interface Finding {
  code: LintCode;
  severity: Severity;
  /** Like `$.capabilities[0].proposal.patch.fee_cents`. */
  path: string;
  message: string;
  fix: string;
}

const order: readonly Severity[] = ['danger', 'warning', 'note'];

/** What is dangerous in a contract that is valid: the worst first, then by rule, then as the contract has it. */
export function lintContract(contract: AgentContract): Finding[] {
  const view = viewOf(contract);
  return checkedRules
    .flatMap(({ code, severity, fix, check }) =>
      check(view).map(({ path, message }): Finding => ({ code, severity, path, message, fix })),
    )
    .toSorted((a, b) => order.indexOf(a.severity) - order.indexOf(b.severity));
}
