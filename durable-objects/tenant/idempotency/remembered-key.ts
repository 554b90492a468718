/** The first answer to a keyed call about one proposal. */
export interface RememberedKey {
  readonly key: string;
  readonly request: string;
  readonly status: number;
  readonly answer: string;
}

/** Calls about one proposal are few; the oldest keys give way. */
export const MOST_REMEMBERED = 16;
