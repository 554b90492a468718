import type { FreezeView, PlacedFreeze } from '@countersign/client/fleet-api';
import { printable } from '@countersign/client/printable';
import { durationText } from '../command/duration.ts';
import { shortTime } from '../command/listing.ts';
import { PAGE_WIDTH, textOf } from '../output/table.ts';
import { wrap } from '../output/width.ts';

/** Whether it stands, and holds back all work there is. */
export function isOfAll({ scope, state }: FreezeView): boolean {
  return scope.kind === 'project' && state !== 'lifting';
}

/** What it is of, in words. */
export function scopeText({ is_stop, scope, state }: FreezeView): string {
  const what = scope.kind === 'project' ? 'the project' : `${scope.kind} ${scope.id ?? '-'}`;
  return `${is_stop ? 'stop of ' : ''}${what}${state === 'lifting' ? ', being lifted' : ''}`;
}

/** By whom it was placed, and why, below what it is of. */
export function freezeText(freeze: FreezeView, emphasize: (text: string) => string): string {
  const { freeze_id, placed_at, placed_by_name, reason, until } = freeze;
  const end = until == null ? 'it is lifted' : textOf(shortTime(until));
  const about = [
    `since ${textOf(shortTime(placed_at))} by ${textOf(placed_by_name)}, until ${end}`,
    textOf(reason),
  ];
  return [
    emphasize(printable(`${freeze_id}  ${scopeText(freeze)}`)),
    ...about.flatMap((text) => wrap(text, PAGE_WIDTH - INDENT.length)).map((line) => INDENT + line),
  ]
    .map((line) => `${line}\n`)
    .join('');
}

const INDENT = '  ';

/** What is true once it is placed. */
export function placedText({ freeze, no_write_begins_after, server_time }: PlacedFreeze): string {
  const { freeze_id, is_stop, scope } = freeze;
  const afterMs = Date.parse(no_write_begins_after) - Date.parse(server_time);
  const isOfRows = scope.kind === 'contract' || scope.kind === 'agent';
  return [
    `${is_stop ? 'STOPPED' : 'frozen'}: ${printable(isOfAll(freeze) ? 'all work' : scopeText({ ...freeze, is_stop: false }))}`,
    `no write of it begins after ${printable(no_write_begins_after)}, ${durationText(afterMs)} from now; what has begun by then ends`,
    isOfRows
      ? 'its rehearsals and tasks go on; proposals and decisions go on'
      : 'proposals and decisions go on',
    endText(freeze, server_time),
    `to lift it: countersign fleet lift ${printable(freeze_id)} --reason TEXT`,
  ]
    .map((line) => `${line}\n`)
    .join('');
}

/** By the control plane's clock, since the one here may be wrong. */
function endText({ until }: FreezeView, serverTime: string): string {
  if (until == null) return 'it stays until somebody lifts it';
  const forMs = Date.parse(until) - Date.parse(serverTime);
  return `it ends at ${printable(until)}, ${durationText(forMs)} from now`;
}
