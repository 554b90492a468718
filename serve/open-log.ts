import { openSync } from 'node:fs';
import { errorCode } from './error-code.ts';
import { ServeFault } from './serve-fault.ts';

/** Opens a log to add to it, for its owner alone; its descriptor. Throws `ServeFault` `store_unusable`. */
export function openLog(log: string): number {
  try {
    return openSync(log, 'a', 0o600);
  } catch (cause) {
    throw new ServeFault(
      {
        code: 'store_unusable',
        message: `the log ${log} cannot be written (${errorCode(cause)})`,
        holds: 'nothing was started',
        next: 'make its folder, or name another "log" in the configuration',
      },
      { cause },
    );
  }
}
