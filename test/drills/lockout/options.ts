/** How large a drill of locking oneself out is. */
export interface LockoutDrillOptions {
  /** Who try to get in all the while, each with every way that they have. */
  readonly attackers: number;
  /** How often each way of an attacker is tried in each scene, at least. */
  readonly attemptsInScene: number;
  /** Exchanges at once of which one may win. */
  readonly racers: number;
  /** Lets the attackers have the bootstrap token, which the drill must notice. */
  readonly isLeaked: boolean;
}

/** As it is run before a release. */
export const full: LockoutDrillOptions = { attackers: 8, attemptsInScene: 10, racers: 50, isLeaked: false };

/** As the suites run it. */
export const small: LockoutDrillOptions = { attackers: 2, attemptsInScene: 1, racers: 8, isLeaked: false };
