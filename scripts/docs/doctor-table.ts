import { doctorFindings } from '@countersign/protocol/doctor-report';
import { markdownTable } from './markdown-table.ts';

/** Everything that a doctor of the plane can find. */
export function doctorTable(): string {
  const rows = Object.entries(doctorFindings).map(([code, { outcome, meaning }]) => [
    `\`${code}\``,
    outcome,
    meaning,
  ]);
  return markdownTable(['code', 'outcome', 'meaning'], rows);
}
