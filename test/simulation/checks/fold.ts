import { foldProposal } from '@countersign/durable-objects/tenant/proposals/fold-proposal';
import { foldRunner } from '@countersign/durable-objects/tenant/runners/fold-runner';
import type { ProposalRow, RunnerRow } from '@countersign/durable-objects/tenant/schema';
import type { Placed } from '@countersign/durable-objects/tenant/turn/event';
import { canonicalJson } from '@countersign/protocol/canonical-json';
import type { LedgerEntry } from '@countersign/protocol/ledger';
import type { History, Violation } from '../history.ts';

const RUNNER = 'runner/';

/** State is a fold over the ledger: replayed, it gives the same rows, but for the columns that are outside it. */
export function checkFold(history: History, transitions: Map<string, number>): Violation[] {
  const { tenant, entries } = history;
  const proposals = new Map<string, ProposalRow>();
  const runners = new Map<string, RunnerRow>();
  for (const entry of entries) {
    const placed = placedOf(entry);
    if (entry.subject.startsWith(RUNNER)) {
      const before = runners.get(entry.subject);
      const after = foldRunner(tenant, before, placed);
      if (after !== undefined) runners.set(entry.subject, after);
      note(transitions, 'runner', before?.status, after?.status);
      continue;
    }
    const before = proposals.get(entry.subject);
    const after = foldProposal(tenant, before, placed);
    if (after === undefined) continue;
    proposals.set(entry.subject, after);
    note(transitions, 'proposal', before?.state, after.state);
    note(transitions, 'job', before?.job_state, after.job_state);
  }
  return [
    ...differences(
      'proposal',
      history.proposals.map(stableProposal),
      [...proposals.values()].map(stableProposal),
    ),
    ...differences('runner', history.runners.map(stableRunner), [...runners.values()].map(stableRunner)),
  ];
}

function placedOf({ at, ...entry }: LedgerEntry): Placed {
  const placed = { ...entry, at: Date.parse(at) };
  assertPlaced(placed);
  return placed;
}

/** An entry of the ledger has the body that its type says: only the tenant's own rules ever write one. */
function assertPlaced(entry: object): asserts entry is Placed {
  if (!('type' in entry)) throw new TypeError('not an entry');
}

type Stable = { readonly key: string; readonly text: string };

/** A renewed lease's end, and its place in the order of leases, are outside the fold, as are remembered keys. */
function stableProposal(row: ProposalRow): Stable {
  const { lease_expires_at: _until, remembered: _keys, rank, ...rest } = row;
  const stable = { ...rest, rank: row.job_state === 'leased' ? null : rank };
  return { key: row.proposal_id, text: canonicalJson(stable) };
}

function stableRunner({ last_seen_at: _seen, ...rest }: RunnerRow): Stable {
  return { key: rest.runner_id, text: canonicalJson(rest) };
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
