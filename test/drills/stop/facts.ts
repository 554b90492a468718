import type { ClockSample } from './clock-difference.ts';

/** A write that a receipt tells of, by the database's own clock. Unix milliseconds. */
export interface Write {
  readonly row: string;
  /** When the server took up its statement. */
  readonly begunAt: number;
  readonly committedAt: number;
}

/** A row at the end, of those whose change was approved. */
export interface RowAtEnd {
  readonly id: string;
  /** By how many versions it has moved. */
  readonly moved: number;
  readonly receipts: number;
}

/** What the plane said when the button was pressed, on its own clock. */
export interface Pressed {
  readonly at: number;
  readonly noWriteBeginsAfter: number;
}

/** Work that a runner which still reaches the plane asked for under the stop. */
export interface AskedUnderStop {
  /** How many jobs it was given. */
  readonly given: number;
  /** The code with which the renewal of a standing lease was refused; undefined when it was granted. */
  readonly renewalRefusedWith: string | undefined;
}

/** All that a drill of the emergency stop has seen. */
export interface StopFacts {
  /** Approved before the runner was started. */
  readonly jobs: number;
  /** Of these, handed out when the runner was cut off. */
  readonly leased: number;
  readonly samples: readonly ClockSample[];
  readonly pressed: Pressed;
  /** When the stop was lifted, and until when nothing may have been written: by the database's clock. */
  readonly liftedAt: number;
  /** After so long the database ends a statement of the runner. */
  readonly statementTimeoutMs: number;
  /** By the plane's record, from the stop until it was lifted. */
  readonly leasedUnderStop: number;
  readonly renewedUnderStop: number;
  readonly asked: AskedUnderStop;
  /** Everything that was written until the end. */
  readonly writes: readonly Write[];
  readonly rows: readonly RowAtEnd[];
  /** How many of the approved changes the plane knows as applied at the end. */
  readonly applied: number;
}
