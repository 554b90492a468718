// The one front door of the tests: checks and suites, two at a time, and one line of counts at the end.
import './require-node-24.mjs';
import { parseArgs } from 'node:util';
import { runStep, type StepResult, stopSteps } from './check/run-step.ts';
import { PHASES, type Step } from './check/steps.ts';
import { add, NOTHING, type Tally } from './check/tally.ts';

/** The machines that this runs on have two cores, and most suites keep one busy. */
const SLOTS = 2;
const NAME_WIDTH = 14;

/** On a build server the whole picture matters more than the first failure. */
const keepsGoing = process.env.CI === 'true';

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    stopSteps();
    process.exit(1);
  });
}

const total = await runPhases(selectPhases());
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exitCode = total.failed === 0 ? 0 : 1;

/** All phases, or what `--only lint,unit` leaves of them. */
function selectPhases(): readonly (readonly Step[])[] {
  const names = namesAskedFor();
  if (names.length === 0) return PHASES;
  const known = PHASES.flat().map((step) => step.name);
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    return refuse(`--only does not know ${unknown.join(', ')}; there are ${known.join(', ')}`);
  }
  return PHASES.map((phase) => phase.filter((step) => names.includes(step.name)));
}

function namesAskedFor(): readonly string[] {
  try {
    const { values } = parseArgs({ options: { only: { type: 'string', multiple: true } } });
    return (values.only ?? []).flatMap((names) => names.split(',')).filter((name) => name !== '');
  } catch (error) {
    return refuse(error instanceof Error ? error.message : String(error));
  }
}

function refuse(why: string): never {
  console.error(`npm test: ${why}`);
  process.exit(2);
}

async function runPhases(phases: readonly (readonly Step[])[]): Promise<Tally> {
  let total = NOTHING;
  for (const phase of phases) {
    if (total.failed > 0 && !keepsGoing) {
      for (const step of phase)
        console.log(`- ${step.name.padEnd(NAME_WIDTH)} not run: an earlier step failed`);
      total = add(total, { ...NOTHING, skipped: phase.length });
    } else {
      total = add(total, await runPhase(phase));
    }
  }
  return total;
}

async function runPhase(phase: readonly Step[]): Promise<Tally> {
  const waiting = [...phase];
  let total = NOTHING;
  const slot = async () => {
    for (let step = waiting.shift(); step !== undefined; step = waiting.shift()) {
      const result = await runStep(step);
      print(result);
      total = add(total, result.tally);
    }
  };
  await Promise.all(Array.from({ length: SLOTS }, slot));
  return total;
}

function print({ step, tally, seconds, output }: StepResult): void {
  const failed = tally.failed > 0;
  const head = `${failed ? '✗' : '✓'} ${step.name.padEnd(NAME_WIDTH)} ${seconds.toFixed(1).padStart(6)} s`;
  if (failed) {
    console.log(`${head}  FAILED\n\n${output.trim()}\n`);
  } else {
    console.log(`${head}  ${step.kind === 'vitest' ? `${tally.passed} passed` : lastLine(output)}`.trimEnd());
  }
  for (const line of untested(output)) console.log(`  ! ${line}`);
}

/** What a suite could not look at on this machine must not be taken for tested. */
function untested(output: string): readonly string[] {
  return [...new Set(output.split('\n').filter((line) => line.startsWith('NOT TESTED')))];
}

/** What a check that passed has to say fits on a line, and is its last one. */
function lastLine(output: string): string {
  return output.trim().split('\n').at(-1) ?? '';
}
