import type { Issue } from '../problem.ts';

/**
 * Everything that can be wrong with a contract. Codes of the public format keep their name; the others are ours,
 * and where they are stricter than that format, the message says why.
 */
export const contractIssueCodes = [
  // The document.
  'CONTRACT_TOO_LARGE',
  'UNSTORABLE_TEXT',
  'SECRET_IN_CONTRACT',
  'INVALID_VALUE',
  'UNKNOWN_FIELD',
  'INVALID_IDENTIFIER',
  'UNSAFE_NUMBER',
  'NOT_A_SCALAR',
  // Names.
  'DUPLICATE_NAME',
  'DUPLICATE_FIELD',
  'UNKNOWN_CONTEXT',
  'UNKNOWN_CONTEXT_BINDING',
  'UNKNOWN_RESOURCE',
  'UNKNOWN_CAPABILITY',
  'UNKNOWN_LOOKUP_ARG',
  'UNKNOWN_APPROVAL_POLICY',
  // Who and where.
  'TENANT_KEY_REQUIRED',
  'SUBJECT_INCOMPLETE',
  'SUBJECT_CONTRADICTS_RESOURCE',
  'STATIC_DEV_BINDING',
  'SINGLE_TENANT_DEV',
  'REVIEWED_ORGANIZATION_BINDING',
  'PROPOSAL_PRINCIPAL_REQUIRED',
  'PRINCIPAL_SCOPE_TENANT_REQUIRED',
  'PRINCIPAL_SCOPE_BINDING_REQUIRED',
  'PRINCIPAL_SCOPE_WRITE_FORBIDDEN',
  'MODEL_CONTROLLED_PRINCIPAL_SCOPE',
  'MODEL_CONTROLLED_TRUST_ARG',
  // What is asked and shown.
  'ARGS_REQUIRED',
  'BOUNDS_REVERSED',
  'LOOKUP_REQUIRED',
  'LOOKUP_ARGUMENT_UNFIT',
  'VISIBLE_FIELDS_REQUIRED',
  'KEPT_OUT_FIELD_VISIBLE',
  'KEPT_OUT_FIELD_WITHHELD',
  'SECTION_UNFIT',
  'AGGREGATE_INVALID',
  'PROTECTED_READ_INVALID',
  'EVIDENCE_REQUIRED',
  // What is changed.
  'ALLOWED_FIELDS_REQUIRED',
  'PATCH_REQUIRED',
  'PATCH_FIELD_NOT_ALLOWED',
  'PATCH_BINDING_REQUIRED',
  'PATCH_ARGUMENT_UNKNOWN',
  'PATCH_ARGUMENT_OPTIONAL',
  'PATCH_ARGUMENT_UNFIT',
  'PATCH_ITEM_OUTSIDE_BATCH',
  'PATCH_ITEM_UNKNOWN',
  'PATCH_COLUMN_NOT_VISIBLE',
  'PROTECTED_COLUMN',
  'NUMERIC_BOUND_UNPATCHED',
  'NUMERIC_BOUND_EMPTY',
  'NUMERIC_BOUND_ONE_SIDED',
  'NUMERIC_BOUND_UNFIT',
  'TRANSITION_UNPATCHED',
  'TRANSITION_UNFIT',
  'TRANSITION_COLUMN_NOT_VISIBLE',
  'CONFLICT_GUARD_REQUIRED',
  'CONFLICT_GUARD_UNFIT',
  'VERSION_ADVANCE_UNFIT',
  'DEDUPLICATION_INVALID',
  'SET_INVALID',
  'REVERSIBILITY_UNFIT',
  'EXECUTION_UNFIT',
  // What is caused outside.
  'ACTION_ARGUMENT_UNKNOWN',
  'ACTION_ARGUMENT_UNUSED',
  'ACTION_ARGUMENT_OPTIONAL',
  'ACTION_ARGUMENT_UNBOUNDED',
  'ACTION_FIELD_UNKNOWN',
  'ACTION_FIELD_MISSING',
  'ACTION_FIELD_UNFIT',
  'ACTION_KEY_UNFIT',
  // Who decides.
  'APPROVAL_ROLE_REQUIRED',
  'APPROVAL_POLICY_UNFIT',
  'APPROVAL_MODE_UNFIT',
  'APPROVAL_POLICY_FIELD_NOT_NUMERIC',
  'APPROVAL_POLICY_MAX_EXCEEDS_BOUND',
  'POLICY_INVALID',
] as const;

export type ContractIssueCode = (typeof contractIssueCodes)[number];

/** Notes one thing that is wrong: where (`$.capabilities[0].args.x`), which rule, in words. */
export type Report = (path: string, code: ContractIssueCode, message: string) => void;

/** More would be noise: whoever fixes a hundred asks again. */
const MOST_ISSUES = 100;

export interface IssueList {
  readonly report: Report;
  readonly issues: Issue[];
}

export function issueList(): IssueList {
  const issues: Issue[] = [];
  return {
    issues,
    report: (path, code, message) => {
      if (issues.length < MOST_ISSUES) issues.push({ path, code, message });
    },
  };
}
