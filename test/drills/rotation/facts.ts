import type { RowAtEnd } from '../stop/facts.ts';

/** A snapshot of the drill, at its end. */
export interface SnapshotFacts {
  readonly snapshotId: string;
  /** The kid in its manifest. */
  readonly keyId: string;
  /** By the public keys alone, without the plane. */
  readonly isGoodElsewhere: boolean;
  /** By the plane, whose old private key is gone. */
  readonly isGoodHere: boolean;
}

/** What somebody got who has a key that was retired: the code of each answer, or `in`. */
export type Got = string;

export interface TrafficFacts {
  readonly requests: number;
  /** Answers that the token does not count, or that there is none: the code of each. */
  readonly refused: readonly string[];
  /** Requests that found nobody, while the plane was started again; each was sent again. */
  readonly unanswered: number;
  /** Changes that were proposed and approved in each part of the drill. */
  readonly changes: Readonly<Record<'before' | 'overlap' | 'after', number>>;
}

/** The edge half, whose Workers get their secrets one after another. */
export interface EdgeFacts {
  /** Projects with a hosted runner that were made after each command. */
  readonly projects: number;
  /** Tokens of hosted runners that the gateway did not take: the code of each answer. */
  readonly refused: readonly string[];
  /** Requests at the hosting provider that it refused. */
  readonly refusedByProvider: number;
  /** Whether the old hosting token opens nothing there any more. */
  readonly isOldTokenRevoked: boolean;
  /** Whether the new one was used. */
  readonly isNewTokenUsed: boolean;
}

export interface RotationFacts {
  readonly traffic: TrafficFacts;
  /** Refusals for a token in the plane's own log, whoever was refused, before the old keys were tried. */
  readonly logged: readonly string[];
  /** Every row whose change was approved. */
  readonly rows: readonly RowAtEnd[];
  /** How many credentials the refused retirement named. */
  readonly heldBefore: number;
  /** What the early retirement ended with; 0 would be done. */
  readonly earlyRetirement: number | null;
  readonly snapshots: readonly SnapshotFacts[];
  /** With tokens that the retired key had made. */
  readonly oldTokens: readonly Got[];
  /** With tokens that somebody makes who has stolen it. */
  readonly stolenKey: readonly Got[];
  /** Whether any key stood in what the commands printed, or in the log. */
  readonly isAnyKeyPrinted: boolean;
  readonly edge: EdgeFacts;
}
