import { ApiError } from '@countersign/client/api-error';

export type LogLevel = 'info' | 'warn' | 'error';

/** Ids, codes, counts and times. No values of rows, no messages of databases, no URLs. */
export type LogFields = Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;

export type Log = (level: LogLevel, event: string, fields?: LogFields) => void;

/** Writes one JSON object a line. */
export function jsonLog(write: (line: string) => void): Log {
  return (level, event, fields = {}) => {
    write(`${JSON.stringify({ time: new Date().toISOString(), level, event, ...fields })}\n`);
  };
}

/** What may be logged of a thrown value: its name and code, never its message, which may quote data. */
export function faultFields(thrown: unknown): LogFields {
  if (!(thrown instanceof Error)) return { fault: typeof thrown };
  if (thrown instanceof ApiError) {
    return { fault: thrown.name, code: thrown.code, status: thrown.status, request_id: thrown.requestId };
  }
  const code = 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : undefined;
  return { fault: thrown.name, code };
}
