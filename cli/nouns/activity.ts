import type { RecordPart } from '@countersign/client/activity-api';
import { printable } from '@countersign/client/printable';
import { command, operand } from '../command/command.ts';
import { answerList, column, pageOf, pageOptions, timeColumn, timeOf } from '../command/listing.ts';
import type { Options, Values } from '../command/options.ts';
import { writeOptions } from '../command/writing.ts';
import { exitCodes } from '../exit-codes.ts';
import { writeNew } from '../files.ts';
import { facts } from '../output/table.ts';
import { openPlane } from '../plane.ts';

const partOptions = {
  from: { type: 'string', value: 'TIME', help: 'nothing before it' },
  to: { type: 'string', value: 'TIME', help: 'nothing after it' },
  status: { type: 'string', value: 'STATE', help: 'only of proposals in this state' },
  capability: { type: 'string', value: 'NAME', help: 'only of this one' },
  source: { type: 'string', value: 'ID', help: 'only of this database' },
} as const satisfies Options;

function partOf({ capability, from, source, status, to }: Values<typeof partOptions>): RecordPart {
  return {
    ...(from === undefined ? {} : { from_time: timeOf(from, '--from').toISOString() }),
    ...(to === undefined ? {} : { to_time: timeOf(to, '--to').toISOString() }),
    capability,
    status,
    source_id: source,
  };
}

const list = command({
  name: 'activity list',
  summary: 'what happened to proposals, newest first',
  text: '--lookup takes any id that belongs to one proposal. `replay` tells the whole story of one.',
  options: {
    lookup: { type: 'string', value: 'ID', help: 'only the events of that proposal' },
    ...partOptions,
    ...pageOptions,
  },
  example: 'countersign activity list --status applied --from 2027-01-31',
  run: async (context, { lookup, ...values }) => {
    const activity = await (await openPlane(context)).activity();
    const wanted = { lookup, ...partOf(values), ...pageOf(values) };
    const found = await activity.list(wanted, { signal: context.world.signal });
    return answerList(context, found, found.events, [
      column('EVENT', 'event_type'),
      column('PROPOSAL', 'proposal_id', true),
      column('STATUS', 'status'),
      column('CAPABILITY', 'capability'),
      timeColumn('AT', 'recorded_at'),
    ]);
  },
});

const create = command({
  name: 'exports create',
  summary: 'ask for a part of the record as a file',
  text: 'It holds what was recorded until now, and is ready at once. The record says who asked for what.',
  options: partOptions,
  example: 'countersign exports create --source src_billing --from 2027-01-01',
  run: async (context, values) => {
    const activity = await (await openPlane(context)).activity();
    const answer = await activity.requestExport(partOf(values), writeOptions(context));
    const { export_id } = answer.export;
    context.answer(answer, `${printable(export_id)} is ready: countersign exports download\n`);
    return exitCodes.ok;
  },
});

const show = command({
  name: 'exports show',
  summary: 'what an export is',
  operands: ['EXPORT'],
  example: 'countersign exports show exp_01J...',
  run: async (context, _values, operands) => {
    const activity = await (await openPlane(context)).activity();
    const answer = await activity.readExport(operand(operands, 0), { signal: context.world.signal });
    const { export_id, status, through_seq, requested_by, created_at } = answer.export;
    context.answer(
      answer,
      facts([
        ['export', export_id],
        ['status', status],
        ['up to entry', String(through_seq)],
        ['asked for by', String(requested_by)],
        ['at', String(created_at)],
      ]),
    );
    return exitCodes.ok;
  },
});

const download = command({
  name: 'exports download',
  summary: 'fetch the file of an export',
  operands: ['EXPORT', 'FILE'],
  example: 'countersign exports download exp_01J... march.jsonl',
  run: async (context, _values, operands) => {
    const [id, output] = [operand(operands, 0), operand(operands, 1)];
    const activity = await (await openPlane(context)).activity();
    const pieces = activity.download(id, { signal: context.world.signal });
    let bytes = 0;
    await writeNew(output, {}, async (write) => {
      for await (const piece of pieces) {
        await write(piece);
        bytes += piece.byteLength;
      }
    });
    context.answer({ ok: true, file: output, bytes }, `${printable(output)}: ${bytes} bytes\n`);
    return exitCodes.ok;
  },
});

/** What happened, and parts of the record as files. */
export const activityCommands = [list, create, show, download];
