/** One person's word on a proposal, as it stands in the proposal's row. */
export interface Decision {
  readonly verdict: 'approved' | 'rejected' | 'canceled';
  readonly by: string;
  readonly name: string;
  readonly at: number;
  readonly reason: string | null;
  readonly effect_digest: string;
}
