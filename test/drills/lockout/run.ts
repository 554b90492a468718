import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { runLockoutDrill } from './lockout-drill.ts';
import { full } from './options.ts';
import { reportLines } from './report-lines.ts';

/*
 * The drill of locking oneself out, for a person at a terminal:
 *
 *   npm run drill:lockout                   plays every way of it while attackers try, and writes report.json beside this file
 *   npm run drill:lockout -- --leaked       the same with attackers who have the bootstrap token: it must fail
 */

const REPORT = join(import.meta.dirname, 'report.json');

const { values } = parseArgs({ options: { leaked: { type: 'boolean', default: false } } });
const report = await runLockoutDrill({ ...full, isLeaked: values.leaked }, (step) => console.log(step));
for (const line of reportLines(report)) console.log(line);
// The report that is kept is one of the product.
if (!values.leaked) await writeFile(REPORT, `${JSON.stringify(report, undefined, 2)}\n`);
process.exitCode = report.holds ? 0 : 1;
