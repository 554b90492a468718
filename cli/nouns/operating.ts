import type { View } from '@countersign/client/call-api';
import { printable } from '@countersign/client/printable';
import { command, operand } from '../command/command.ts';
import { answerList, column, pageOf, pageOptions, shortTime, timeColumn } from '../command/listing.ts';
import { reasonOption, writeOptions } from '../command/writing.ts';
import { exitCodes } from '../exit-codes.ts';
import { table } from '../output/table.ts';
import { openPlane } from '../plane.ts';

function settling(verb: 'requeue' | 'discard', summary: string, done: string) {
  return command({
    name: `jobs ${verb}`,
    summary,
    operands: ['JOB'],
    options: reasonOption,
    example: `countersign jobs ${verb} wbj_wrp_01J... --reason "the network is back"`,
    run: async (context, { reason }, operands) => {
      const id = operand(operands, 0);
      const plane = await openPlane(context);
      const answer = await plane.proposals[verb](id, reason, writeOptions(context));
      context.answer(answer, `${printable(id)} ${done}\n`);
      return exitCodes.ok;
    },
  });
}

const runners = command({
  name: 'runners list',
  summary: 'the runners, and when each was last heard of',
  options: pageOptions,
  example: 'countersign runners list',
  run: async (context, values) => {
    const plane = await openPlane(context);
    const found = await plane.fleet.runners(pageOf(values), { signal: context.world.signal });
    return answerList(context, found, found.runners, [
      column('RUNNER', 'runner_id', true),
      column('STATUS', 'status'),
      column('VERSION', 'runner_version'),
      column('SOURCES', 'source_ids'),
      timeColumn('LAST SEEN', 'last_seen_at'),
    ]);
  },
});

const MOST_WORDS = 400;

const search = command({
  name: 'search',
  summary: 'find proposals, evidence and receipts by words',
  operands: ['WORD...'],
  options: {
    kind: {
      type: 'string',
      value: 'KIND',
      help: 'only proposals, evidence or receipts: proposal, evidence, receipt',
    },
    ...pageOptions,
  },
  example: 'countersign search waiver goodwill --kind proposal',
  run: async (context, { kind, ...values }, operands) => {
    const plane = await openPlane(context);
    const q = operands.join(' ').slice(0, MOST_WORDS);
    const ask = { q, kind, ...pageOf(values) };
    const found = await plane.record.search(ask, { signal: context.world.signal });
    if (found.is_complete === false) context.say('not everything has been looked through yet: ask again\n');
    return answerList(context, found, found.results, [
      column('KIND', 'kind'),
      column('HANDLE', 'handle', true),
      column('WHAT', 'snippet'),
      timeColumn('AT', 'at'),
    ]);
  },
});

const replay = command({
  name: 'replay',
  summary: 'all that happened, by the id of any part of it',
  text: 'HANDLE is the id of a proposal, of its job, of a receipt or of a piece of evidence.',
  operands: ['HANDLE'],
  example: 'countersign replay wbj_wrp_01J...',
  run: async (context, _values, operands) => {
    const plane = await openPlane(context);
    const answer = await plane.record.replay(operand(operands, 0), { signal: context.world.signal });
    context.answer(answer, replayText(answer, context.emphasize));
    return exitCodes.ok;
  },
});

/** The story in order, and whether its chain holds. */
export function replayText(answer: View, emphasize: (text: string) => string): string {
  const steps = Array.isArray(answer.steps) ? answer.steps.filter(isView) : [];
  const { integrity } = answer;
  const holds = isView(integrity) ? integrity.ok === true : undefined;
  const verdict = holds === undefined ? '' : holds ? 'the chain holds\n' : 'THE CHAIN DOES NOT HOLD\n';
  const columns = [
    column('SEQ', 'seq'),
    { title: 'AT', of: (row: View) => shortTime(row.at) },
    column('PHASE', 'phase'),
    column('WHAT', 'type'),
    {
      title: 'WHO',
      of: (row: View) => (isView(row.actor) ? `${row.actor.kind} ${row.actor.id}` : row.actor),
    },
  ];
  return `${table(columns, steps, emphasize)}${verdict}`;
}

function isView(value: unknown): value is View {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export const operatingCommands = [
  settling('requeue', 'try a dead letter again, under the same key', 'is queued again'),
  settling('discard', 'give a dead letter up', 'is given up'),
  runners,
  search,
  replay,
];
