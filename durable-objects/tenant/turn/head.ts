/** How many proposals wait in each lane; kept in the head, so that a depth never costs a count. */
export interface Counters {
  readonly review: number;
  readonly rehearsal: number;
  readonly queue: number;
  readonly later: number;
  /** Moved out of their queues by freezes. */
  readonly frozen: number;
  readonly lease: number;
  readonly dead: number;
  /** Those that nobody can tell of. */
  readonly unknown: number;
  /** The same of actions, and those that nobody can tell of. */
  readonly actions_review: number;
  readonly actions_tied: number;
  readonly actions_later: number;
  readonly actions_behind: number;
  readonly actions_queue: number;
  readonly actions_frozen: number;
  readonly actions_lease: number;
  readonly actions_unknown: number;
  readonly actions_dead: number;
  /** The same of tasks. */
  readonly tasks_queue: number;
  readonly tasks_later: number;
  readonly tasks_lease: number;
  readonly runs_open: number;
}

export const noCounters: Counters = {
  review: 0,
  rehearsal: 0,
  queue: 0,
  later: 0,
  frozen: 0,
  lease: 0,
  dead: 0,
  unknown: 0,
  actions_review: 0,
  actions_tied: 0,
  actions_later: 0,
  actions_behind: 0,
  actions_queue: 0,
  actions_frozen: 0,
  actions_lease: 0,
  actions_unknown: 0,
  actions_dead: 0,
  tasks_queue: 0,
  tasks_later: 0,
  tasks_lease: 0,
  runs_open: 0,
};

/** All counters of a head, which names only those that anything was ever counted in. */
export function countersOf({ counters }: { readonly counters: Partial<Counters> }): Counters {
  return { ...noCounters, ...counters };
}

export type CounterOf = (lane: string | null) => keyof Counters | undefined;

/** The counters after something moved from one lane to another; null is no lane. */
export function moveBetweenLanes(
  counters: Partial<Counters>,
  from: string | null,
  to: string | null,
  counterOf: CounterOf = counterOfProposals,
): Counters {
  const changed = { ...noCounters, ...counters };
  const left = counterOf(from);
  const entered = counterOf(to);
  if (left !== undefined) changed[left] -= 1;
  if (entered !== undefined) changed[entered] += 1;
  return changed;
}

const ofProposals = ['review', 'later', 'lease', 'dead', 'unknown'] as const satisfies (keyof Counters)[];

function counterOfProposals(lane: string | null): keyof Counters | undefined {
  if (lane === null) return undefined;
  if (lane.startsWith('queue/')) return 'queue';
  if (lane.startsWith('rehearse/')) return 'rehearsal';
  if (lane.startsWith('frozen/')) return 'frozen';
  return ofProposals.find((one) => one === lane);
}

const actionLanes = {
  review: 'actions_review',
  tied: 'actions_tied',
  later: 'actions_later',
  order: 'actions_behind',
  queue: 'actions_queue',
  frozen: 'actions_frozen',
  lease: 'actions_lease',
  unknown: 'actions_unknown',
  dead: 'actions_dead',
} as const satisfies Record<string, keyof Counters>;

/** The counter of a lane of actions. */
function counterOfActions(lane: string | null): keyof Counters | undefined {
  const kind = lane?.split('/', 1)[0] ?? '';
  return Object.hasOwn(actionLanes, kind) ? actionLanes[kind as keyof typeof actionLanes] : undefined;
}

const taskLanes = {
  task: 'tasks_queue',
  later: 'tasks_later',
  lease: 'tasks_lease',
} as const satisfies Record<string, keyof Counters>;

/** The counter of a lane of tasks. */
function counterOfTasks(lane: string | null): keyof Counters | undefined {
  const kind = lane?.split('/', 1)[0] ?? '';
  return Object.hasOwn(taskLanes, kind) ? taskLanes[kind as keyof typeof taskLanes] : undefined;
}

function counterOfRuns(lane: string | null): keyof Counters | undefined {
  return lane === 'open' ? 'runs_open' : undefined;
}

const ofTables: Readonly<Record<string, CounterOf>> = {
  actions: counterOfActions,
  steps: counterOfTasks,
  runs: counterOfRuns,
};

/** How the lanes of a keyed table are counted, where they are. */
export function counterOfTable(name: string): CounterOf | undefined {
  return Object.hasOwn(ofTables, name) ? ofTables[name] : undefined;
}
