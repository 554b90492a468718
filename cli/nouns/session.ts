import { command } from '../command/command.ts';
import { exitCodes } from '../exit-codes.ts';
import { facts, flattened } from '../output/table.ts';
import { openPlane } from '../plane.ts';
import { configOption, localConfig, USUAL_CONFIG } from '../serving/config-option.ts';
import { localStatus } from '../serving/local-status.ts';

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
  text: `With --config, or in a folder with a ${USUAL_CONFIG} and no other control plane named, it is about the plane that
\`countersign serve\` runs on this machine: whether it does, since when, its address, store, log and backups.`,
  options: configOption,
  example: 'countersign status --json',
  run: async (context, { config }) => {
    const local = config ?? localConfig(context);
    if (local !== undefined) return localStatus(context, local);
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
