/** What somebody got who tried to get in: `in`, or the code of the refusal. */
export type Got = string;

/** One thing that was compared: who came by which way, what they had to get, and what they got. */
export interface Compared {
  readonly who: string;
  readonly wanted: Got;
  readonly got: Got;
}

/** One way of locking oneself out, or of being taken over. */
export interface Scene {
  readonly name: string;
  /** Who still gets in then, and how, in words. */
  readonly wayIn: string;
  readonly compared: readonly Compared[];
  /** What attackers got during the scene, by the way that they tried. */
  readonly attacks: Readonly<Record<string, readonly Got[]>>;
}

/** What the record says when all is over. */
export interface Recorded {
  /** Exchanges of the bootstrap token, and how many there had to be, by project. */
  readonly exchanges: readonly {
    readonly project: string;
    readonly wanted: number;
    readonly found: number;
  }[];
  /** People who are members and should not be, and credentials that nobody of the drill made. */
  readonly intruders: readonly string[];
}

export interface LockoutFacts {
  readonly scenes: readonly Scene[];
  readonly recorded: Recorded;
  readonly attemptsInScene: number;
}
