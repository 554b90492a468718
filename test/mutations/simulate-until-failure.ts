// The simulation that a mutation is tried on: runs seeds one after the other, and ends with 1 at the first that fails.
import { STEPS } from '../simulation/regressions.ts';
import { simulate } from '../simulation/simulate.ts';

const [from, seeds] = process.argv.slice(2).map(Number);
if (from === undefined || seeds === undefined) throw new TypeError('usage: <first seed> <how many>');

for (let seed = from; seed < from + seeds && process.exitCode === undefined; seed += 1) {
  const { violations } = await simulate({ seed, steps: STEPS, isTraced: false });
  for (const { check, detail } of violations) console.log(`seed ${seed}: ${check}: ${detail}`);
  if (violations.length > 0) process.exitCode = 1;
}
