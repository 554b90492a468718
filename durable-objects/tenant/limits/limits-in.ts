import { type Limits, limitsOf, readLimitsSetting } from '@countersign/protocol/limits';

/** What the installation says of this tenant. The gateway lets nobody through where its setting is wrong. */
export function limitsIn({ LIMITS }: Readonly<Record<string, unknown>>, tenant: string): Limits {
  return limitsOf(readLimitsSetting(typeof LIMITS === 'string' ? LIMITS : undefined), tenant);
}
