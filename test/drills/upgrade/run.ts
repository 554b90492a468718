import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { full, small } from './options.ts';
import { reportLines } from './report-lines.ts';
import { runUpgradeDrill } from './upgrade-drill.ts';

/*
 * The drill of an upgrade, for a person at a terminal:
 *
 *   npm run drill:upgrade                 upgrades the frozen release under traffic, rolls back, and writes report.json beside this file
 *   npm run drill:upgrade -- --breaking   upgrades by a migration that changes what was hashed, and must fail
 */

const REPORT = join(import.meta.dirname, 'report.json');

const { values } = parseArgs({ options: { breaking: { type: 'boolean', default: false } } });
const options = values.breaking ? { ...small, isBreaking: true } : full;
const report = await runUpgradeDrill(options, (step) => console.log(step));
for (const line of reportLines(report)) console.log(line);
if (!values.breaking) await writeFile(REPORT, `${JSON.stringify(report, undefined, 2)}\n`);
process.exitCode = report.holds ? 0 : 1;
