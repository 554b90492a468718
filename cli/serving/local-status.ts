import type { Context } from '../command/context.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { openServe } from './open-serve.ts';
import { givenBy } from './serve-answer.ts';
import { statusText } from './status-text.ts';

/** How the plane of a configuration is; ends with 1 where it does not run, and 5 where it does not answer. */
export async function localStatus(context: Context, config: string): Promise<ExitCode> {
  const { serveStatus } = await openServe();
  const status = givenBy(await serveStatus(config));
  context.answer(status, statusText(status));
  if (!status.running) return exitCodes.failed;
  return status.healthy ? exitCodes.ok : exitCodes.unreachable;
}
