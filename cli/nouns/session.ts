import { command } from '../command/command.ts';
import { exitCodes } from '../exit-codes.ts';
import { facts, flattened } from '../output/table.ts';
import { openPlane } from '../plane.ts';

const whoami = command({
  name: 'whoami',
  summary: 'who the control plane takes you for',
  example: 'countersign whoami',
  run: async (context) => {
    const plane = await openPlane(context);
    const self = await plane.session.self({ signal: context.world.signal });
    const { ok: _, context: known, ...rest } = self;
    const shown = typeof known === 'object' && known !== null ? { ...known, ...rest } : rest;
    context.answer(self, facts([['control plane', plane.url], ...flattened(shown)]));
    return exitCodes.ok;
  },
});

const status = command({
  name: 'status',
  summary: 'how the control plane is: queues, leases, ledger',
  example: 'countersign status --json',
  run: async (context) => {
    const plane = await openPlane(context);
    const { signal } = context.world;
    const [control, health] = [
      await plane.session.status({ signal }),
      await plane.proposals.engineHealth({ signal }),
    ];
    const { ok: _, ...shown } = health;
    context.answer(
      { ...control, engine: health },
      facts([['control plane', plane.url], ['state', control.status], ...flattened(shown)]),
    );
    return exitCodes.ok;
  },
});

export const sessionCommands = [whoami, status];
