import { sequenceOfId } from '@countersign/protocol/ids';
import { type ChainPlace, type LedgerEntry, verifySubject } from '@countersign/protocol/ledger';
import type { Identity } from '../access/identity.ts';
import { actions } from '../actions-schema.ts';
import type { LookPlan } from '../queries/look.ts';
import { type RunRow, runs, type StepRow, steps } from '../runs-schema.ts';
import { proposals } from '../schema.ts';
import type { Database, RawRow, Statement } from '../storage/database.ts';
import { decodeRow, selectList } from '../storage/rows.ts';
import type { Caller, LookOf } from '../turn/command.ts';
import { answer, type Reply, refuse } from '../turn/reply.ts';
import { explainRun } from './explain/explain-run.ts';
import type { Seen } from './explain/sentence.ts';
import { isRunOf } from './own-run.ts';
import type { RunStarted } from './run-body.ts';
import {
  entriesIn,
  linkedStatements,
  MOST_ENTRIES,
  nameStatements,
  namesIn,
  runStatements,
} from './run-story.ts';
import { runSubject } from './run-subject.ts';
import { runOutline, type StepWords, stepView } from './run-view.ts';

/** One run, whole: what was asked for, its steps, and every entry about it, whose chain is verified on the way out. */
export function readRun(tenant: string, { runId }: LookOf<'read-run'>): LookPlan {
  return {
    statements: runStatements(tenant, runId),
    answer: ([rows = [], story = [], found = [], begun = []], context) => {
      const run = runIn(rows, context.identity);
      if (run === undefined) return unknown(runId);
      const showsWords = context.may('read-payloads');
      const entries = entriesIn(story);
      const { input, name, principal, text } = startedIn(begun);
      const said = showsWords
        ? { text, input, cause: run.cause }
        : { cause: run.cause === null ? null : { by: run.cause.by } };
      const wordsOf = showsWords ? wordsIn(entries) : () => undefined;
      const start = cutAfter(entries);
      return answer({
        ok: true,
        ...runOutline(tenant, run),
        name,
        principal,
        ...said,
        steps: stepsIn(found).map((row) => stepView(row, wordsOf(row))),
        ...(showsWords ? { entries } : {}),
        /** Of a very long run the entries are the newest. */
        is_complete: start === undefined,
        integrity: verifySubject(tenant, runSubject(runId), entries, start),
      });
    },
  };
}

function startedIn([raw]: readonly RawRow[]): RunStarted {
  return JSON.parse(String(raw?.body)) as RunStarted;
}

/** What the oldest entry follows, where there are more than were read: that end is cut, not broken. */
function cutAfter(entries: readonly LedgerEntry[]): ChainPlace | undefined {
  const [first] = entries;
  if (first === undefined || entries.length < MOST_ENTRIES) return undefined;
  const { prev_subject_hash: hash, prev_subject_seq: seq } = first;
  return seq === null || hash === null ? undefined : { seq, hash };
}

/** What was written down with each step, by the entry that added it. */
function wordsIn(entries: readonly LedgerEntry[]): (step: StepRow) => StepWords {
  const added = new Map(entries.map(({ body, seq }) => [seq, body as Partial<StepWords>]));
  return ({ seq }) => {
    const { evidence_id = null, text = null } = added.get(seq) ?? {};
    return { evidence_id, text };
  };
}

/** Runs, newest first: ids sort by age. A page of a filtered list may be short while there is more. */
export function listRuns(tenant: string, { query }: LookOf<'list-runs'>, caller: Caller): LookPlan {
  const { cursor, limit, state } = query;
  // What is another agent's is left out before the page is cut: a cursor must not name it.
  const agent = caller.kind === 'agent' ? caller.credentialId : null;
  const sql =
    `SELECT ${selectList(runs, 'r')} FROM runs r WHERE r.tenant = ?1 AND r.run_id < ?2 ` +
    'AND (?4 IS NULL OR r.proposer_id = ?4 OR EXISTS (SELECT 1 FROM json_each(r.agents) k WHERE k.value = ?4)) ' +
    'ORDER BY r.run_id DESC LIMIT ?3';
  return {
    // Letters and digits sort before this.
    statements: [{ sql, params: [tenant, cursor ?? '~', limit, agent] }],
    answer: ([rows = []], { identity }) => {
      const found = rows.map((raw) => decodeRow(runs, raw));
      const shown = found.filter((row) => isRunOf(row, identity) && (state ?? row.state) === row.state);
      const next_cursor = found.length < limit ? null : (found.at(-1)?.run_id ?? null);
      return answer({ ok: true, runs: shown.map((row) => runOutline(tenant, row)), next_cursor });
    },
  };
}

/** What happened in a run and why, in plain words; each sentence names the entries that it stands on. */
export function explainRunPlan(
  tenant: string,
  { runId }: LookOf<'explain-run'>,
  database: Database,
): LookPlan {
  return {
    statements: runStatements(tenant, runId),
    answer: async ([rows = [], story = [], found = []], context) => {
      const run = runIn(rows, context.identity);
      if (run === undefined) return unknown(runId);
      const all = stepsIn(found);
      const linked = await rowsOf(database, linkedStatements(tenant, linkedIn(tenant, all)));
      const entries = entriesIn([...story, ...(linked[2] ?? [])]);
      const names = await rowsOf(database, nameStatements(tenant, entries));
      return explained(run, all, story, linked, {
        showsWords: context.may('read-payloads'),
        names: namesIn(names),
      });
    },
  };
}

function explained(
  run: RunRow,
  all: readonly StepRow[],
  story: readonly RawRow[],
  [rawProposals = [], rawActions = [], rawEntries = []]: readonly (readonly RawRow[])[],
  seen: Seen,
): Reply {
  const explanation = explainRun({
    run,
    steps: all,
    entries: entriesIn(story),
    proposals: rawProposals.map((raw) => decodeRow(proposals, raw)),
    actions: rawActions.map((raw) => decodeRow(actions, raw)),
    linkedEntries: entriesIn(rawEntries),
    seen,
  });
  return answer({ ok: true, run_id: run.run_id, status: run.state, ledger_seq: run.tip_seq, ...explanation });
}

async function rowsOf(database: Database, statements: readonly Statement[]) {
  return (await database.batch(statements)).map(({ rows }) => rows);
}

/** The proposals, by the sequence in their id, and the actions that are steps. */
function linkedIn(tenant: string, all: readonly StepRow[]) {
  const linked = (kind: StepRow['kind']) =>
    all.filter((row) => row.kind === kind).flatMap((row) => row.linked ?? []);
  return {
    proposals: linked('proposal').flatMap((id) => sequenceOfId('wrp', id, tenant) ?? []),
    actions: linked('action'),
  };
}

/** To an agent another's run is as if it did not exist. */
function runIn([raw]: readonly RawRow[], identity: Identity): RunRow | undefined {
  const row = raw === undefined ? undefined : decodeRow(runs, raw);
  return row !== undefined && isRunOf(row, identity) ? row : undefined;
}

function stepsIn(rows: readonly RawRow[]): readonly StepRow[] {
  return rows.map((raw) => decodeRow(steps, raw)).toSorted((a, b) => a.number - b.number);
}

function unknown(runId: string): Reply {
  return refuse('run_not_found', `there is no run ${runId}`);
}
