import * as z from 'zod';
import { isLogEvent, type LogEvent, logEvents, logLevels, logTargets } from './log-events.ts';
import { withoutSecrets } from './without-secrets.ts';

export const LONGEST_MESSAGE = 2_000;
const LONGEST_STACK = 4_000;
/** Of an issuer and a subject. */
const LONGEST_ACTOR = 600;
const ID = /^[\w.:@/-]{1,160}$/;
const CODE = /^[\w.-]{1,80}$/;

const idSchema = z.string().regex(ID);

/** A line of the log, as it is written: nothing in it but ids, codes, counts, times and addresses. */
export const logLineSchema = z
  .strictObject({
    time: z.iso.datetime().describe('RFC 3339, UTC'),
    level: z.enum(logLevels).describe('how bad it is'),
    target: z.enum(logTargets).describe('which part of the product says it'),
    event: z.enum(Object.keys(logEvents).filter(isLogEvent)).describe('what happened: see below'),
    tenant: idSchema.optional().describe('the project that it is about'),
    actor: z
      .string()
      .max(LONGEST_ACTOR)
      .optional()
      .describe('who asked, once that is known: `person:<issuer> <subject>`, `agent:<credential id>` ...'),
    subject: idSchema.optional().describe('the id that the request named in its path'),
    request_id: z
      .string()
      .regex(/^req_[0-9a-f-]{36}$/)
      .optional()
      .describe('the same as in the answer and its `x-request-id`'),
    method: z
      .string()
      .regex(/^[A-Z]{1,10}$/)
      .optional()
      .describe('of the request'),
    route: z
      .string()
      .max(200)
      .optional()
      .describe('as in the OpenAPI document: never the path that was asked, never a query'),
    status: z.int().min(100).max(599).optional().describe('of the answer'),
    duration_ms: z.int().min(0).optional().describe('milliseconds'),
    code: z.string().regex(CODE).optional().describe('the `error_code` of the answer, or of the fault'),
    message: z.string().max(LONGEST_MESSAGE).optional().describe('in words of ours'),
    fault: z.string().regex(CODE).optional().describe('the kind of a fault; what it says is not logged'),
    stack: z.string().max(LONGEST_STACK).optional().describe('where in the code a fault was'),
    pid: z.int().min(0).optional().describe('of a process'),
    url: z.string().max(500).optional().describe('where the plane answers'),
    store: z.string().max(1_000).optional().describe('the folder of what is kept'),
    version: z.string().max(60).optional().describe('of the program that serves'),
    copy: z.string().max(1_000).optional().describe('the folder of a copy of what is kept'),
    backups: z.string().max(1_000).nullable().optional().describe('the folder that copies go to'),
  })
  .refine(
    ({ event, level, target }) => logEvents[event].level === level && logEvents[event].target === target,
    {
      error: 'the event has another level or target',
    },
  );
export type LogLine = z.infer<typeof logLineSchema>;
export type LogFields = {
  readonly [Name in Exclude<keyof LogLine, 'time' | 'level' | 'target' | 'event'>]?:
    | LogLine[Name]
    | undefined;
};

/** A line of the log, without its end. What is too long is cut, and what looks like a secret is left out. */
export function logLine(event: LogEvent, fields: LogFields, now: number): string {
  const { level, target } = logEvents[event];
  const { message, stack, actor, ...others } = fields;
  const line = {
    time: new Date(now).toISOString(),
    level,
    target,
    event,
    ...others,
    actor: actor === undefined ? undefined : withoutSecrets(actor).slice(0, LONGEST_ACTOR),
    message: message === undefined ? undefined : withoutSecrets(message).slice(0, LONGEST_MESSAGE),
    stack: stack === undefined ? undefined : withoutSecrets(stack).slice(0, LONGEST_STACK),
  };
  return JSON.stringify(line);
}

/** An id that came from outside, where it can be one: anything may stand in a path, a secret too. */
export function loggableId(text: string | undefined): string | undefined {
  if (text === undefined || !ID.test(text)) return undefined;
  return withoutSecrets(text) === text ? text : undefined;
}

/** A line of the log as what it says; undefined for any other text. */
export function readLogLine(text: string): LogLine | undefined {
  const parsed = logLineSchema.safeParse(jsonIn(text));
  return parsed.success ? parsed.data : undefined;
}

function jsonIn(text: string): unknown {
  if (!text.startsWith('{')) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
