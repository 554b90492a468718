import { logEvents } from '@countersign/protocol/log/log-events';
import { logLineSchema } from '@countersign/protocol/log/log-line';
import { markdownTable } from './markdown-table.ts';

/** What a line of the log may hold. */
export function logFieldTable(): string {
  const rows = Object.entries(logLineSchema.shape).map(([name, schema]) => [
    `\`${name}\``,
    schema.safeParse(undefined).success ? 'where it is known' : 'always',
    schema.meta()?.description ?? '',
  ]);
  return markdownTable(['field', 'stands there', 'meaning'], rows);
}

/** Every event, with its level and who logs it. */
export function logEventTable(): string {
  const rows = Object.entries(logEvents).map(([name, { level, target, meaning }]) => [
    `\`${name}\``,
    level,
    target,
    meaning,
  ]);
  return markdownTable(['event', 'level', 'target', 'meaning'], rows);
}
