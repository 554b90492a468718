import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { full } from './options.ts';
import { reportLines } from './report-lines.ts';
import { runStopDrill } from './stop-drill.ts';

/*
 * The drill of the emergency stop, for a person at a terminal:
 *
 *   npm run drill:stop                      cuts off a runner with 1,000 leases, and writes report.json beside this file
 *   npm run drill:stop -- --unguarded       the same with a runner that does not mind the limit: it must fail
 */

const REPORT = join(import.meta.dirname, 'report.json');

const { values } = parseArgs({ options: { unguarded: { type: 'boolean', default: false } } });
const report = await runStopDrill({ ...full, isUnguarded: values.unguarded }, (step) => console.log(step));
for (const line of reportLines(report)) console.log(line);
// The report that is kept is one of the product.
if (!values.unguarded) await writeFile(REPORT, `${JSON.stringify(report, undefined, 2)}\n`);
process.exitCode = report.holds ? 0 : 1;
