import type { Hosted, Trouble } from './hosting-provider.ts';

export const NAME_TAKEN: Trouble = { code: 'name_taken', mayPass: false };
export const NOT_ALLOWED: Trouble = { code: 'not_allowed', mayPass: false };
export const DONE = { ok: true } as const;

export function failed(trouble: Trouble): Hosted<never> {
  return { ok: false, trouble };
}

export function rejected(word: string, mayPass = false): Trouble {
  return { code: 'rejected', word, mayPass };
}

export function busy(retryAfterMs = 0): Trouble {
  return { code: 'busy', mayPass: true, retryAfterMs };
}

export function unreachable(retryAfterMs = 0): Trouble {
  return { code: 'unreachable', mayPass: true, retryAfterMs };
}

export function unhealthy(mayPass: boolean): Trouble {
  return { code: 'unhealthy', mayPass };
}

export function unknown(retryAfterMs = 0): Trouble {
  return { code: 'unknown', mayPass: true, retryAfterMs };
}
