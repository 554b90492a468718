import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { full } from './options.ts';
import { runTeardownDrill } from './teardown-drill.ts';

/*
 * The drill of an end, for a person at a terminal:
 *
 *   npm run drill:teardown      ends three projects, brings them back, and writes report.json beside this file
 */

const REPORT = join(import.meta.dirname, 'report.json');

const report = await runTeardownDrill(full, (step) => console.log(step));
for (const [name, value] of Object.entries(report.figures))
  console.log(`  ${String(value).padStart(14)}  ${name}`);
for (const { check, detail } of report.violations) console.log(`${check}: ${detail}`);
console.log(report.holds ? 'the end holds' : `the end does not hold: ${report.violations.length} violations`);
await writeFile(REPORT, `${JSON.stringify(report, undefined, 2)}\n`);
process.exitCode = report.holds ? 0 : 1;
