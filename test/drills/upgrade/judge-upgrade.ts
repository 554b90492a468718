import type { RowAtEnd } from '../stop/facts.ts';
import type { Mark, TenantAtEnd, UpgradeFacts } from './facts.ts';
import type { UpgradeDrillOptions } from './options.ts';

/** Something that must not be. */
export interface Violation {
  readonly check: UpgradeCheck;
  readonly detail: string;
}

export type UpgradeCheck =
  /** The drill did not come to what it is to show. */
  | 'staging'
  | 'copy'
  | 'refused'
  | 'runners'
  | 'roll-back'
  | 'chain'
  | 'counts'
  | 'rows'
  | 'acknowledged'
  | 'exactly-once';

export interface UpgradeFigures {
  readonly tenants: number;
  readonly entries: number;
  /** Heads that were looked for on the chains in the end, and rows that were counted at the marks. */
  readonly heads_compared: number;
  readonly rows_counted: number;
  readonly exports_verified: number;
  readonly requests: number;
  readonly told_to_ask_again: number;
  readonly connections_broken: number;
  readonly refused_otherwise: number;
  readonly longest_away_ms: number;
  /** By the releases of the plane and of the runners. */
  readonly written_by: Readonly<Record<string, number>>;
  readonly written_once: number;
  readonly acknowledged: number;
  readonly acknowledged_and_missing: number;
  readonly copies: number;
  /** Records whose rows are what their ledger makes of them: when the frozen release served them, and in the end. */
  readonly records_folding_before: number;
  readonly records_folding: number;
}

export interface UpgradeReport {
  readonly holds: boolean;
  readonly violations: readonly Violation[];
  readonly figures: UpgradeFigures;
}

/** What a drill has shown: that a plane goes one release forward and back under load, and loses and doubles nothing. */
export function judgeUpgrade(
  facts: UpgradeFacts,
  { writes }: Pick<UpgradeDrillOptions, 'writes'>,
): UpgradeReport {
  const violations = [
    ...named('staging', staging(facts, writes)),
    ...named('copy', copyOf(facts)),
    ...named('refused', facts.refusals.others),
    ...named('runners', drained(facts)),
    ...named('roll-back', rolledBack(facts)),
    ...named('counts', counted(facts.marks)),
    ...facts.tenants.flatMap(recordOf),
    ...named('exactly-once', once(facts)),
  ];
  return { holds: violations.length === 0, violations, figures: figuresOf(facts) };
}

function named(check: UpgradeCheck, details: readonly string[]): readonly Violation[] {
  return details.map((detail) => ({ check, detail }));
}

const PAIRS = ['previous and previous', 'next and previous', 'next and next', 'previous and next'];

function staging({ marks, pairs, refusals, tenants }: UpgradeFacts, writes: number): string[] {
  const shown = pairs.filter(({ written }) => written >= writes).map(pairName);
  return [
    ...PAIRS.filter((pair) => !shown.includes(pair)).map((pair) => `too little was written by ${pair}`),
    ...(tenants.length < 2 ? ['there was one tenant'] : []),
    ...(marks.length < 4 ? ['the plane was not changed often enough'] : []),
    ...(refusals.passing + refusals.broken === 0 ? ['nobody asked while the plane was away'] : []),
  ];
}

function pairName({ plane, runners }: UpgradeFacts['pairs'][number]): string {
  return `${plane} and ${runners}`;
}

/** Where there was something to migrate one was made, of what was there then; and the previous release serves it. */
function copyOf({ copies, copy, fromCopy, isMigrating, marks }: UpgradeFacts): string[] {
  const expected = isMigrating ? 1 : 0;
  if (copies !== expected) return [`there are ${copies} in place of ${expected}`];
  if (copy === null) return [];
  const before = marks.find(({ when }) => when === 'before the upgrade');
  return [
    ...(fromCopy.length === 0 ? ['nobody served it'] : []),
    ...(JSON.stringify(before?.tenants) === JSON.stringify(copy.tenants) ? [] : ['it is not what was there']),
    ...fromCopy
      .filter(({ copied, listed }) => copied === 0 || copied !== listed)
      .map(({ copied, listed, tenant }) => `${tenant}: ${listed} of ${copied} proposals are served from it`),
  ];
}

