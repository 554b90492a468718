import type { RunnerView } from '@countersign/client/fleet-api';
import { printable, printableJsonLine } from '@countersign/client/printable';
import type { Context } from '../../command/context.ts';
import { type Column, table } from '../../output/table.ts';

/** What happens to a local fleet, as it is told: a line of words, or of JSON. */
export type FleetWord =
  | {
      readonly event: 'started';
      readonly runner_id: string;
      readonly pid: number | null;
      readonly log: string;
    }
  | { readonly event: 'online'; readonly runner_id: string }
  | { readonly event: 'converged'; readonly runners: readonly Standing[] }
  | {
      readonly event: 'ended';
      readonly runner_id: string;
      readonly code: number | null;
      readonly signal: string | null;
      /** Null where it was asked to end. */
      readonly again_after_ms: number | null;
    }
  | { readonly event: 'away'; readonly why: string }
  | { readonly event: 'back' }
  | { readonly event: 'draining' }
  | { readonly event: 'drained'; readonly runner_id: string; readonly safe_to_stop: boolean | null };

/** A worker and what the control plane says of it. */
export interface Standing {
  readonly runner_id: string;
  readonly pid: number | null;
  readonly status: RunnerView['status'];
  readonly log: string;
}

const columns: readonly Column<Standing>[] = [
  { title: 'RUNNER', of: ({ runner_id }) => runner_id, isWhole: true },
  { title: 'STATUS', of: ({ status }) => status },
  { title: 'PROCESS', of: ({ pid }) => pid },
  { title: 'LOG', of: ({ log }) => log, isWhole: true },
];

export function tell(context: Context, word: FleetWord): void {
  const { now, print } = context.world;
  if (context.isJson) print(printableJsonLine({ at: new Date(now()).toISOString(), ...word }));
  else print(textOf(word, context.emphasize));
}

function textOf(word: FleetWord, emphasize: (text: string) => string): string {
  switch (word.event) {
    case 'started':
      return `${printable(word.runner_id)} is starting, process ${word.pid ?? 'none'}\n`;
    case 'online':
      return `${printable(word.runner_id)} is online\n`;
    case 'converged':
      return `${emphasize('all are online')}; Ctrl-C drains them\n\n${table(columns, word.runners, emphasize)}\n`;
    case 'ended':
      return `${printable(word.runner_id)} ended (${word.signal ?? `exit code ${word.code ?? 'unknown'}`})${againText(word.again_after_ms)}\n`;
    case 'away':
      return `the control plane cannot be asked (${printable(word.why)}); the runners go on by themselves\n`;
    case 'back':
      return 'the control plane answers again\n';
    case 'draining':
      return 'draining: each finishes what it holds\n';
    case 'drained':
      return `${printable(word.runner_id)} ${safetyText(word.safe_to_stop)}\n`;
  }
}

function againText(afterMs: number | null): string {
  if (afterMs === null) return '';
  return afterMs === 0 ? ': another begins' : `: another begins in ${afterMs / 1_000} s`;
}

function safetyText(isSafe: boolean | null): string {
  if (isSafe === null) return 'has ended; whether it held anything cannot be asked';
  return isSafe
    ? 'has ended, and held nothing'
    : 'has ended, and still held something: its leases will lapse';
}
