import type { ActionOutcome } from '@countersign/protocol/action/action-job';

/** For what a person has to mend in a configuration or an account: soon enough after that, and no hot loop before. */
export const MENDED_BY_A_PERSON_MS = 15 * 60_000;

const LONGEST_RETRY_MS = 86_400_000;
const REFERENCE = /^[\x21-\x7e]{1,200}$/;
/** No digits: keys and ids of accounts have some, and the words of providers do not need any. */
const WORD = /^[A-Za-z][A-Za-z_]{1,63}$/;

export function succeeded(reference: unknown, { was_done = false } = {}): ActionOutcome {
  return { outcome: 'succeeded', reference: referenceOf(reference), was_done };
}

export function failed(code: string, detail?: string): ActionOutcome {
  return { outcome: 'failed', code, ...(detail !== undefined && { detail }) };
}

/** Nothing happened in this attempt. `afterMs` is what the provider asked for, or undefined. */
export function retry(code: string, afterMs?: number, detail?: string): ActionOutcome {
  const retry_after_ms = afterMs && Math.ceil(Math.min(Math.max(afterMs, 0), LONGEST_RETRY_MS));
  return {
    outcome: 'retry',
    code,
    ...(retry_after_ms !== undefined && { retry_after_ms }),
    ...(detail !== undefined && { detail }),
  };
}

export function unknown(code: string, detail?: string): ActionOutcome {
  return { outcome: 'unknown', code, ...(detail !== undefined && { detail }) };
}

/** What the configuration or the account lacks: nothing happened, and a person mends it. */
export function misconfigured(code: string, detail?: string): ActionOutcome {
  return retry(code, MENDED_BY_A_PERSON_MS, detail);
}

/** A provider's name for what it made, when it is one that can be shown and searched for. */
export function referenceOf(value: unknown): string | null {
  return typeof value === 'string' && REFERENCE.test(value) ? value : null;
}

/** A provider's word for what went wrong; undefined when it is a sentence, or might hold what it was sent. */
export function wordOf(value: unknown): string | undefined {
  return typeof value === 'string' && WORD.test(value) ? value : undefined;
}
