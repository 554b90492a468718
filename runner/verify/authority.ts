import type { AuthorityReason } from './refusal-reasons.ts';

/** A lease as the control plane last gave it. Times are Unix milliseconds of its clock. */
export interface LeaseTerms {
  readonly leaseId: string;
  readonly attempt: number;
  readonly expiresAtMs: number;
  /** The write must have begun before this moment. */
  readonly writeByMs: number;
}

/**
 * Whether a write may begin now.
 *
 * @param serverLatestMs what the control plane's clock has at most reached (`ServerClock`)
 * @returns what is missing, or undefined when nothing is
 */
export function lapseOf(terms: LeaseTerms, serverLatestMs: number): AuthorityReason | undefined {
  if (serverLatestMs >= terms.expiresAtMs) return 'LEASE_EXPIRED';
  return serverLatestMs >= terms.writeByMs ? 'AUTHORITY_LAPSED' : undefined;
}
