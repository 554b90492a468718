import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { type Campaign, runCampaign, type Tally } from './campaign.ts';
import { STEPS } from './regressions.ts';
import './platform/register.ts';

const MOST_SHOWN = 20;

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '10000' },
    from: { type: 'string', default: '1' },
    steps: { type: 'string', default: String(STEPS) },
    threads: { type: 'string', default: String(Math.min(availableParallelism(), 8)) },
    seed: { type: 'string' },
    'until-failure': { type: 'boolean', default: false },
    verbose: { type: 'boolean', default: false },
  },
});

const steps = whole('steps', values.steps);
process.exitCode =
  values.seed === undefined
    ? await runMany({
        from: whole('from', values.from),
        seeds: whole('seeds', values.seeds),
        threads: whole('threads', values.threads),
        steps,
        untilFailure: values['until-failure'],
      })
    : await runOne(whole('seed', values.seed), values.verbose);

async function runMany(campaign: Campaign): Promise<number> {
  const begun = performance.now();
  const tally = await runCampaign(campaign);
  const seconds = (performance.now() - begun) / 1_000;
  for (const { seed, violations } of tally.failures.slice(0, MOST_SHOWN)) {
    for (const { check, detail } of violations) console.log(`seed ${seed}: ${check}: ${detail}`);
  }
  show(tally);
  const rate = Math.round(tally.seeds / seconds);
  console.log(
    `${tally.seeds} seeds, ${tally.steps} steps, ${tally.failures.length} failed, ${seconds.toFixed(1)} s, ${rate} seeds/s`,
  );
  const [first] = tally.failures;
  if (first === undefined) return 0;
  console.log(`what happened: node test/simulation/run.ts --seed ${first.seed} --verbose`);
  return 1;
}

async function runOne(seed: number, isTraced: boolean): Promise<number> {
  const { simulate } = await import('./simulate.ts');
  const { trace, violations } = await simulate({ seed, steps, isTraced });
  for (const line of trace) console.log(line);
  for (const { check, detail } of violations) console.log(`seed ${seed}: ${check}: ${detail}`);
  console.log(
    `seed ${seed}: ${violations.length === 0 ? 'nothing is wrong' : `${violations.length} violations`}`,
  );
  return violations.length === 0 ? 0 : 1;
}

function show({ faults, transitions }: Tally): void {
  for (const [title, counts] of [
    ['faults', faults],
    ['transitions', transitions],
  ] as const) {
    console.log(title);
    for (const [name, count] of [...counts].sort()) console.log(`  ${String(count).padStart(9)}  ${name}`);
  }
}

function whole(name: string, text: string): number {
  const number = Number(text);
  if (Number.isSafeInteger(number) && number >= 0) return number;
  console.error(`--${name} takes a whole number, not ${text}`);
  process.exit(2);
}
