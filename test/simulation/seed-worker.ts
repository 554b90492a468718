import { parentPort, workerData } from 'node:worker_threads';
import type { SeedRange, Tally } from './campaign.ts';
import './platform/register.ts';

// Loaded only now, because the platform's module that it imports must be replaced before.
const { simulate } = await import('./simulate.ts');
const { first, every, seeds, steps, untilFailure } = workerData as SeedRange;
const tally: Tally = { seeds: 0, steps: 0, failures: [], faults: new Map(), transitions: new Map() };

for (let seed = first; seed < first + seeds; seed += every) {
  const { violations, faults, transitions, steps: taken } = await simulate({ seed, steps, isTraced: false });
  tally.seeds += 1;
  tally.steps += taken;
  if (violations.length > 0) tally.failures.push({ seed, violations });
  addTo(tally.faults, faults);
  addTo(tally.transitions, transitions);
  if (untilFailure && violations.length > 0) break;
}
parentPort?.postMessage(tally);

function addTo<Name>(sums: Map<Name, number>, counts: ReadonlyMap<Name, number>): void {
  for (const [name, count] of counts) sums.set(name, (sums.get(name) ?? 0) + count);
}
