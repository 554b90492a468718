import { adviceForAction } from '../../actions/action-advice.ts';
import type { ActionRow } from '../../actions-schema.ts';
import { type Waiting, waitingFor } from '../../proposals/waiting-for.ts';
import type { RunRow, StepRow } from '../../runs-schema.ts';
import type { ProposalRow } from '../../schema.ts';
import { stepHasEnded } from '../step-lane.ts';
import { type Clause, clause, listed, plain, sentence, timeOf } from './sentence.ts';

interface Standing {
  readonly proposals: ReadonlyMap<string, ProposalRow>;
  readonly actions: ReadonlyMap<string, ActionRow>;
  readonly steps: ReadonlyMap<string, StepRow>;
  readonly showsWords: boolean;
}

/** What an open step waits for, and whom; undefined for one that has ended. */
export function waitingClause(step: StepRow, standing: Standing): Clause | undefined {
  const linked = step.linked ?? '';
  if (stepHasEnded(step)) return undefined;
  if (step.kind === 'proposal') {
    const row = standing.proposals.get(linked);
    return row === undefined ? undefined : asClause(step, row.tip_seq, waitingFor(row, standing.showsWords));
  }
  if (step.kind === 'action') {
    const row = standing.actions.get(linked);
    return row === undefined ? undefined : asClause(step, row.tip_seq, adviceForAction(row));
  }
  return asClause(step, step.seq, taskWaits(step, standing));
}

function asClause({ number }: StepRow, seq: number, waiting: Waiting | null): Clause | undefined {
  if (waiting === null) return undefined;
  const text = sentence(`step ${number}: ${waiting.why}; ${waiting.next}`);
  return clause({ seq }, text);
}

function taskWaits(step: StepRow, { showsWords, steps }: Standing): Waiting | null {
  const handler = step.plan?.handler ?? '';
  switch (step.state) {
    case 'waiting': {
      const open = step.parents
        .map((id) => steps.get(id))
        .filter((parent) => parent !== undefined && !stepHasEnded(parent))
        .map((parent) => `step ${parent?.number}`);
      return { why: `it waits for ${listed(open)}`, next: 'wait' };
    }
    case 'queued':
      return step.not_before === null
        ? { why: `it waits for a worker for ${handler}`, next: `start one that handles ${handler}` }
        : { why: `it rests until ${timeOf(step.not_before)}`, next: 'wait' };
    case 'leased': {
      const { percent = null, message = null } = step.progress ?? {};
      const said = [
        percent === null ? [] : [`${percent} %`],
        message === null || !showsWords ? [] : [`"${plain(message)}"`],
      ];
      const how = said.flat().join(', ');
      return {
        why: `${step.claim_runner ?? 'a worker'} is at work on it${how === '' ? '' : ` (${how})`}`,
        next: 'wait',
      };
    }
    default:
      return null;
  }
}

/** A run that no step ends waits for whoever drives it. */
export function waitingRun(run: RunRow): Clause | undefined {
  if (run.state !== 'open' || run.ends !== 'when_told' || run.open.length > 0) return undefined;
  const text = `whoever drives it has not said that it is over; at the latest it ends at ${timeOf(run.expires_at)}`;
  return clause(run, sentence(text));
}
