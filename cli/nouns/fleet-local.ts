import { mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { command } from '../command/command.ts';
import type { Context } from '../command/context.ts';
import { wholeNumber } from '../command/listing.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { CliFault, usageFault } from '../fault.ts';
import { LocalFleet } from '../fleet/local/local-fleet.ts';
import { runnerProgram } from '../fleet/local/runner-program.ts';
import { ID_VARIABLE } from '../fleet/local/worker.ts';
import { openPlane } from '../plane.ts';

const MOST_WORKERS = 64;
const MOST_SECONDS = 3_600;
const LOOK_EVERY_MS = 500;
const NAME = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/;

const start = command({
  name: 'fleet start',
  summary: 'runners on this machine, until all are online',
  text: `Each is a process of the built runner, with the same configuration and a name of its own: NAME-1, NAME-2 and so on. So
the configuration must say \`"runner_id": {"env": "${ID_VARIABLE}"}\`, and name no \`http.port\` but 0.

It waits until the control plane sees all of them, and goes on until Ctrl-C, which drains them and waits until none
holds anything. One that ends before is followed by another. Nothing else hangs on this command: when it is killed, the
runners go on; when one of them is, the others take its work.

Exit code 1 when they are not online after --timeout, or one did not end well; 3 when one may not work as configured.`,
  options: {
    workers: { type: 'string', value: 'N', help: `how many, 1 to ${MOST_WORKERS}` },
    config: { type: 'string', value: 'FILE', help: 'of the runner; usual: runner.json' },
    name: { type: 'string', value: 'NAME', help: 'what their names begin with; usual: local' },
    runner: { type: 'string', value: 'FILE', help: 'the built runner; usual: beside this program' },
    logs: { type: 'string', value: 'FOLDER', help: 'where each logs; usual: a new temporary one' },
    timeout: { type: 'string', value: 'SECONDS', help: 'until all are online; usual: 60' },
  },
  example: 'countersign fleet start --workers 3 --config runner.json',
  run: async (context, { config = 'runner.json', logs, name = 'local', runner, timeout, workers }) => {
    if (workers === undefined) throw usageFault('fleet start needs --workers N');
    const count = wholeNumber(workers, '--workers', 1, MOST_WORKERS);
    const seconds = wholeNumber(timeout ?? '60', '--timeout', 1, MOST_SECONDS);
    if (!NAME.test(name)) throw usageFault('--name is letters, digits, _ and -, 64 at most');
    const program = runnerProgram(runner, process.argv[1] ?? '');
    const plane = await openPlane(context);
    const folder = logFolder(logs);
    const fleet = new LocalFleet(context, plane, {
      program,
      configPath: resolve(config),
      environment: context.world.environment,
      logFileOf: (id) => join(folder, `${id}.log`),
    });
    await fleet.start(
      Array.from({ length: count }, (_, place) => `${name}-${place + 1}`),
      context.world.signal,
    );
    return untilAsked(context, fleet, seconds);
  },
});

function logFolder(named: string | undefined): string {
  if (named === undefined) return mkdtempSync(join(tmpdir(), 'countersign-fleet-'));
  mkdirSync(named, { recursive: true, mode: 0o700 });
  return resolve(named);
}

/** However it ends, no process of it is left behind. */
async function untilAsked(context: Context, fleet: LocalFleet, seconds: number): Promise<ExitCode> {
  try {
    await Promise.race([fleet.refused, watch(context, fleet, seconds)]);
  } catch (error) {
    const isWell = await fleet.drain();
    if (!context.world.signal.aborted) throw error;
    return isWell ? exitCodes.ok : exitCodes.failed;
  }
  return exitCodes.ok;
}

/** Ends by rejecting only: when somebody has asked for the end, or when they are not online in time. */
async function watch({ world }: Context, fleet: LocalFleet, seconds: number): Promise<never> {
  const until = world.now() + seconds * 1_000;
  let wasConverged = false;
  for (;;) {
    await fleet.look(world.signal);
    wasConverged ||= fleet.isConverged;
    if (!wasConverged && world.now() > until) {
      throw new CliFault(`not all of them are online after ${seconds} s`, {
        code: exitCodes.failed,
        next: 'read their logs, and run countersign-runner doctor',
      });
    }
    await world.pause(LOOK_EVERY_MS);
  }
}

export const fleetLocalCommands = [start];
