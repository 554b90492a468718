import type { LedgerEntry } from '@countersign/protocol/ledger';
import { actionOfSubject } from '../../actions/action-subject.ts';
import type { ActionRow } from '../../actions-schema.ts';
import type { RunRow, StepRow } from '../../runs-schema.ts';
import type { ProposalRow } from '../../schema.ts';
import {
  type Clause,
  clause,
  counted,
  oneLine,
  partOf,
  type Seen,
  saying,
  sentence,
  type Told,
  textIn,
  told,
  who,
} from './sentence.ts';
import { tellAction } from './tell-action.ts';
import { tellProposal } from './tell-proposal.ts';
import { tellStep } from './tell-task.ts';
import { waitingClause, waitingRun } from './waiting-steps.ts';

/** Everything that an explanation is made from. */
export interface RunStory {
  readonly run: RunRow;
  /** In their order. */
  readonly steps: readonly StepRow[];
  /** About the run, oldest first. */
  readonly entries: readonly LedgerEntry[];
  readonly proposals: readonly ProposalRow[];
  readonly actions: readonly ActionRow[];
  /** About those, oldest first. */
  readonly linkedEntries: readonly LedgerEntry[];
  readonly seen: Seen;
}

interface Chapter {
  readonly title: string;
  readonly step_id: string | null;
  readonly links: readonly string[];
  readonly clauses: readonly Clause[];
}

export interface Explanation {
  /** One sentence. */
  readonly summary: string;
  readonly chapters: readonly Chapter[];
  /** What is still open, and who could move it on. */
  readonly waiting: readonly Clause[];
  /** All of it as plain text; `[12]` names an entry of the ledger. */
  readonly text: string;
}

/** Says in plain words what happened in a run: who, what, why, by which rule, and what waits for whom. */
export function explainRun(story: RunStory): Explanation {
  const numbers = new Map(story.steps.map(({ number, step_id }) => [step_id, number]));
  const byStep = Map.groupBy(story.entries, ({ body }) => textOf(body.step_id));
  const byLinked = Map.groupBy(story.linkedEntries, ({ subject }) => idOf(subject));
  const chapters = [
    beginning(story),
    ...story.steps.map((step) => {
      const own = (byStep.get(step.step_id) ?? []).map((entry) => told(entry, story.seen));
      const linked = (byLinked.get(step.linked ?? '') ?? []).map((entry) => told(entry, story.seen));
      return chapterOf(step, numbers, own, linked);
    }),
    ...ending(story),
  ];
  const standing = {
    proposals: new Map(story.proposals.map((row) => [row.proposal_id, row])),
    actions: new Map(story.actions.map((row) => [row.action_id, row])),
    steps: new Map(story.steps.map((row) => [row.step_id, row])),
    showsWords: story.seen.showsWords,
  };
  const waiting = [...story.steps.map((step) => waitingClause(step, standing)), waitingRun(story.run)].filter(
    (one) => one !== undefined,
  );
  const summary = summaryOf(story.run, waiting.length);
  return { summary, chapters, waiting, text: asText(summary, chapters, waiting) };
}

function beginning({ entries, run, seen }: RunStory): Chapter {
  const first = entries.find(({ type }) => type === 'run.started');
  const title = 'How it began';
  if (first === undefined) return { title, step_id: null, links: [], clauses: [] };
  const entry = told(first, seen);
  const principal = textIn(entry, 'principal');
  const whom = principal === undefined ? '' : ` for ${principal}`;
  const text = sentence(`${who(entry)} asked for ${run.command}${whom}${saying(entry, 'text')}`);
  return { title, step_id: null, links: [], clauses: [clause(entry, text)] };
}

function ending({ entries, seen }: RunStory): Chapter[] {
  const last = entries.findLast(({ type }) => type === 'run.ended');
  if (last === undefined) return [];
  const entry = told(last, seen);
  const text = sentence(howItEnded(entry, textIn(entry, 'state')));
  return [{ title: 'How it ended', step_id: null, links: [], clauses: [clause(entry, text)] }];
}

function howItEnded(entry: Told, state: string | undefined): string {
  const cause = partOf(entry, 'cause');
  if (entry.actor.kind === 'system') return `the run ${endOf(state)}: ${textIn(cause, 'message') ?? ''}`;
  if (state === 'canceled') return `${who(entry)} canceled the run${saying(cause, 'message')}`;
  return `${who(entry)} said that it is over, and that it ${endOf(state)}${saying(entry, 'summary')}`;
}

function endOf(state: string | undefined): string {
  return state === 'canceled' ? 'was canceled' : `has ${state ?? 'ended'}`;
}

function chapterOf(
  step: StepRow,
  numbers: ReadonlyMap<string, number>,
  own: readonly Told[],
  linked: readonly Told[],
): Chapter {
  const tell = step.kind === 'action' ? tellAction : tellProposal;
  const clauses = [
    ...own.map((entry) => tellStep(entry, step, numbers)),
    ...linked.map((entry) => tell(entry)),
  ]
    .filter((one) => one !== undefined)
    .toSorted((a, b) => (a.seqs[0] ?? 0) - (b.seqs[0] ?? 0));
  return { title: titleOf(step), step_id: step.step_id, links: linksOf(step), clauses };
}

function titleOf({ artifact, kind, linked, number, task, title }: StepRow): string {
  const what = task ?? artifact?.name ?? title;
  const named = what === null ? '' : ` ${what}`;
  return oneLine(`Step ${number}: ${kind}${named}${linked === null ? '' : ` (${linked})`}`);
}

function linksOf({ kind, linked }: StepRow): readonly string[] {
  if (linked === null) return [];
  return [kind === 'action' ? `/v1/actions/${linked}` : `/v1/proposals/${linked}`];
}

function summaryOf(run: RunRow, waiting: number): string {
  const steps = counted(run.steps, 'step', 'steps');
  if (run.state !== 'open') return `The run ${endOf(run.state)} after ${steps}.`;
  const open = waiting === 0 ? '' : `; ${counted(waiting, 'thing is', 'things are')} waited for`;
  return `The run is open, with ${steps} so far${open}.`;
}

function asText(summary: string, chapters: readonly Chapter[], waiting: readonly Clause[]): string {
  const all = [
    ...chapters.filter(({ clauses }) => clauses.length > 0),
    ...(waiting.length === 0 ? [] : [{ title: 'What it waits for', clauses: waiting }]),
  ];
  const parts = all.map(({ clauses, title }) => `${title}\n${clauses.map(line).join('')}`);
  return [`${summary}\n`, ...parts].join('\n');
}

function line({ seqs, text }: Clause): string {
  return `- ${text} [${seqs.join(', ')}]\n`;
}

/** The proposal or action that a subject is. */
function idOf(subject: string): string {
  return subject.startsWith('action/') ? actionOfSubject(subject) : subject;
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
