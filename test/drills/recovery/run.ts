import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { full } from './options.ts';
import { runRecoveryDrill } from './recovery-drill.ts';
import { reportLines } from './report-lines.ts';

/*
 * The drill of recovery, for a person at a terminal:
 *
 *   npm run drill:recovery      loses a plane with five tenants, brings it back, and writes report.json beside this file
 */

const REPORT = join(import.meta.dirname, 'report.json');

const report = await runRecoveryDrill(full, (step) => console.log(step));
for (const line of reportLines(report)) console.log(line);
await writeFile(REPORT, `${JSON.stringify(report, undefined, 2)}\n`);
process.exitCode = report.holds ? 0 : 1;
