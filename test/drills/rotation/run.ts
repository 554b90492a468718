import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { full } from './options.ts';
import { runRotationDrill } from './rotation-drill.ts';

/*
 * The drill of rotation, for a person at a terminal:
 *
 *   npm run drill:rotate              rotates every key under traffic, and writes report.json beside this file
 *   npm run drill:rotate -- --hasty   takes the old key away at once, to see the drill fail
 */

const REPORT = join(import.meta.dirname, 'report.json');

const { values } = parseArgs({ options: { hasty: { type: 'boolean', default: false } } });
const report = await runRotationDrill({ ...full, isHasty: values.hasty }, (step) => console.log(step));
for (const [name, value] of Object.entries(report.figures))
  console.log(`  ${String(value).padStart(14)}  ${name}`);
for (const { check, detail } of report.violations) console.log(`${check}: ${detail}`);
console.log(
  report.holds ? 'the rotation holds' : `the rotation does not hold: ${report.violations.length} violations`,
);
if (!values.hasty) await writeFile(REPORT, `${JSON.stringify(report, undefined, 2)}\n`);
process.exitCode = report.holds ? 0 : 1;
