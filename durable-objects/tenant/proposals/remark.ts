/** A question of a reviewer, or the proposer's answer to it. */
export interface Remark {
  readonly kind: 'question' | 'answer';
  readonly by: string;
  readonly name: string;
  /** Unix milliseconds. */
  readonly at: number;
  readonly text: string;
}
