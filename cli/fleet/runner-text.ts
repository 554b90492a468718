import type { RunnerView } from '@countersign/client/fleet-api';
import { printable } from '@countersign/client/printable';
import { durationText } from '../command/duration.ts';
import { shortTime } from '../command/listing.ts';
import { type Column, facts } from '../output/table.ts';

/** Enough of a digest to see whether two are the same. */
const SHOWN_OF_DIGEST = 8;

/** @param now Unix milliseconds */
export function runnerColumns(now: number): readonly Column<RunnerView>[] {
  return [
    { title: 'RUNNER', of: ({ runner_id }) => runner_id, isWhole: true },
    { title: 'STATUS', of: statusText },
    { title: 'VERSION', of: ({ runner_version }) => runner_version },
    { title: 'UP', of: (runner) => upText(runner, now) },
    { title: 'SOURCES', of: ({ source_ids }) => source_ids },
    { title: 'HOLDS', of: heldCount },
    { title: 'SAFE', of: ({ safe_to_stop }) => (safe_to_stop === true ? 'yes' : 'no') },
    { title: 'HEARD', of: (runner) => heardText(runner, now) },
    { title: 'CONTROL', of: ({ control_digest }) => shortDigest(control_digest) },
  ];
}

/** One runner, with all that is known of it. */
export function runnerText(runner: RunnerView, now: number, emphasize: (text: string) => string): string {
  const { capabilities, control_digest, drained, engines, registered_at, runner_id, started_at } = runner;
  return [
    `${emphasize(printable(runner_id))}\n`,
    `${printable(statusText(runner))}\n\n`,
    facts([
      ['holds', heldText(runner)],
      ['safe to stop', runner.safe_to_stop === true ? 'yes' : 'no'],
      ['heard', heardText(runner, now)],
      ['up', started_at == null ? null : `${upText(runner, now)}, since ${String(shortTime(started_at))}`],
      ['version', runner.runner_version],
      ['engines', engines],
      ['sources', runner.source_ids],
      ['capabilities', capabilities],
      ['control', control_digest],
      ['registered', shortTime(registered_at)],
      ['drained by', drained?.name ?? undefined],
      ['drained at', drained == null ? undefined : shortTime(drained.at)],
      ['reason', drained?.reason ?? undefined],
      ['freeze', runner.frozen?.freeze_id],
    ]),
  ].join('');
}

function statusText({ frozen, status }: RunnerView): string {
  return frozen == null ? status : `${status}, ${frozen.is_stop ? 'STOPPED' : 'frozen'}`;
}

/** Only of one that can be thought to run. */
function upText({ started_at, status }: RunnerView, now: number): string {
  const isUp = status === 'online' || status === 'draining';
  return started_at == null || !isUp ? '-' : durationText(now - Date.parse(started_at));
}

/** What it has in hand, in words. */
export function heldText({ active_leases }: RunnerView): string {
  const { actions = 0, jobs = 0, tasks = 0 } = active_leases ?? {};
  const parts = [counted(jobs, 'job'), counted(actions, 'action'), counted(tasks, 'task')];
  return parts.filter((part) => part !== undefined).join(', ') || 'nothing';
}

function heldCount({ active_leases }: RunnerView): number {
  const { actions = 0, jobs = 0, tasks = 0 } = active_leases ?? {};
  return jobs + actions + tasks;
}

function counted(count: number, what: string): string | undefined {
  if (count === 0) return undefined;
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

function heardText({ is_polling, last_seen_at }: RunnerView, now: number): string {
  if (is_polling === true) return 'now';
  return last_seen_at == null ? '-' : `${durationText(now - Date.parse(last_seen_at))} ago`;
}

function shortDigest(digest: string | null | undefined): string | undefined {
  return digest?.replace(/^sha256:/, '').slice(0, SHOWN_OF_DIGEST);
}
