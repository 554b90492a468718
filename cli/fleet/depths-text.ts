import { printable } from '@countersign/client/printable';
import type { Fleet } from './fleet.ts';

/** What waits, a line for each kind of work; kinds of which nothing waits have none. */
export function depthsText(depths: Fleet['depths']): string {
  if (depths === null) return '';
  return depthLines(depths)
    .map((line) => `${printable(line)}\n`)
    .join('');
}

/** The same without line ends. */
export function depthLines({ actions, depths, tasks }: NonNullable<Fleet['depths']>): readonly string[] {
  const lines = [
    ['changes', depths],
    ['actions', actions ?? {}],
    ['tasks', tasks ?? {}],
  ] as const;
  const waiting = lines.flatMap(([what, counts]) => {
    const parts = Object.entries(counts).filter(([, count]) => count > 0);
    if (parts.length === 0) return [];
    return [`${what}: ${parts.map(([name, count]) => `${count} ${name.replaceAll('_', ' ')}`).join(', ')}`];
  });
  return waiting.length === 0 ? ['no work waits'] : waiting;
}
