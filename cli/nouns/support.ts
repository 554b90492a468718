import { command } from '../command/command.ts';
import { exitCodes } from '../exit-codes.ts';
import { usageFault } from '../fault.ts';
import { writeNew } from '../files.ts';
import { openPlane } from '../plane.ts';
import { openServe } from '../serving/open-serve.ts';
import { givenBy } from '../serving/serve-answer.ts';
import { bundleText } from '../support/bundle-text.ts';
import { gatherBundle } from '../support/gather-bundle.ts';

const bundle = command({
  name: 'support bundle',
  summary: 'one file for whoever helps you, with no secret in it',
  text: `Health and queue depths, runners, freezes, limits, the newest 500 entries of the ledger as outlines (type, time,
kind of actor, minted ids), and versions. With --config the settings of a plane of this machine, with --doctor what
\`countersign-runner doctor --json\` printed, by where and outcome. What your login may not read is left out.

Nothing gets in but what is named: no token, no row, no argument, no reason, no name of a person, no URL. The file is
readable by you alone, and a file that is there is not replaced.`,
  options: {
    output: { type: 'string', short: 'o', value: 'FILE', help: 'the file to write' },
    doctor: { type: 'string', value: 'FILE', help: "what the runner's doctor printed with --json" },
    config: { type: 'string', value: 'FILE', help: 'the configuration of a plane of this machine' },
  },
  example: 'countersign support bundle --output support.json',
  run: async (context, { config, doctor, output }) => {
    if (output === undefined) throw usageFault('support bundle needs --output FILE');
    const { now, signal } = context.world;
    const settings =
      config === undefined ? undefined : givenBy(await (await openServe()).serveOutline(config));
    const plane = await openPlane(context);
    const made = await writeNew(output, { isSecret: true }, async (write) => {
      const gathered = await gatherBundle(plane, { doctor, settings, now: now(), signal });
      await write(`${JSON.stringify(gathered, null, 2)}\n`);
      return gathered;
    });
    const parts = Object.fromEntries(
      Object.entries(made.parts).map(([name, part]) => [name, part.ok ? 'ok' : part.error_code]),
    );
    context.answer({ ok: true, file: output, parts }, bundleText(output, made));
    return exitCodes.ok;
  },
});

export const supportCommands = [bundle];
