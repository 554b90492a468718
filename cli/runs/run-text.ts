import { printable } from '@countersign/client/printable';
import { shortTime } from '../command/listing.ts';
import { facts, textOf } from '../output/table.ts';
import type { RunDetail } from './run-detail.ts';
import { stepTable } from './step-table.ts';

/** A run as people read it: what was asked for, by whom, how far it is, and its steps. */
export function runText(detail: RunDetail, emphasize: (text: string) => string): string {
  const { cause, command, created_at, ends, expires_at, input, integrity, run_id, status } = detail;
  const hasInput = Object.keys(input ?? {}).length > 0;
  return [
    `${emphasize(printable(`${run_id}  ${command ?? ''}`))}\n`,
    `${printable(status)}\n\n`,
    facts([
      ['asked by', whoOf(detail)],
      ['text', detail.text ?? undefined],
      ['input', hasInput ? input : undefined],
      ['steps', countOf(detail)],
      ['begun', textOf(shortTime(created_at))],
      ['ends', endOf(status, ends, expires_at)],
      ['why', cause?.message ?? undefined],
      ['record', verdictOf(integrity?.ok)],
    ]),
    '\n',
    stepTable(detail, emphasize),
  ].join('');
}

function verdictOf(holds: boolean | null | undefined): string | undefined {
  if (holds == null) return undefined;
  return holds ? 'the chain holds' : 'THE CHAIN DOES NOT HOLD';
}

function whoOf({ name, principal, started_by }: RunDetail): string {
  const who = `${started_by?.kind ?? '-'} ${name ?? started_by?.id ?? '-'}`;
  return principal == null ? who : `${who}, for ${principal}`;
}

function countOf({ steps, steps_failed, steps_open, steps_total }: RunDetail): string {
  const parts = [
    `${steps_total ?? steps.length}`,
    ...(steps_open == null || steps_open === 0 ? [] : [`${steps_open} open`]),
    ...(steps_failed == null || steps_failed === 0 ? [] : [`${steps_failed} in vain`]),
  ];
  return parts.join(', ');
}

function endOf(status: string, ends: string | null | undefined, expires_at: unknown): string | undefined {
  if (status !== 'open') return undefined;
  const how = ends === 'with_its_steps' ? 'with its last step' : 'when somebody says so';
  return `${how}, by ${textOf(shortTime(expires_at))} at the latest`;
}