function drained({ drainedWith }: UpgradeFacts): string[] {
  const badly = drainedWith.filter((ended) => ended !== 0).map((ended) => `one ended with ${ended}`);
  return drainedWith.length === 0 ? ['none was told to end'] : badly;
}

function rolledBack({ findingsRolledBack, isMigrating }: UpgradeFacts): string[] {
  const isWarned = findingsRolledBack.includes('schema_of_next_release');
  return isWarned === isMigrating ? [] : [`its doctor ${isWarned ? 'warned' : 'did not warn'} of it`];
}

/** No table that only grows has lost a row from one mark to the next, and no ledger is shorter or longer than its head. */
function counted(marks: readonly Mark[]): string[] {
  return marks.flatMap(({ tenants, when }, place) =>
    tenants.flatMap(({ rows, seq, tenant }) => {
      const before = marks[place - 1]?.tenants.find((one) => one.tenant === tenant)?.rows ?? {};
      const lost = Object.keys(before).filter((table) => (rows[table] ?? 0) < (before[table] ?? 0));
      return [
        ...lost.map((table) => `${tenant}: rows of ${table} were lost until ${when}`),
        ...(rows.ledger === seq ? [] : [`${tenant}: ${rows.ledger} entries and a head at ${seq}, ${when}`]),
      ];
    }),
  );
}

function recordOf(facts: TenantAtEnd): readonly Violation[] {
  const { doRowsFold, headsLost, missing, proposals, tenant, verifiedWith } = facts;
  const expected = proposals.frozen + proposals.acknowledged;
  return [
    ...named('chain', verifiedWith === 0 ? [] : [`${tenant}: countersign verify ended with ${verifiedWith}`]),
    ...named(
      'chain',
      headsLost.map((when) => `${tenant}: the head is not on the chain: ${when}`),
    ),
    ...named('rows', doRowsFold ? [] : [`${tenant}: the rows are not what the ledger makes of them`]),
    ...named(
      'acknowledged',
      missing.map((id) => `${tenant}: ${id} is gone`),
    ),
    ...named(
      'acknowledged',
      proposals.found === expected ? [] : [`${tenant}: ${proposals.found} proposals in place of ${expected}`],
    ),
  ];
}

function once({ rows, unmatched }: UpgradeFacts): string[] {
  return [
    ...rows.approved.filter((row) => !isMoved(row, 1)).map(rowText),
    ...rows.others.filter((row) => !isMoved(row, 0)).map(rowText),
    ...unmatched.map((id) => `${id}: applied without a receipt, or the other way round`),
  ];
}

function isMoved({ moved, receipts }: RowAtEnd, times: number): boolean {
  return moved === times && receipts === times;
}

function rowText({ id, moved, receipts }: RowAtEnd): string {
  return `${id} moved ${moved} times, with ${receipts} receipts`;
}

function figuresOf(facts: UpgradeFacts): UpgradeFigures {
  const { awayMs, copies, foldedBefore, marks, pairs, refusals, rows, tenants } = facts;
  const sum = (numbers: readonly number[]) => numbers.reduce((total, one) => total + one, 0);
  const at = marks.flatMap((mark) => mark.tenants);
  const byPair = Map.groupBy(pairs, pairName);
  return {
    tenants: tenants.length,
    entries: sum(tenants.map(({ entries }) => entries)),
    heads_compared: at.length,
    rows_counted: sum(at.flatMap((one) => Object.values(one.rows))),
    exports_verified: tenants.filter(({ verifiedWith }) => verifiedWith === 0).length,
    requests: refusals.asked,
    told_to_ask_again: refusals.passing,
    connections_broken: refusals.broken,
    refused_otherwise: refusals.others.length,
    longest_away_ms: Math.round(Math.max(...awayMs)),
    written_by: Object.fromEntries(
      [...byPair].map(([name, all]) => [name, sum(all.map((one) => one.written))]),
    ),
    written_once: rows.approved.filter((row) => isMoved(row, 1)).length,
    acknowledged: sum(tenants.map(({ proposals }) => proposals.acknowledged)),
    acknowledged_and_missing: sum(tenants.map(({ missing }) => missing.length)),
    copies,
    records_folding_before: foldedBefore.length,
    records_folding: tenants.filter(({ doRowsFold }) => doRowsFold).length,
  };
}
