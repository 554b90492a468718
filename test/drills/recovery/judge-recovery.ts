import type { RowAtEnd } from '../stop/facts.ts';
import type { RecoveryFacts, TenantFacts } from './facts.ts';

/** Something that must not be. */
export interface Violation {
  readonly check: RecoveryCheck;
  readonly detail: string;
}

export type RecoveryCheck =
  /** The drill did not come to what it is to show. */
  'staging' | 'rows' | 'chain' | 'list' | 'leased-under-stop' | 'settled' | 'exactly-once';

export interface RecoveryFigures {
  readonly tenants: number;
  readonly entries: number;
  readonly made_meanwhile: number;
  readonly recovered_in_ms: number;
  /** By table, of all tenants together. */
  readonly rows_compared: Readonly<Record<string, number>>;
  readonly rows_differing: number;
  readonly listed: number;
  readonly applied_before: number;
  readonly found_by_receipt: number;
  readonly lost_from_the_record: number;
  readonly unknown_receipts: number;
  readonly leased_under_stop: number;
  readonly written_once: number;
  readonly repeated_ended_as: string;
}

export interface RecoveryReport {
  readonly holds: boolean;
  readonly violations: readonly Violation[];
  readonly figures: RecoveryFigures;
}

/** What a drill has shown: that the record is back row by row, and that nothing was written twice on the way. */
export function judgeRecovery(facts: RecoveryFacts): RecoveryReport {
  const violations = [
    ...staging(facts),
    ...facts.tenants.flatMap(recordOf),
    ...stop(facts),
    ...settled(facts),
    ...once(facts),
  ];
  return { holds: violations.length === 0, violations, figures: figuresOf(facts) };
}

function staging({ changes, madeMeanwhile, tenants }: RecoveryFacts): readonly Violation[] {
  const details = [
    ...(tenants.length < 2 ? ['there was one tenant'] : []),
    ...(madeMeanwhile === 0 ? ['nothing was written while snapshots were taken'] : []),
    ...Object.entries(changes).flatMap(([when, rows]) =>
      rows.length === 0 ? [`no change was ${when}`] : [],
    ),
  ];
  return details.map((detail) => ({ check: 'staging', detail }));
}

function recordOf({ head, listed, restored, tables, tenant }: TenantFacts): readonly Violation[] {
  const rows = tables
    .filter(({ differing }) => differing > 0)
    .map(({ differing, table }) => violation('rows', `${tenant}: ${differing} rows of ${table} differ`));
  const chain = [
    ...(restored.doesChainHold ? [] : ['the chain does not hold']),
    ...(restored.doRowsFold ? [] : ['the rows are not what the ledger makes of them']),
    ...(restored.hashAtHead === head.hash ? [] : ['another entry stands where the snapshot ended']),
    // The one entry more says what was brought back.
    ...(restored.seq === head.seq + 1 ? [] : [`it ends at ${restored.seq}, the snapshot at ${head.seq}`]),
  ].map((detail) => violation('chain', `${tenant}: ${detail}`));
  const list =
    listed.differing === 0 ? [] : [violation('list', `${tenant}: ${listed.differing} proposals differ`)];
  return [...rows, ...chain, ...list];
}

function stop({ leasedUnderStop }: RecoveryFacts): readonly Violation[] {
  return leasedUnderStop === 0
    ? []
    : [violation('leased-under-stop', `${leasedUnderStop} leases were given before the stop was lifted`)];
}

function settled(facts: RecoveryFacts): readonly Violation[] {
  const { changes, foundByReceipt, knownLost, repeatedEndedAs, unknownReceipts } = facts;
  const details = [
    ...(foundByReceipt === changes.between.length
      ? []
      : [`${foundByReceipt} of ${changes.between.length} were found by their receipts`]),
    ...(knownLost === 0 ? [] : [`the record knows ${knownLost} changes that were made after the snapshot`]),
    ...(unknownReceipts === changes.lost.length
      ? []
      : [`${unknownReceipts} receipts are unknown to the record, of ${changes.lost.length} lost changes`]),
    ...(repeatedEndedAs === 'conflict'
      ? []
      : [`a lost change that was proposed again ended as ${repeatedEndedAs}`]),
  ];
  return details.map((detail) => violation('settled', detail));
}

function once({ changes, repeatedMoved }: RecoveryFacts): readonly Violation[] {
  const rows = [...changes.before, ...changes.between, ...changes.lost].filter((row) => !isOnce(row));
  return [
    ...rows.map(({ id, moved, receipts }) =>
      violation('exactly-once', `${id} moved by ${moved} versions, with ${receipts} receipts`),
    ),
    ...(repeatedMoved === 1
      ? []
      : [violation('exactly-once', `the row of a repeated change moved by ${repeatedMoved} versions`)]),
  ];
}

function isOnce({ moved, receipts }: RowAtEnd): boolean {
  return moved === 1 && receipts === 1;
}

function violation(check: RecoveryCheck, detail: string): Violation {
  return { check, detail };
}

function figuresOf(facts: RecoveryFacts): RecoveryFigures {
  const { changes, tenants } = facts;
  const tables = tenants.flatMap((tenant) => tenant.tables);
  const names = [...new Set(tables.map(({ table }) => table))];
  const sum = (numbers: readonly number[]) => numbers.reduce((all, one) => all + one, 0);
  return {
    tenants: tenants.length,
    entries: sum(tenants.map(({ head }) => head.seq)),
    made_meanwhile: facts.madeMeanwhile,
    recovered_in_ms: Math.round(facts.recoveredInMs),
    rows_compared: Object.fromEntries(
      names.map((name) => [name, sum(tables.filter(({ table }) => table === name).map(({ rows }) => rows))]),
    ),
    rows_differing: sum(tables.map(({ differing }) => differing)),
    listed: sum(tenants.map(({ listed }) => listed.before)),
    applied_before: changes.before.length,
    found_by_receipt: facts.foundByReceipt,
    lost_from_the_record: changes.lost.length - facts.knownLost,
    unknown_receipts: facts.unknownReceipts,
    leased_under_stop: facts.leasedUnderStop,
    written_once: [...changes.before, ...changes.between, ...changes.lost].filter(isOnce).length,
    repeated_ended_as: facts.repeatedEndedAs,
  };
}
