import {
  byProposal,
  type DatabaseDump,
  type Dump,
  type Intent,
  type ReceiptDump,
  type RowContent,
  type RowDump,
  type Violation,
} from './dump.ts';

/**
 * A row moved by its receipts and by nothing else: its versions are the steps that its receipts tell of, each once,
 * and what stands in it is what the last of them was approved to write.
 */
export function checkRowsFollowReceipts({ databases, intents }: Dump): Violation[] {
  const known = byProposal(intents);
  return databases.flatMap((database) =>
    database.rows.flatMap((row) =>
      faultsOf(row, appliedTo(row, database), known).map((fault) => ({
        check: 'rows-follow-receipts',
        detail: `${database.name} ${row.id} ${fault}`,
      })),
    ),
  );
}

function appliedTo({ id }: RowDump, { receipts }: DatabaseDump): readonly ReceiptDump[] {
  return receipts
    .filter(({ row, status }) => row === id && status === 'applied')
    .sort((one, other) => Number(one.version) - Number(other.version));
}

function faultsOf(
  { initial, final }: RowDump,
  applied: readonly ReceiptDump[],
  intents: ReadonlyMap<string, Intent>,
): string[] {
  const steps = applied.map(({ version }) => Number(version));
  const wanted = Array.from({ length: final.version - initial.version }, (_, at) => initial.version + at + 1);
  const faults: string[] = [];
  if (steps.join() !== wanted.join()) {
    const unexplained = wanted.filter((version) => !steps.includes(version)).join() || 'none';
    // What is too much: a version twice, or one that the row does not have.
    const excess = steps
      .filter((version, at) => !wanted.includes(version) || steps[at - 1] === version)
      .join();
    faults.push(
      `went from ${initial.version} to ${final.version} with ${steps.length} receipts; versions that no receipt tells of: ${unexplained}; receipts too many: ${excess || 'none'}`,
    );
  }
  const last = applied.at(-1);
  const expected = last === undefined ? initial : intents.get(last.proposalId);
  if (expected === undefined) faults.push(`was last written for ${last?.proposalId}, which nobody proposed`);
  else if (!isSame(final, expected))
    faults.push(`holds ${told(final)}, and its last receipt is of ${told(expected)}`);
  return faults;
}

type Content = Pick<RowContent, 'fee' | 'reason'>;

function isSame(one: Content, other: Content): boolean {
  return one.fee === other.fee && one.reason === other.reason;
}

function told({ fee, reason }: Content): string {
  return JSON.stringify({ fee, reason });
}
