import { command } from '../command/command.ts';
import type { Context } from '../command/context.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { usageFault } from '../fault.ts';
import { bannerText } from '../serving/banner-text.ts';
import { configOption, USUAL_CONFIG } from '../serving/config-option.ts';
import { openServe } from '../serving/open-serve.ts';
import { givenBy } from '../serving/serve-answer.ts';

const serve = command({
  name: 'serve',
  summary: 'a control plane on this machine: start it, stop it',
  text: `Serves the control plane from a folder of this machine, as its configuration says. --foreground stays until it
is told to end, and logs to stdout where the configuration names no file. --daemon comes back when the plane
answers. --stop waits for the end: what has begun is given five seconds.

Ends with 2 where the configuration is wrong, 3 where the store or the keys cannot be used, 4 where the store is
served already or the port is taken, and 1 where the plane ended by itself, or nothing runs that could be stopped.

--insecure-localhost asks nobody who they are: whoever reaches the port is the owner of a project of its own, made
for it. It is for trying things on this machine, and says so in the banner and on every answer.`,
  options: {
    foreground: { type: 'boolean', help: 'in this process, until Ctrl-C or SIGTERM' },
    daemon: { type: 'boolean', help: 'in a process of its own, which goes on after this one' },
    'insecure-localhost': {
      type: 'boolean',
      help: 'ask nobody who they are; on 127.0.0.1 alone, in the foreground',
    },
    stop: { type: 'boolean', help: 'end what --daemon or --foreground started' },
    ...configOption,
  },
  example: 'countersign serve --daemon --config countersign.json',
  run: async (context, values) => {
    const { config = USUAL_CONFIG, daemon, foreground, stop } = values;
    const isInsecure = values['insecure-localhost'] === true;
    const modes = [foreground, daemon, stop].filter((mode) => mode === true);
    if (modes.length !== 1) throw usageFault('say one of --foreground, --daemon and --stop');
    if (isInsecure && foreground !== true)
      throw usageFault('--insecure-localhost goes with --foreground: it ends with whoever said it');
    if (foreground === true) return inForeground(context, config, isInsecure);
    return daemon === true ? asDaemon(context, config) : stopped(context, config);
  },
});

async function inForeground(context: Context, config: string, isInsecure: boolean): Promise<ExitCode> {
  const { serveForeground } = await openServe();
  // Its log is what stands on stdout.
  const { world } = context;
  const { environment, signal } = world;
  const caller = { environment, signal, isInsecure };
  givenBy(await serveForeground(config, caller, world.print, (serving) => context.say(bannerText(serving))));
  return exitCodes.ok;
}

async function asDaemon(context: Context, config: string): Promise<ExitCode> {
  const { serveDaemon } = await openServe();
  const serving = givenBy(await serveDaemon(config, context.world));
  context.answer(serving, bannerText(serving));
  return exitCodes.ok;
}

async function stopped(context: Context, config: string): Promise<ExitCode> {
  const { serveStop } = await openServe();
  const pid = givenBy(await serveStop(config, context.world));
  context.answer({ stopped: true, pid }, `process ${pid} has ended; whatever it acknowledged is stored\n`);
  return exitCodes.ok;
}

export const servingCommands = [serve];
