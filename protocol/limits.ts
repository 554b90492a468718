import * as z from 'zod';

/** What a limit counts, and what helps whoever has reached it. */
interface NamedLimit {
  /** Where the installation says nothing else: far above what one tenant's object can be asked in earnest. */
  readonly most: number;
  /** `minute`: so many, and the room comes back evenly within a minute. Null: so many at a time. */
  readonly window: 'minute' | null;
  readonly counts: string;
  readonly next: string;
}

const SLOWER = 'come back after `retry_after_ms`, and ask less often';

/** Every limit that a project has, by name. The installation sets them (`LIMITS`); nobody in the project can. */
export const namedLimits = {
  requests_per_minute_each: {
    most: 30_000,
    window: 'minute',
    counts: 'requests of one credential or person',
    next: SLOWER,
  },
  agent_requests_per_minute: {
    most: 60_000,
    window: 'minute',
    counts: 'requests of all agents together',
    next: SLOWER,
  },
  service_requests_per_minute: {
    most: 60_000,
    window: 'minute',
    counts: 'requests of all API keys together',
    next: SLOWER,
  },
  runner_requests_per_minute: {
    most: 120_000,
    window: 'minute',
    counts: 'requests for work of all runners together',
    next: SLOWER,
  },
  proposals_per_minute: {
    most: 60_000,
    window: 'minute',
    counts: 'proposals, actions and commands that are sent in',
    next: SLOWER,
  },
  open_proposals: {
    most: 100_000,
    window: null,
    counts: 'proposals that have not ended, dead letters too',
    next: 'decide, cancel or settle some of those that are open',
  },
  open_actions: {
    most: 100_000,
    window: null,
    counts: 'actions that have not ended, dead letters too',
    next: 'decide, cancel or settle some of those that are open',
  },
  open_runs: {
    most: 100_000,
    window: null,
    counts: 'runs that have not ended',
    next: 'finish or cancel some of those that are open',
  },
  credentials: {
    most: 10_000,
    window: null,
    counts: 'tokens and keys that have not ended',
    next: 'revoke those that nobody needs',
  },
  contract_versions: {
    most: 10_000,
    window: null,
    counts: 'versions of all contracts',
    next: 'push a version only where the contract has changed',
  },
  runners: {
    most: 10_000,
    window: null,
    counts: 'runners that have registered and are not archived',
    next: 'archive those that have gone',
  },
  held_polls: {
    most: 5_000,
    window: null,
    counts: 'requests for work that are held now',
    next: SLOWER,
  },
  held_reads: {
    most: 5_000,
    window: null,
    counts: 'readings that wait for a change now',
    next: SLOWER,
  },
  live_sockets: {
    most: 1_000,
    window: null,
    counts: 'sockets of the live feed that are open now',
    next: 'close those that nobody looks at',
  },
} as const satisfies Record<string, NamedLimit>;

export type LimitName = keyof typeof namedLimits;
export const limitNames = Object.keys(namedLimits) as readonly LimitName[];
export type Limits = Readonly<Record<LimitName, number>>;

/** How much of a limit is used up. */
export type LimitMark = {
  readonly name: LimitName;
  /** A whole number; `limit` or less where there is room. */
  readonly used: number;
  readonly limit: number;
};

/** From this part of a limit on whoever uses it is warned. */
const NEAR = 0.8;

export function isNear({ limit, used }: Pick<LimitMark, 'limit' | 'used'>): boolean {
  return used >= limit * NEAR;
}

/** The header of an answer to a request that has used up most of a limit: one mark for each. */
export const LIMIT_HEADER = 'countersign-limit-warning';

export function limitHeader(marks: readonly LimitMark[]): string {
  return marks.map(({ limit, name, used }) => `${name}; used=${used}; limit=${limit}`).join(', ');
}

const MOST = 1_000_000_000;
const someLimitsSchema = z.partialRecord(
  z.enum(limitNames as readonly [LimitName, ...LimitName[]]),
  z.int().min(1).max(MOST),
);

/** The setting `LIMITS` of an installation: what differs from the usual, everywhere and in single projects. */
export const limitsSettingSchema = z.strictObject({
  everywhere: someLimitsSchema.default({}),
  projects: z.record(z.string().min(1).max(255), someLimitsSchema).default({}),
});
export type LimitsSetting = z.infer<typeof limitsSettingSchema>;

export const usualLimits: Limits = Object.fromEntries(
  limitNames.map((name) => [name, namedLimits[name].most]),
) as Limits;

/** The limits of one project. */
export function limitsOf({ everywhere, projects }: LimitsSetting, project: string): Limits {
  const own = Object.hasOwn(projects, project) ? projects[project] : {};
  return { ...usualLimits, ...everywhere, ...own };
}

/** The same, from the setting's text. Throws where it is not valid, without a word of it; undefined is none. */
export function readLimitsSetting(text: string | undefined): LimitsSetting {
  return limitsSettingSchema.parse(text === undefined ? {} : JSON.parse(text));
}
