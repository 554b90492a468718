import type { Backups, BackupWork, Snapshot } from '@countersign/client/backups-api';
import { printable } from '@countersign/client/printable';
import { durationText } from '../command/duration.ts';
import { type Column, facts, PAGE_WIDTH, table, textOf } from '../output/table.ts';
import { wrap } from '../output/width.ts';
import { sizeText } from '../serving/status-text.ts';

/** Works that are over and still told. */
const MOST_PAST = 3;
const INDENT = '  ';

/** Alarms first, then how fresh the copies are, and each of them. @param now Unix milliseconds */
export function backupsText(backups: Backups, now: number, emphasize: (text: string) => string): string {
  const { alarms, snapshots, work } = backups;
  return [
    ...alarms.flatMap(({ code, message, next, since }) => [
      `${emphasize(printable(`ALARM: ${code}, since ${agoText(since, now)}`))}\n`,
      ...[message, `next: ${next}`].map(indented),
      '\n',
    ]),
    facts([
      ['last snapshot', agoText(backups.last_snapshot_at, now)],
      ['last proven restore', provenText(backups, now)],
      ['schedule', scheduleText(backups)],
      ['kept', keptText(backups)],
    ]),
    ...(snapshots.length === 0 ? [] : ['\n', table(snapshotColumns(now), snapshots, emphasize)]),
    ...worth(work).map((one) => `\n${workText(one, now)}`),
  ].join('');
}

/** How long ago a time was, for people. */
export function agoText(time: string | null | undefined, now: number): string {
  const then = Date.parse(time ?? '');
  return Number.isNaN(then) ? 'never' : `${durationText(now - then)} ago`;
}

/** In whose state it is: one that a restore set aside is whole, and of a record that went another way. */
export function stateText({ reason, refused_because, state }: Snapshot): string {
  if (state !== 'good') return `${state}: ${refused_because ?? 'unknown'}`;
  return reason === 'before_restore' ? 'set aside' : reason === 'archive' ? 'archive' : state;
}

/** How a work goes, or ended. */
export function workText(work: BackupWork, now: number): string {
  const { begun_at, ended_at, kind, snapshot_id, state, trouble } = work;
  const why = trouble == null ? '' : ` (${trouble})`;
  const how =
    state === 'going'
      ? `is under way: ${phaseText(work)}${why}, begun ${agoText(begun_at, now)}`
      : `${state === 'done' ? 'went well' : `${state}${why}`}, ${agoText(ended_at, now)}`;
  return wrap(printable(`${kind} of ${snapshot_id} ${how}`), PAGE_WIDTH)
    .map((line) => `${line}\n`)
    .join('');
}

/** Where it is, and how many entries are through where it counts them. */
export function phaseText({ entries, phase }: BackupWork): string {
  return entries === 0 ? phase : `${phase}, ${entries} entries`;
}

function snapshotColumns(now: number): readonly Column<Snapshot>[] {
  return [
    { title: 'SNAPSHOT', of: ({ snapshot_id }) => snapshot_id, isWhole: true },
    { title: 'STATE', of: stateText },
    { title: 'HEAD', of: ({ head }) => head.seq },
    { title: 'SIZE', of: ({ bytes }) => sizeText(bytes) },
    { title: 'TAKEN', of: ({ taken_at }) => agoText(taken_at, now) },
    { title: 'PROVEN', of: ({ proven_at }) => agoText(proven_at, now) },
  ];
}

function provenText({ last_proven_restore: proof }: Backups, now: number): string {
  if (proof == null) return 'never: nobody knows yet whether a copy comes back';
  return `${agoText(proof.at, now)}, of ${proof.snapshot_id}, in ${durationText(proof.took_ms)}`;
}

function scheduleText({ every_hours, prove_every_hours }: Backups): string {
  const often = (hours: number | null | undefined, what: string) =>
    hours == null ? `${what} when asked for` : `${what} every ${durationText(hours * 3_600_000)}`;
  return `${often(every_hours, 'a snapshot')}, ${often(prove_every_hours, 'a proof')}`;
}

function keptText({ keep: { count, days } }: Backups): string {
  return `the newest ${count}, and all of the last ${days} days; what was set aside or archived, for good`;
}

/** What is under way, and what ended last. */
function worth(work: readonly BackupWork[]): readonly BackupWork[] {
  const over = work.filter(({ state }) => state !== 'going');
  return [...work.filter(({ state }) => state === 'going'), ...over.slice(0, MOST_PAST)];
}

function indented(text: string): string {
  return wrap(textOf(text), PAGE_WIDTH - INDENT.length)
    .map((line) => `${INDENT}${line}\n`)
    .join('');
}
