/**
 * Every code that the control plane answers with: one closed list, so that a client can be complete.
 * `retryable` means that the same request may succeed later without anybody changing anything. Existing clients
 * give up for good on a plain 500 (PROTOCOL 1.4), so whatever passes by itself is a 503.
 */
export const errorCodes = {
  invalid_json: { status: 400, retryable: false, title: 'The body is not valid JSON' },
  invalid_request: {
    status: 400,
    retryable: false,
    title: 'The request is not of the form this route takes',
  },
  project_required: { status: 400, retryable: false, title: 'The request must name a project' },
  token_missing: { status: 401, retryable: false, title: 'A bearer token is required' },
  token_invalid: { status: 401, retryable: false, title: 'The bearer token is not valid' },
  token_expired: { status: 401, retryable: false, title: 'The bearer token has expired' },
  token_revoked: { status: 401, retryable: false, title: 'The bearer token has been revoked' },
  forbidden: { status: 403, retryable: false, title: 'This credential may not do that' },
  wrong_project: { status: 403, retryable: false, title: 'This credential belongs to another project' },
  source_not_permitted: {
    status: 403,
    retryable: false,
    title: 'This credential does not cover that source',
  },
  separation_of_duty: { status: 403, retryable: false, title: 'Whoever proposed a change cannot approve it' },
  approval_role_required: {
    status: 403,
    retryable: false,
    title: 'The decision needs a named approval role',
  },
  lease_foreign: { status: 403, retryable: false, title: 'The lease is held by another runner' },
  not_found: { status: 404, retryable: false, title: 'There is nothing here' },
  project_not_found: { status: 404, retryable: false, title: 'No such project, or none that you may see' },
  proposal_not_found: { status: 404, retryable: false, title: 'No such proposal' },
  job_not_found: { status: 404, retryable: false, title: 'No such job' },
  runner_not_found: { status: 404, retryable: false, title: 'No such runner' },
  method_not_allowed: { status: 405, retryable: false, title: 'That method is not served here' },
  proposal_already_decided: { status: 409, retryable: false, title: 'The proposal has already been decided' },
  proposal_expired: { status: 409, retryable: false, title: 'The proposal expired before it was decided' },
  proposal_hash_mismatch: { status: 409, retryable: false, title: 'Another proposal has this id' },
  decision_outdated: {
    status: 409,
    retryable: false,
    title: 'The proposal is not the one that was looked at',
  },
  proposal_not_cancelable: { status: 409, retryable: false, title: 'The proposal can no longer be canceled' },
  lease_unknown: { status: 409, retryable: false, title: 'No such lease was ever given for this job' },
  lease_lost: { status: 409, retryable: false, title: 'The lease is no longer the current one' },
  runner_draining: { status: 409, retryable: false, title: 'The runner was taken out of service' },
  job_terminal: { status: 409, retryable: false, title: 'The job has already ended' },
  result_differs: { status: 409, retryable: false, title: 'Another result is already recorded for this job' },
  job_not_dead: { status: 409, retryable: false, title: 'Only a dead letter can be requeued or discarded' },
  activity_differs: { status: 409, retryable: false, title: 'Another event has this id' },
  body_too_large: { status: 413, retryable: false, title: 'The body is too large' },
  unsupported_media_type: { status: 415, retryable: false, title: 'The body must be application/json' },
  validation_failed: { status: 422, retryable: false, title: 'The request does not pass validation' },
  unknown_field: { status: 422, retryable: false, title: 'The request has a field that is not known' },
  invalid_identifier: {
    status: 422,
    retryable: false,
    title: 'An identifier has a character it may not have',
  },
  column_not_allowed: { status: 422, retryable: false, title: 'A column is outside the allow-list' },
  protected_column: { status: 422, retryable: false, title: 'A protected column may not be changed' },
  tenant_guard_missing: { status: 422, retryable: false, title: 'The change set has no tenant guard' },
  unsafe_number: { status: 422, retryable: false, title: 'A number cannot be carried exactly' },
  unstorable_text: { status: 422, retryable: false, title: 'A text cannot be stored exactly' },
  change_set_unsupported: {
    status: 422,
    retryable: false,
    title: 'This form of change set is not supported',
  },
  source_unknown: { status: 422, retryable: false, title: 'No such source in this project' },
  idempotency_key_reused: {
    status: 422,
    retryable: false,
    title: 'The idempotency key came with another request',
  },
  internal_error: { status: 500, retryable: false, title: 'Something is wrong on our side' },
  overloaded: { status: 503, retryable: true, title: 'The project is busy; try again shortly' },
  unavailable: { status: 503, retryable: true, title: 'The record cannot be reached right now' },
  issuer_unavailable: { status: 503, retryable: true, title: "The token issuer's keys cannot be fetched" },
} as const;

export type ErrorCode = keyof typeof errorCodes;

export function isErrorCode(text: string): text is ErrorCode {
  return Object.hasOwn(errorCodes, text);
}
