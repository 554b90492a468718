import { printable } from '@countersign/client/printable';
import type { DoctorFinding, DoctorOutcome } from '@countersign/protocol/doctor-report';
import { type ExitCode, exitCodes } from '../exit-codes.ts';

const MARKS = { ok: '✓', warning: '!', failed: '✗', unreachable: '✗' } as const satisfies Record<
  DoctorOutcome,
  string
>;

/** What was found, a line for each, and under it what to do. */
export function doctorText(findings: readonly DoctorFinding[]): string {
  return findings
    .map(({ fix, message, outcome, where }) => {
      const line = `${MARKS[outcome]} ${printable(`${where}: ${message}`)}\n`;
      return fix === undefined ? line : `${line}  fix: ${printable(fix)}\n`;
    })
    .join('');
}

/** As the runner's doctor ends: `unreachable` where all that is wrong is that something does not answer. */
export function doctorExit(findings: readonly DoctorFinding[]): ExitCode {
  const has = (wanted: DoctorOutcome) => findings.some(({ outcome }) => outcome === wanted);
  if (has('failed')) return exitCodes.refused;
  return has('unreachable') ? exitCodes.unreachable : exitCodes.ok;
}
