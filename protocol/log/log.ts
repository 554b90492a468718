import type { LogEvent } from './log-events.ts';
import { logEvents } from './log-events.ts';
import { type LogFields, logLine } from './log-line.ts';

const printers = { info: console.log, warn: console.warn, error: console.error } as const;

/** Writes a line where the platform collects them. The one way in which the Workers and the objects log. */
export function log(event: LogEvent, fields: LogFields): void {
  printers[logEvents[event].level](logLine(event, fields, Date.now()));
}
