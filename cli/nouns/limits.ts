import type { LimitView } from '@countersign/client/fleet-api';
import { command } from '../command/command.ts';
import { shortTime } from '../command/listing.ts';
import { exitCodes } from '../exit-codes.ts';
import { table } from '../output/table.ts';
import { openPlane } from '../plane.ts';

const list = command({
  name: 'limits list',
  summary: 'the limits of the project, and how much is used up',
  text: `A limit a minute fills again evenly, and its use is what whoever uses most of it has used. Whoever uses four
fifths of one is told so in a header, and it is an entry of the ledger once an hour; beyond it requests are refused
with its name (429, limit_reached). Whoever runs the control plane sets them.`,
  example: 'countersign limits list',
  run: async (context) => {
    const plane = await openPlane(context);
    const found = await plane.fleet.limits({ signal: context.world.signal });
    const columns = [
      { title: 'LIMIT', of: ({ name }: LimitView) => name, isWhole: true },
      { title: 'USED', of: ({ used }: LimitView) => used },
      { title: 'OF', of: ({ limit }: LimitView) => limit },
      { title: 'NEAR', of: ({ neared_at }: LimitView) => shortTime(neared_at) },
      { title: 'COUNTS', of: ({ counts }: LimitView) => counts },
    ];
    context.answer(found, table(columns, found.limits, context.emphasize));
    return exitCodes.ok;
  },
});

export const limitCommands = [list];
