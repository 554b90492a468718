import type { DaemonReport } from './daemon-report.ts';
import { loadConfig } from './load-config.ts';
import { appendTo } from './plane-log.ts';
import { serve } from './serve.ts';
import { ServeFault } from './serve-fault.ts';

/* What goes on serving after `countersign serve --daemon` has ended: start-daemon.ts starts it. */

const [configPath = '', logFile = ''] = process.argv.slice(2);
const ended = new AbortController();
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => ended.abort());
// Whoever started it has gone before they could hear how it went.
process.once('disconnect', () => ended.abort());

const writeLog = appendTo(logFile, (line) => void process.stderr.write(line));
try {
  await serve(await loadConfig(configPath), {
    environment: process.env,
    writeLog,
    logFile,
    signal: ended.signal,
    onServing: (serving) => {
      process.removeAllListeners('disconnect');
      tell({ event: 'serving', serving });
    },
  });
} catch (fault) {
  if (!(fault instanceof ServeFault)) throw fault;
  if (process.connected) tell({ event: 'refused', fault: fault.facts });
  process.exitCode = 1;
}

/** The channel would keep this process alive for as long as somebody listens at its other end. */
function tell(report: DaemonReport): void {
  process.send?.(report, undefined, undefined, () => {
    if (process.connected) process.disconnect();
  });
}
