import type { Dump } from './checks/dump.ts';
import type { Load } from './load/load.ts';
import type { Nemesis } from './nemesis/nemesis.ts';
import type { World } from './world/world.ts';

/** What a campaign has done and met so far: names and counts. */
export interface Tally {
  readonly strikes: ReadonlyMap<string, number>;
  /** Of each database: crashes, and lost answers of commits. */
  readonly databases: ReadonlyMap<
    string,
    { readonly crashes: number; readonly cuts: Readonly<Record<string, number>> }
  >;
  readonly proposals: number;
  /** How they ended, by what they were made for; empty before the end. */
  readonly outcomes: ReadonlyMap<string, number>;
  /** Of the ledger: leases that ran out, jobs given back, jobs leased more than once. */
  readonly entries: ReadonlyMap<string, number>;
  readonly requeued: number;
}

export interface TallyParts {
  readonly world: World;
  readonly nemesis: Nemesis;
  readonly load: Load;
  readonly dump: Dump | undefined;
  readonly requeued: number;
}

export function tallyOf({ world, nemesis, load, dump, requeued }: TallyParts): Tally {
  const databases = world.shops.map(({ name }) => {
    const cuts = { ...world.cuts.get(name)?.counts };
    return [name, { crashes: nemesis.crashes.get(name) ?? 0, cuts }] as const;
  });
  const wishes = new Map(load.intents.map(({ proposalId, wish }) => [proposalId, wish]));
  const outcomes = dump?.proposals.map(({ proposalId, status }) => `${wishes.get(proposalId)}: ${status}`);
  return {
    strikes: new Map(nemesis.counts),
    databases: new Map(databases),
    proposals: load.intents.length,
    outcomes: counted(outcomes ?? []),
    entries: counted(dump?.ledger.map(({ type }) => type) ?? []),
    requeued,
  };
}

function counted(names: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}

/** Lines for a person. */
export function tallyLines(tally: Tally): readonly string[] {
  return [
    'strikes',
    ...rows(tally.strikes),
    'databases',
    ...[...tally.databases].flatMap(([name, { crashes, cuts }]) => [
      row(crashes, `${name}: crashes`),
      ...Object.entries(cuts).map(([how, count]) => row(count, `${name}: cut ${how}`)),
    ]),
    'proposals',
    row(tally.proposals, 'made'),
    ...rows(tally.outcomes),
    row(tally.requeued, 'dead letters requeued'),
    'ledger',
    ...rows(tally.entries),
  ];
}

function rows(counts: ReadonlyMap<string, number>): readonly string[] {
  return [...counts]
    .sort(([one], [other]) => one.localeCompare(other))
    .map(([name, count]) => row(count, name));
}

function row(count: number, name: string): string {
  return `  ${String(count).padStart(8)}  ${name}`;
}
