import { runCampaign } from './campaign.ts';
import { readOptions } from './options.ts';
import { type Tally, tallyLines } from './tally.ts';

/*
 * A campaign of real faults, for a person at a terminal. Before a release:
 *
 *   npm run chaos -- --seconds 1800 --pace 500      500 kills of runners, 300 of workerd, 200 of each database
 *   npm run chaos -- --cuts-only --seconds 600      1,000 lost answers of commits on each database
 *
 * `--mutation NAME` runs it on a runner without a guard, which it must notice; mutations.ts has the names. All options
 * are in options.ts. The same seed gives the same strikes and the same load; what they meet is up to the machine.
 */

const MOST_SHOWN = 40;

const options = readOptions(process.argv.slice(2));
console.log(`seed ${options.seed}`);
const begunAt = performance.now();
const { folder, tally, violations } = await runCampaign(options, {
  onMinute: (soFar) => console.log(minuteLine(soFar)),
});
for (const line of tallyLines(tally)) console.log(line);
for (const { check, detail } of violations.slice(0, MOST_SHOWN)) console.log(`${check}: ${detail}`);
if (folder !== undefined) console.log(`evidence: ${folder}`);
console.log(`seed ${options.seed}: ${violations.length} violations, ${secondsSince(begunAt)} s`);
process.exitCode = violations.length === 0 ? 0 : 1;

function minuteLine({ databases, proposals, strikes }: Tally): string {
  const struck = [...strikes].filter(([, count]) => count > 0).map(([kind, count]) => `${count} ${kind}`);
  const cuts = [...databases].map(([name, each]) => {
    const total = Object.values(each.cuts).reduce((sum, count) => sum + count, 0);
    return `${name} ${each.crashes} crashes ${total} cuts`;
  });
  return `${secondsSince(begunAt)} s: ${proposals} proposals; ${[...struck, ...cuts].join(', ')}`;
}

function secondsSince(then: number): number {
  return Math.round((performance.now() - then) / 1_000);
}
