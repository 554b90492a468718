import { ApiError } from '@countersign/client/api-error';
import { printable } from '@countersign/client/printable';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { CliFault } from '../fault.ts';

/** Why a command could not do its work: in words, as a document, and as the exit code. */
export interface Explained {
  readonly code: ExitCode;
  readonly text: string;
  readonly document: object;
}

/** Codes of a credential that a new login replaces. */
const LOGIN_HELPS = new Set([
  'token_missing',
  'token_invalid',
  'token_key_unknown',
  'token_expired',
  'token_revoked',
]);

/** Where the control plane speaks to those who write requests by hand. */
const ownAdvice = new Map([['project_required', 'say --project ID, or set COUNTERSIGN_PROJECT']]);

/**
 * Explains what the world outside did; throws again what is a fault of this program.
 *
 * @param writeKey the idempotency key of what may have been written
 */
export function explainFault(error: unknown, writeKey?: string): Explained {
  if (error instanceof CliFault) return ofCommand(error);
  if (error instanceof ApiError) return ofControlPlane(error, writeKey);
  throw error;
}

function ofCommand({ code, message, next }: CliFault): Explained {
  return {
    code,
    text: lines(message, next === undefined ? [] : [`next: ${next}`]),
    document: { ok: false, exit_code: code, message, ...(next === undefined ? {} : { next }) },
  };
}

function ofControlPlane(error: ApiError, writeKey: string | undefined): Explained {
  const { code, issues, message, requestId, status } = error;
  const next = ownAdvice.get(code) ?? error.next ?? adviceFor(error);
  const exitCode = exitCodeOf(error);
  // Whoever says it again in any other way may do it twice.
  const again = exitCode === exitCodes.unreachable ? writeKey : undefined;
  const more = [
    ...issues.filter((issue) => issue.message !== message).map((issue) => `${issue.path}: ${issue.message}`),
    ...(next === undefined ? [] : [`next: ${next}`]),
    ...(again === undefined ? [] : [`it may have happened; to say it again: --idempotency-key ${again}`]),
    ...(requestId === undefined ? [] : [`request: ${requestId}`]),
  ];
  return {
    code: exitCode,
    text: lines(`${message} (${code})`, more),
    document: {
      ok: false,
      exit_code: exitCode,
      error_code: code,
      message,
      ...(status === undefined ? {} : { status }),
      ...(next === undefined ? {} : { next }),
      ...(issues.length === 0 ? {} : { errors: issues }),
      ...(again === undefined ? {} : { idempotency_key: again }),
      ...(requestId === undefined ? {} : { request_id: requestId }),
    },
  };
}

function lines(message: string, more: readonly string[]): string {
  return [message, ...more.map((text) => `  ${text}`)].map((text) => `${printable(text)}\n`).join('');
}

function exitCodeOf({ retryable, status }: ApiError): ExitCode {
  switch (status) {
    case 400:
    case 401:
    case 403:
    case 422:
      return exitCodes.refused;
    case 409:
      return exitCodes.conflict;
    case undefined:
      return exitCodes.unreachable;
    default:
      return retryable ? exitCodes.unreachable : exitCodes.failed;
  }
}

function adviceFor({ code, retryable, status }: ApiError): string | undefined {
  if (LOGIN_HELPS.has(code)) return 'countersign login';
  if (code === 'answer_malformed')
    return 'look whether --url is the control plane, and what stands before it';
  if (status === undefined) return 'check --url, or the profile, and the way to it';
  return retryable ? 'try again shortly' : undefined;
}
