import type { ContractIssueCode } from '../../contract-issues.ts';

/** Places in a contract (`capabilities.0.lookup`) and what they hold instead; undefined: nothing. */
export type Changes = Readonly<Record<string, unknown>>;

/** For tests: the code, a valid contract, what makes it wrong, and a change beside that which is right. */
export type IssueCase = readonly [ContractIssueCode, () => unknown, Changes, Changes];
