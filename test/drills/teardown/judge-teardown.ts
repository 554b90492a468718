import type { EndedFacts, TeardownFacts } from './facts.ts';

export interface TeardownViolation {
  readonly check: string;
  readonly detail: string;
}

export interface TeardownReport {
  readonly holds: boolean;
  readonly figures: Readonly<Record<string, number>>;
  readonly violations: readonly TeardownViolation[];
}

/** What must be true after an end. A pure function of what was seen. */
export function judgeTeardown({ ended, neighbour }: TeardownFacts): TeardownReport {
  const violations = [...ended.flatMap(violationsOf), ...ofNeighbour(neighbour)];
  const rows = ended.flatMap(({ returned }) => returned);
  return {
    holds: violations.length === 0,
    figures: {
      projects_ended: ended.length,
      entries: ended.reduce((sum, { entries }) => sum + entries, 0),
      rows_returned: rows.reduce((sum, table) => sum + table.rows, 0),
      rows_differing: rows.reduce((sum, { differing }) => sum + differing, 0),
      neighbour_requests: neighbour.made,
      neighbour_refused: neighbour.refused,
    },
    violations,
  };
}

/** Neither without the archive nor with another one. */
const REFUSALS = ['archive_required', 'archive_required'];

function violationsOf(facts: EndedFacts): readonly TeardownViolation[] {
  const { isArchiveGood, leftIn, refusedWith, returned, tenant, toldOtherwise } = facts;
  const differing = returned.filter((table) => table.differing > 0);
  return [
    ...(isArchiveGood ? [] : [{ check: 'archive', detail: `${tenant}: what was fetched does not hold` }]),
    ...(refusedWith.join() === REFUSALS.join()
      ? []
      : [{ check: 'refusals', detail: `${tenant}: ${refusedWith.join(', ')}` }]),
    ...leftIn.map((place) => ({ check: 'left-behind', detail: `${tenant}: ${place}` })),
    ...toldOtherwise.map((who) => ({ check: 'told', detail: `${tenant}: ${who}` })),
    ...(returned.length === 0 ? [{ check: 'returned', detail: `${tenant}: nothing came back` }] : []),
    ...differing.map(({ differing: rows, table }) => ({
      check: 'returned',
      detail: `${tenant}: ${rows} rows of ${table} differ`,
    })),
  ];
}

function ofNeighbour({ doesChainHold, made, refused }: TeardownFacts['neighbour']) {
  return [
    ...(made > 0 ? [] : [{ check: 'neighbour', detail: 'asked for nothing' }]),
    ...(refused === 0 ? [] : [{ check: 'neighbour', detail: `${refused} of ${made} were refused` }]),
    ...(doesChainHold ? [] : [{ check: 'neighbour', detail: 'its chain does not hold' }]),
  ];
}
