import { fileURLToPath } from 'node:url';
import { readReadyLine } from '@countersign/serve/ready-line';
import type { ChildSpec } from '../processes.ts';

/** The first start lays out a whole PostgreSQL cluster: about five seconds, more on a busy machine. */
const READY_TIMEOUT_MS = 60_000;

/** The customer's database as a child process; it is ready with its URL. */
export function customerDatabaseChild(options: {
  stateFolder: string;
  port: number;
  extraSql: readonly string[];
}): ChildSpec<string> {
  return {
    name: 'customer-database',
    script: fileURLToPath(new URL('../customer-database-process.ts', import.meta.url)),
    args: [
      `--state-folder=${options.stateFolder}`,
      `--port=${options.port}`,
      ...options.extraSql.map((sql) => `--extra-sql=${sql}`),
    ],
    env: {},
    readReady: readReadyLine,
    readyTimeoutMs: READY_TIMEOUT_MS,
  };
}
