import type { LogFields } from './log-line.ts';

const MOST_FRAMES = 20;
const MOST_CAUSES = 4;
const NAME = /^\w{1,80}$/;

/** What SQLite says that names tables and columns, and no value. */
const OF_SCHEMA =
  /no such (?:table|column): [\w.]+|has no column named \w+|(?:UNIQUE|CHECK|NOT NULL|PRIMARY KEY|FOREIGN KEY) constraint failed(?:: [\w., ]+)?/;

/**
 * What may be logged of a fault. Its message may quote anything, a row's value or a token, so it is left out: what a
 * database says of its schema is all that is taken from it.
 */
export function faultFields(fault: unknown): Pick<LogFields, 'code' | 'fault' | 'message' | 'stack'> {
  if (!(fault instanceof Error)) return { fault: 'unknown' };
  const code = 'code' in fault ? fault.code : undefined;
  return {
    fault: NAME.test(fault.name) ? fault.name : 'Error',
    ...(typeof code === 'string' && NAME.test(code) ? { code } : {}),
    message: wordsOfSchema(fault, MOST_CAUSES),
    stack: framesOf(fault),
  };
}

function wordsOfSchema(fault: Error, causes: number): string | undefined {
  const found = OF_SCHEMA.exec(fault.message)?.[0];
  if (found !== undefined || causes === 0) return found;
  return fault.cause instanceof Error ? wordsOfSchema(fault.cause, causes - 1) : undefined;
}

/** A stack begins with the message, which may hold lines that look like frames. */
function framesOf({ message, stack = '' }: Error): string | undefined {
  const at = stack.indexOf(message);
  const frames = at < 0 ? [] : stack.slice(at + message.length).split('\n');
  const known = frames.filter((line) => /^\s+at /.test(line)).slice(0, MOST_FRAMES);
  return known.length === 0 ? undefined : known.map((line) => line.trim()).join('\n');
}
