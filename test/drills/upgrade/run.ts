import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { full } from './options.ts';
import { reportLines } from './report-lines.ts';
import { runUpgradeDrill } from './upgrade-drill.ts';

/*
 * The drill of an upgrade, for a person at a terminal:
 *
 *   npm run drill:upgrade      upgrades the frozen release under traffic, rolls back, and writes report.json beside this file
 */

const REPORT = join(import.meta.dirname, 'report.json');

const report = await runUpgradeDrill(full, (step) => console.log(step));
for (const line of reportLines(report)) console.log(line);
await writeFile(REPORT, `${JSON.stringify(report, undefined, 2)}\n`);
process.exitCode = report.holds ? 0 : 1;
