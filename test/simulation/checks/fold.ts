import { foldProposal } from '@countersign/durable-objects/tenant/proposals/fold-proposal';
import { FoldedTables } from '@countersign/durable-objects/tenant/rebuild/folded-tables';
import type { ProposalRow } from '@countersign/durable-objects/tenant/schema';
import type { Placed } from '@countersign/durable-objects/tenant/turn/event';
import {
  type KeyedName,
  keyedNames,
  keyOfRow,
  type RowOf,
  rowOfSubject,
} from '@countersign/durable-objects/tenant/turn/keyed-tables';
import { canonicalJson } from '@countersign/protocol/canonical-json';
import type { History, Violation } from '../history.ts';
import { placedOf } from './placed.ts';

/** What stands in a row without an entry: no fold brings it back. */
const unfolded: Partial<Record<KeyedName, readonly string[]>> = {
  runners: ['last_seen_at', 'started_at'],
  credentials: ['last_used_at'],
};

/** State is a fold over the ledger: replayed, it gives the same rows, but for the columns that are outside it. */
export function checkFold(history: History, transitions: Map<string, number>): Violation[] {
  const proposals = new Map<string, ProposalRow>();
  const rows = new FoldedTables();
  for (const entry of history.entries.map(placedOf)) {
    const runner = rowOfSubject(entry.subject);
    const before = runner?.name === 'runners' ? rows.row('runners', runner.key)?.status : undefined;
    rows.fold(history.tenant, entry);
    if (runner?.name === 'runners')
      note(transitions, 'runner', before, rows.row('runners', runner.key)?.status);
    foldStory(history.tenant, proposals, entry, transitions);
  }
  return [
    ...differences(
      'proposal',
      history.proposals.map(stableProposal),
      [...proposals.values()].map(stableProposal),
    ),
    ...keyedNames.flatMap((name) =>
      differences(
        name,
        history.keyed[name].map((row) => stableRow(name, row)),
        rows.rows(name).map((row) => stableRow(name, row)),
      ),
    ),
  ];
}

function foldStory(
  tenant: string,
  proposals: Map<string, ProposalRow>,
  entry: Placed,
  transitions: Map<string, number>,
): void {
  if (rowOfSubject(entry.subject) !== undefined) return;
  const before = proposals.get(entry.subject);
  const after = foldProposal(tenant, before, entry);
  if (after === undefined) return;
  proposals.set(entry.subject, after);
  note(transitions, 'proposal', before?.state, after.state);
  note(transitions, 'job', before?.job_state, after.job_state);
  note(transitions, 'rehearsal', before?.rehearsal?.status, after.rehearsal?.status);
}

type Stable = { readonly key: string; readonly text: string };

/** A renewed lease's end, and its place in the order of leases, are outside the fold, as are remembered keys. */
function stableProposal(row: ProposalRow): Stable {
  const { lease_expires_at: _until, remembered: _keys, rank, ...rest } = row;
  const stable = { ...rest, rank: row.job_state === 'leased' ? null : rank };
  return { key: row.proposal_id, text: canonicalJson(stable) };
}

function stableRow<Name extends KeyedName>(name: Name, row: RowOf<Name>): Stable {
  const stable = Object.entries(row).filter(([column]) => unfolded[name]?.includes(column) !== true);
  return { key: keyOfRow(name, row), text: canonicalJson(Object.fromEntries(stable)) };
}

function differences(what: string, standing: readonly Stable[], folded: readonly Stable[]): Violation[] {
  const byKey = new Map(standing.map(({ key, text }) => [key, text]));
  const violations = folded
    .filter(({ key, text }) => byKey.get(key) !== text)
    .map(({ key, text }) => ({
      check: 'fold',
      detail: `${what} ${key} folds to ${text}, but the row is ${byKey.get(key)}`,
    }));
  if (standing.length === folded.length) return violations;
  return [
    ...violations,
    { check: 'fold', detail: `${standing.length} rows of ${what}, but ${folded.length} in the ledger` },
  ];
}

function note(
  transitions: Map<string, number>,
  what: string,
  from: string | null | undefined,
  to: string | null | undefined,
) {
  if (to === null || to === undefined || from === to) return;
  const name = `${what} ${from ?? 'none'} -> ${to}`;
  transitions.set(name, (transitions.get(name) ?? 0) + 1);
}
