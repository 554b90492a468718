import type { RunnerView } from '@countersign/client/fleet-api';
import { printable } from '@countersign/client/printable';
import { table } from '../output/table.ts';
import { depthLines, depthsText } from './depths-text.ts';
import type { Fleet } from './fleet.ts';
import { freezeText, isOfAll, scopeText } from './freeze-text.ts';
import { runnerColumns } from './runner-text.ts';

/** @param now Unix milliseconds */
export function fleetText(fleet: Fleet, now: number, emphasize: (text: string) => string): string {
  const { depths, freezes, runners } = fleet;
  const expected = runners.filter(({ status }) => status !== 'archived');
  return [
    `${emphasize(headline(fleet))}\n`,
    ...freezes.map((freeze) => freezeText(freeze, emphasize)),
    depthsText(depths),
    '\n',
    ...(expected.length === 0 ? [] : [table(runnerColumns(now), expected, emphasize)]),
    `${countText(runners)}\n`,
  ].join('');
}

/** The same in one line, for whoever reads what is printed later. */
export function fleetLine(fleet: Fleet): string {
  const { depths, freezes, runners } = fleet;
  return printable(
    [
      headline(fleet),
      ...freezes.map((freeze) => `${freeze.freeze_id} ${scopeText(freeze)}`),
      countText(runners),
      ...(depths === null ? [] : depthLines(depths)),
    ].join('; '),
  );
}

function headline({ freezes }: Fleet): string {
  const [ofAll] = freezes.filter(isOfAll).toSorted((a, b) => Number(b.is_stop) - Number(a.is_stop));
  if (ofAll !== undefined) {
    return `${ofAll.is_stop ? 'STOPPED' : 'FROZEN'}: no work is handed out, and no write begins`;
  }
  return freezes.length === 0 ? 'nothing holds work back' : 'a part of the work is held back';
}

/** How many there are, by status; those that nobody expects any more are counted only. */
function countText(runners: readonly RunnerView[]): string {
  const counts = new Map<string, number>();
  for (const { status } of runners) counts.set(status, (counts.get(status) ?? 0) + 1);
  if (counts.size === 0) return 'no runner has registered';
  return printable([...counts].map(([status, count]) => `${count} ${status}`).join(', '));
}
