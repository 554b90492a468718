import type { TableFacts } from '../recovery/facts.ts';

/** What became of one project that was ended. */
export interface EndedFacts {
  readonly tenant: string;
  readonly entries: number;
  /** Whether the archive that was fetched holds, by the public keys alone. */
  readonly isArchiveGood: boolean;
  /** What the two attempts to end it without its archive were refused with. */
  readonly refusedWith: readonly string[];
  /** Tables, names in the store, and lines of the directory that still have something of it. */
  readonly leftIn: readonly string[];
  /** Callers who were told anything but that there is no such project. */
  readonly toldOtherwise: readonly string[];
  /** What came back from the archive. */
  readonly returned: readonly TableFacts[];
}

export interface TeardownFacts {
  readonly ended: readonly EndedFacts[];
  /** Of the project that stayed. */
  readonly neighbour: { readonly made: number; readonly refused: number; readonly doesChainHold: boolean };
}
