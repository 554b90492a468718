import { printable } from '@countersign/client/printable';
import type { LogLine } from '@countersign/protocol/log/log-line';

const LEVEL_WIDTH = 5;
const EVENT_WIDTH = 19;

/** A line of the log for a person. */
export function logText(line: LogLine): string {
  const { duration_ms: took, event, level, method, route, stack, time } = line;
  const rest = [
    line.status,
    line.code,
    line.fault,
    route === undefined ? undefined : `${method} ${route}`,
    line.tenant,
    line.actor,
    line.subject,
    line.url,
    line.message,
    took === undefined ? undefined : `${took} ms`,
    line.request_id,
  ].filter((part) => part !== undefined);
  const head = `${time}  ${level.toUpperCase().padEnd(LEVEL_WIDTH)}  ${event.padEnd(EVENT_WIDTH)}`;
  const frames =
    stack === undefined
      ? ''
      : stack
          .split('\n')
          .map((frame) => `    ${printable(frame)}\n`)
          .join('');
  return `${printable([head, ...rest].join('  '))}\n${frames}`;
}

/** A line that is none of ours, as it is. */
export function unknownText(text: string): string {
  return `? ${printable(text)}\n`;
}
