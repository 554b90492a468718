/** Who takes a runner out of service, and why. */
export interface Drained {
  /** `<kind>:<id>` */
  readonly by: string;
  readonly name: string;
  readonly reason: string | null;
  /** Unix milliseconds. */
  readonly at: number;
}
