import { type LogEvent, logEvents } from './log-events.ts';
import { type LogFields, logLine } from './log-line.ts';

const methods = { info: 'log', warn: 'warn', error: 'error' } as const;

/** Writes a line where the platform collects them. The one way in which the Workers and the objects log. */
export function log(event: LogEvent, fields: LogFields): void {
  console[methods[logEvents[event].level]](logLine(event, fields, Date.now()));
}
