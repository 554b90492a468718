/** Which events are wanted. */
export interface ActivityFilter {
  readonly status: string | null;
  readonly capability: string | null;
  readonly source: string | null;
  /** Unix milliseconds, both inclusive. */
  readonly from: number | null;
  readonly to: number | null;
}
