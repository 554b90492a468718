import { appendFileSync } from 'node:fs';

export type LogLevel = 'info' | 'warn' | 'error';
/** Ids, codes, counts, times and addresses. No secrets. */
export type LogFields = Readonly<Record<string, string | number | boolean | null | undefined>>;
export type Log = (level: LogLevel, event: string, fields?: LogFields) => void;

/** Writes one JSON object a line. */
export function jsonLog(write: (line: string) => void): Log {
  return (level, event, fields = {}) => {
    write(`${JSON.stringify({ time: new Date().toISOString(), level, event, ...fields })}\n`);
  };
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

/** What the Workers or workerd printed: their own JSON lines keep their level and event. */
export function logOutput(log: Log, line: string): void {
  const known = jsonObject(line);
  const { level, event, time: _, ...fields } = known ?? {};
  if (typeof event === 'string') log(levelOf(level), event, fields as LogFields);
  else log('info', 'output', { text: line });
}

function levelOf(level: unknown): LogLevel {
  return level === 'error' || level === 'warn' ? level : 'info';
}

function jsonObject(line: string): Record<string, unknown> | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
