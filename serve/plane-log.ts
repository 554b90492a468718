import { appendFileSync } from 'node:fs';
import type { LogEvent } from '@countersign/protocol/log/log-events';
import { type LogFields, logLine, readLogLine } from '@countersign/protocol/log/log-line';

export type Log = (event: LogEvent, fields?: LogFields) => void;

/** Writes the lines of `protocol/log`, one JSON object each. */
export function jsonLog(write: (line: string) => void): Log {
  return (event, fields = {}) => write(`${logLine(event, fields, Date.now())}\n`);
}

/**
 * Adds lines to a file that only its owner reads. It is opened for each, so that whoever keeps logs short may move it
 * away at any time. A disk that is full must not end what is served: such a line is lost.
 */
export function appendTo(file: string, fallback: (line: string) => void): (line: string) => void {
  return (line) => {
    try {
      appendFileSync(file, line, { mode: 0o600 });
    } catch {
      fallback(line);
    }
  };
}

/** What the Workers or workerd printed: lines of the log stay as they are, and all else is text in one. */
export function logOutput(write: (line: string) => void, line: string): void {
  if (readLogLine(line) !== undefined) write(`${line}\n`);
  else jsonLog(write)('workerd.output', { message: line });
}
