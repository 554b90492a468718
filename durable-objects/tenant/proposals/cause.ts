import type { ErrorCode } from '@countersign/protocol/error-codes';

/** Why a proposal stands where it stands, in the words of what decided that. */
export interface Cause {
  /** `contract`, `policy:<name>`, `rehearsal`. */
  readonly by: string;
  readonly message: string;
  /** For a refusal: its code, and what would pass. */
  readonly code?: ErrorCode;
  readonly next?: string;
}
