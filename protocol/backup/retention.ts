const DAY_MS = 86_400_000;

export interface Retention {
  /** The newest so many are kept, however old. */
  readonly count: number;
  /** Those younger than this are kept, however many. */
  readonly days: number;
}

/** A snapshot, as far as it matters how long it is kept. */
export interface Kept {
  readonly snapshot_id: string;
  /** Unix milliseconds. */
  readonly takenAt: number;
  /** One that is refused, or was left in the middle, is no copy of anything: it counts among none. */
  readonly isGood: boolean;
  /** Archives and whatever a restore set aside stay until they are removed by name. */
  readonly isPinned: boolean;
  /** It stands for the record: new ones are measured by it. */
  readonly isNeeded: boolean;
}

/**
 * Which snapshots go: good ones that are neither among the newest nor young enough, and others once they are as old.
 * The newest good one never goes, nor the one that stands for the record.
 */
export function outdated(all: readonly Kept[], { count, days }: Retention, now: number): readonly string[] {
  const isOld = ({ takenAt }: Kept) => takenAt <= now - days * DAY_MS;
  const loose = all.filter(({ isPinned }) => !isPinned);
  const good = loose.filter(({ isGood }) => isGood).toSorted((a, b) => b.takenAt - a.takenAt);
  const beyond = good.slice(Math.max(1, count)).filter(isOld);
  const others = loose.filter((one) => !one.isGood && isOld(one));
  return [...beyond, ...others].filter(({ isNeeded }) => !isNeeded).map(({ snapshot_id }) => snapshot_id);
}
