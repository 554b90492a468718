import { isLogEvent, type LogLevel, logEvents, logLevels } from '@countersign/protocol/log/log-events';
import type { LogLine } from '@countersign/protocol/log/log-line';
import { durationOf } from '../command/duration.ts';
import { timeOf } from '../command/listing.ts';
import type { Options, Values } from '../command/options.ts';
import { usageFault } from '../fault.ts';

export const filterOptions = {
  level: { type: 'string', value: 'LEVEL', help: 'that or worse: info, warn, error' },
  event: { type: 'string', value: 'EVENT', help: 'of that event; of all of its kind: request.' },
  tenant: { type: 'string', value: 'ID', help: 'about that project' },
  actor: { type: 'string', value: 'ID', help: 'of whom, as kind:id or as the id alone' },
  request: { type: 'string', value: 'ID', help: 'about that request' },
  since: { type: 'string', value: 'TIME', help: 'not older: 15m, 2h, or a time' },
} as const satisfies Options;

export type LogFilter = (line: LogLine) => boolean;

/** What the options let through; undefined where they let everything through. Throws `CliFault`. */
export function filterOf(values: Values<typeof filterOptions>, now: number): LogFilter | undefined {
  const { actor, event, level, request, since, tenant } = values;
  const worst = level === undefined ? undefined : levelIn(level);
  const earliest = since === undefined ? undefined : sinceOf(since, now);
  if (event !== undefined) assertEvent(event);
  const is = (member: 'tenant' | 'request_id', value: string | undefined): LogFilter | undefined =>
    value === undefined ? undefined : (line) => line[member] === value;
  const filters: readonly (LogFilter | undefined)[] = [
    worst === undefined ? undefined : ({ level: of }) => logLevels.indexOf(of) >= logLevels.indexOf(worst),
    earliest === undefined ? undefined : ({ time }) => Date.parse(time) >= earliest,
    event === undefined ? undefined : (line) => isOf(event, line.event),
    is('tenant', tenant),
    actor === undefined
      ? undefined
      : (line) => line.actor === actor || line.actor?.replace(/^\w+:/, '') === actor,
    is('request_id', request),
  ];
  const given = filters.filter((filter) => filter !== undefined);
  return given.length === 0 ? undefined : (line) => given.every((filter) => filter(line));
}

function isOf(wanted: string, event: string): boolean {
  return event === wanted || (wanted.endsWith('.') && event.startsWith(wanted));
}

function levelIn(text: string): LogLevel {
  const found = logLevels.find((level) => level === text);
  if (found === undefined) throw usageFault(`--level must be one of ${logLevels.join(', ')}`);
  return found;
}

function assertEvent(text: string): void {
  const isKind = text.endsWith('.') && Object.keys(logEvents).some((event) => event.startsWith(text));
  if (!isKind && !isLogEvent(text))
    throw usageFault(`--event: there is no ${text}; there are ${Object.keys(logEvents).join(', ')}`);
}

function sinceOf(text: string, now: number): number {
  return /^\d{4}-/.test(text) ? timeOf(text, '--since').getTime() : now - durationOf(text, '--since');
}
