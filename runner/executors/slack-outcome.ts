import type { ActionOutcome } from '@countersign/protocol/action/action-job';
import {
  WebAPIHTTPError,
  WebAPIPlatformError,
  WebAPIRateLimitedError,
  WebAPIRequestError,
} from '@slack/web-api';
import type { Found } from './executor.ts';
import { HttpFault } from './http-fault.ts';
import { outcomeOfFault, outcomeOfStatus } from './http-outcome.ts';
import { failed, misconfigured, retry, unknown, wordOf } from './outcomes.ts';

/** What the app or its token lacks. A person mends it, and then the message can go. */
const MENDED_BY_A_PERSON = [
  'access_denied',
  'account_inactive',
  'app_missing_action_url',
  'ekm_access_denied',
  'invalid_auth',
  'missing_scope',
  'no_permission',
  'not_allowed_token_type',
  'not_authed',
  'org_login_required',
  'team_access_not_granted',
  'token_expired',
  'token_revoked',
  'two_factor_setup_required',
];
const LATER = ['rate_limited', 'ratelimited', 'message_limit_exceeded', 'team_added_to_org'];
/** Of these Slack itself says that something may have been done. */
const NOT_KNOWN = ['fatal_error', 'internal_error', 'request_timeout', 'service_unavailable'];
const LATER_MS = 60_000;

/** What is true after Slack's library threw. Rethrows what it should not have thrown. */
export function outcomeOfSlack(error: unknown): ActionOutcome {
  if (error instanceof WebAPIRateLimitedError) return retry('ratelimited', error.retryAfter * 1_000);
  if (error instanceof WebAPIHTTPError) return outcomeOfStatus(error.statusCode, undefined);
  if (error instanceof WebAPIRequestError) return outcomeOfFault(error.original);
  if (error instanceof WebAPIPlatformError) return outcomeOfWord(wordOf(error.data.error));
  // Thrown bare where a library between wraps nothing.
  if (error instanceof HttpFault) return outcomeOfFault(error);
  throw error;
}

function outcomeOfWord(word: string | undefined): ActionOutcome {
  if (word === undefined) return unknown('answer_invalid');
  if (MENDED_BY_A_PERSON.includes(word)) return misconfigured(word);
  if (LATER.includes(word)) return retry(word, LATER_MS);
  return NOT_KNOWN.includes(word) ? unknown(word) : failed(word);
}

export function notFoundOutAtSlack(error: unknown): Found {
  return { found: 'unknown', code: outcomeOfSlack(error).code ?? 'not_asked' };
}
