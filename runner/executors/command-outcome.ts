import type { ActionOutcome } from '@countersign/protocol/action/action-job';
import * as z from 'zod';
import { failed, misconfigured, retry, succeeded, unknown } from './outcomes.ts';
import type { ProgramEnd } from './run-program.ts';

/** sysexits.h: nothing was done, and later it may be. */
const EX_TEMPFAIL = 75;

const lineSchema = z.object({ reference: z.string() });

/** What is true after a program ended. Only one that came to its own end can tell. */
export function outcomeOfCommand(end: ProgramEnd): ActionOutcome {
  if (!end.started) return end.ended ? retry(end.ended) : misconfigured('program_not_started');
  const { ended, exitCode, stdout } = end;
  if (exitCode === 0) return succeeded(referenceIn(stdout));
  if (exitCode === EX_TEMPFAIL) return retry('exit_75');
  if (ended !== undefined) return unknown(ended);
  return exitCode === null ? unknown('program_killed') : failed(`exit_${exitCode}`);
}

/** Of the last line that names one. */
function referenceIn(stdout: string): string | null {
  for (const line of stdout.split('\n').reverse()) {
    const reference = lineReference(line);
    if (reference !== undefined) return reference;
  }
  return null;
}

function lineReference(line: string): string | undefined {
  try {
    const parsed = lineSchema.safeParse(JSON.parse(line));
    return parsed.success ? parsed.data.reference : undefined;
  } catch {
    return undefined;
  }
}
