import type { ActionOutcome } from '@countersign/protocol/action/action-job';
import type { Found } from './executor.ts';
import { HttpFault } from './http-fault.ts';
import { failed, misconfigured, retry, unknown } from './outcomes.ts';
import { retryAfterMs } from './read-answer.ts';

/** What is true after a request without an answer of use. Rethrows what is no `HttpFault`. */
export function outcomeOfFault(fault: unknown): ActionOutcome {
  if (!(fault instanceof HttpFault)) throw fault;
  switch (fault.code) {
    case 'url_refused':
    case 'address_refused':
    case 'tls_failed':
      return misconfigured(fault.code);
    case 'redirect_refused':
      // "See other" is what a server says that has done what it was asked.
      return fault.status === 303 ? unknown(fault.code) : failed(fault.code);
    case 'name_not_resolved':
    case 'connect_failed':
      return retry(fault.code);
    case 'timed_out':
    case 'stopped':
    case 'connection_lost':
    case 'answer_too_large':
    case 'answer_invalid':
      return fault.wasSent ? unknown(fault.code) : retry(fault.code);
  }
}

/** What is true after a status that says no, in HTTP's own meaning. `word` is the provider's, where it has one. */
export function outcomeOfStatus(
  status: number,
  retryAfter: string | null | undefined,
  word?: string,
): ActionOutcome {
  const code = word ?? `http_${status}`;
  if (status === 408 || status === 425 || status === 429) return retry(code, retryAfterMs(retryAfter));
  // A yes that is not the one that was expected is no refusal.
  return status >= 400 && status <= 499 ? failed(code) : unknown(code);
}

/** What nobody could find out because the request for it failed. */
export function notFoundOut(fault: unknown): Found {
  if (!(fault instanceof HttpFault)) throw fault;
  return { found: 'unknown', code: fault.code };
}

/** The JSON of an answer; undefined when it is none. */
export async function jsonOf(answer: Response): Promise<unknown> {
  const text = await answer.text();
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
