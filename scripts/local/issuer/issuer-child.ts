import { fileURLToPath } from 'node:url';
import { readReadyLine } from '@countersign/serve/ready-line';
import type { ChildSpec } from '../processes.ts';

/** Making the first key is the slowest part, well under a second unless the machine is very busy. */
const READY_TIMEOUT_MS = 20_000;

/** The issuer as a child process; it is ready with its address, which is also the tokens' `iss`. */
export function issuerChild(options: {
  stateFolder: string;
  port: number;
  dashboardUrl: string;
}): ChildSpec<string> {
  return {
    name: 'issuer',
    script: fileURLToPath(new URL('../issuer-process.ts', import.meta.url)),
    args: [
      `--state-folder=${options.stateFolder}`,
      `--port=${options.port}`,
      `--dashboard-url=${options.dashboardUrl}`,
    ],
    env: {},
    readReady: readReadyLine,
    readyTimeoutMs: READY_TIMEOUT_MS,
  };
}
