import { actionRules } from './action-rules.ts';
import { approvalRules } from './approval-rules.ts';
import { columnRules } from './column-rules.ts';
import type { LintRule } from './lint-rule.ts';
import { policyRules } from './policy-rules.ts';
import { readingRules } from './reading-rules.ts';
import { stateRules } from './state-rules.ts';
import { valueRules } from './value-rules.ts';
import { writeRules } from './write-rules.ts';

/** All rules, in the order in which findings of one severity are given. */
export const checkedRules = [
  ...valueRules,
  ...columnRules,
  ...approvalRules,
  ...policyRules,
  ...stateRules,
  ...writeRules,
  ...readingRules,
  ...actionRules,
] as const;

export type LintCode = (typeof checkedRules)[number]['code'];

/** What the lint can find, as a table for readers. */
export const lintRules: readonly (LintRule & { code: LintCode })[] = checkedRules.map(
  ({ code, severity, title, why, fix }) => ({ code, severity, title, why, fix }),
);
