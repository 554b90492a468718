import type { View } from '@countersign/client/call-api';
import { printable } from '@countersign/client/printable';
import { withBounds } from '@countersign/client/proposal-bounds';
import { detailOf } from '@countersign/client/proposal-detail';
import { command, operand } from '../command/command.ts';
import { answerList, column, pageOf, pageOptions, timeColumn, wholeNumber } from '../command/listing.ts';
import { exitCodes } from '../exit-codes.ts';
import { openPlane } from '../plane.ts';
import { explanationText, proposalText, waitingText } from '../proposals/proposal-text.ts';

const list = command({
  name: 'proposals list',
  summary: 'newest first; pending ones by what expires first',
  options: {
    status: { type: 'string', value: 'STATUS', help: 'such as pending_review' },
    'job-status': { type: 'string', value: 'STATUS', help: 'such as dead_letter' },
    source: { type: 'string', value: 'ID', help: 'only of this source' },
    ...pageOptions,
  },
  example: 'countersign proposals list --status pending_review',
  run: async (context, values) => {
    const plane = await openPlane(context);
    const filter = { status: values.status, job_status: values['job-status'], source_id: values.source };
    const found = await plane.proposals.list(
      { ...filter, ...pageOf(values) },
      { signal: context.world.signal },
    );
    return answerList<View>(context, found, found.proposals, [
      column('PROPOSAL', 'proposal_id', true),
      column('STATUS', 'status'),
      { title: 'ACTION', of: (row) => row.capability ?? row.action },
      timeColumn('EXPIRES', 'expires_at'),
    ]);
  },
});

const show = command({
  name: 'proposals show',
  summary: 'its effect, who asked, what is needed, why it waits',
  operands: ['PROPOSAL'],
  example: 'countersign proposals show wrp_01J...',
  run: async (context, _values, operands) => {
    const plane = await openPlane(context);
    const view = await plane.proposals.read(operand(operands, 0), { signal: context.world.signal });
    const found = detailOf(view);
    const contracts = () => plane.contracts(found.project_id ?? undefined);
    const detail = await withBounds(contracts, found, context.world.signal);
    context.answer(view, proposalText(detail, context.emphasize));
    return exitCodes.ok;
  },
});

const explain = command({
  name: 'proposals explain',
  summary: 'why it waits, and what would change that',
  operands: ['PROPOSAL'],
  example: 'countersign proposals explain wrp_01J...',
  run: async (context, _values, operands) => {
    const plane = await openPlane(context);
    const view = await plane.proposals.read(operand(operands, 0), { signal: context.world.signal });
    const detail = detailOf(view);
    const { cause = null, decisions = [], proposal_id, result = null, status, waiting = null } = detail;
    context.answer({ proposal_id, status, waiting, cause, decisions, result }, explanationText(detail));
    return exitCodes.ok;
  },
});

const LONGEST_WAIT_SECONDS = 86_400;
/** The control plane holds an answer for so long at most. */
const HELD_SECONDS = 25;
const OPEN = new Set(['rehearsing', 'pending_review', 'changes_requested', 'approved']);

const wait = command({
  name: 'proposals wait',
  summary: 'wait until a proposal has ended',
  text: 'Exit code 0 when it was applied or what --until names came; 1 when it ended otherwise, or the time was up.',
  operands: ['PROPOSAL'],
  options: {
    until: { type: 'string', multiple: true, value: 'STATUS', help: 'also enough, such as approved' },
    timeout: { type: 'string', value: 'SECONDS', help: 'usual: 300' },
  },
  example: 'countersign proposals wait wrp_01J... --timeout 3600',
  run: async (context, { timeout = '300', until = [] }, operands) => {
    const endsAt = Date.now() + wholeNumber(timeout, '--timeout', 0, LONGEST_WAIT_SECONDS) * 1_000;
    const plane = await openPlane(context);
    const id = operand(operands, 0);
    const { signal } = context.world;
    let view = await plane.proposals.read(id, { signal });
    let detail = detailOf(view);
    while (OPEN.has(detail.status) && !until.includes(detail.status)) {
      const left = Math.ceil((endsAt - Date.now()) / 1_000);
      if (left <= 0) break;
      const waitSeconds = Math.min(left, HELD_SECONDS);
      view = await plane.proposals.read(id, { waitSeconds, after: detail.ledger_seq ?? undefined, signal });
      detail = detailOf(view);
    }
    context.answer(view, `${printable(detail.status)}\n${waitingText(detail).trimStart()}`);
    const isGood = detail.status === 'applied' || until.includes(detail.status);
    return isGood ? exitCodes.ok : exitCodes.failed;
  },
});

export const proposalCommands = [list, show, explain, wait];
