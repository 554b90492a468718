import { type BackoffLimits, backoffMs } from '@countersign/client/backoff';
import { pause } from '@countersign/client/pause';
import type { SourceDatabase } from '../databases/source-database.ts';
import type { RunnerContext } from './runner-context.ts';

/** Asks a database that is away until it answers, or the runner drains. */
export async function untilReachable(
  { drain, log, observe }: RunnerContext,
  sourceId: string,
  database: SourceDatabase,
  limits: BackoffLimits,
): Promise<void> {
  for (let failures = 1; !drain.aborted; failures += 1) {
    const code = await database.probe();
    observe({ kind: 'database', sourceId, isReachable: code === undefined });
    if (code === undefined) return log('info', 'database_reachable', { source_id: sourceId });
    log('warn', 'database_away', { source_id: sourceId, code, failures });
    await pause(backoffMs(failures, limits, Math.random()), drain);
  }
}
