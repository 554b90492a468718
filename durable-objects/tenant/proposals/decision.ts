/** One person's word on a proposal, as it stands in the proposal's row. */
export interface Decision {
  readonly verdict: 'approved' | 'rejected' | 'canceled';
  readonly by: string;
  readonly name: string;
  readonly at: number;
  readonly reason: string | null;
  /** The approval roles that they held then: a role that is taken away later does not take the approval back. */
  readonly approval_roles: readonly string[];
  readonly effect_digest: string;
}
