import type { Violation } from './dump.ts';

/** A process of a runner after its end. */
export interface RunnerEnd {
  readonly runnerId: string;
  /** The exit code, or the signal that ended it. */
  readonly end: number | string;
  /** The signal that it was sent, if any. */
  readonly sent: string | undefined;
}

/** What a runner logged, as far as it is looked at. */
export interface RunnerLine {
  readonly event?: unknown;
  readonly outcome?: unknown;
  readonly [field: string]: unknown;
}

/** Words that a runner has for its own mistakes, and for what no approved job of a campaign gives a reason for. */
const faults: ReadonlySet<unknown> = new Set([
  'job_fault',
  'report_fault',
  'job_refused',
  'config_invalid',
  'source_refused',
  'control_plane_refused',
  'claim_unauthorized',
  'report_refused',
]);

/** Without the control plane it ends after a minute, by its own word; it is then started again. */
const UNREACHABLE = 5;

/** No runner ended by itself, none was slow to end when asked, and none logged a mistake of its own. */
export function checkRunnersSound(ends: readonly RunnerEnd[], lines: readonly RunnerLine[]): Violation[] {
  return [
    ...ends
      .filter((each) => !isExpected(each))
      .map(({ runnerId, end, sent }) => `${runnerId} ended with ${end} (sent: ${sent ?? 'nothing'})`),
    ...lines
      .filter(({ event, outcome }) => faults.has(event) || outcome === 'receipt_corrupt')
      .map((line) => `logged ${JSON.stringify(line)}`),
  ].map((detail) => ({ check: 'runners-sound', detail }));
}

function isExpected({ end, sent }: RunnerEnd): boolean {
  if (sent === 'SIGKILL') return true;
  // Asked to end while databases or the plane are away, it may have had to leave something undone, and says so.
  // A process that has only just begun does not hear the question as one.
  if (sent === 'SIGTERM') return end === 'SIGTERM' || end === 0 || end === 1 || end === UNREACHABLE;
  return end === UNREACHABLE;
}
