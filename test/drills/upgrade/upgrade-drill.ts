import { eventually } from '../../support/eventually.ts';
import { must } from '../../support/must.ts';
import type { TestTenant } from '../../support/tenant.ts';
import { compareAtEnd } from './compare-at-end.ts';
import type { Mark, Pair, Release, UpgradeFacts } from './facts.ts';
import { judgeUpgrade, type UpgradeReport } from './judge-upgrade.ts';
import type { UpgradeDrillOptions } from './options.ts';
import { doesFold } from './stage/does-fold.ts';
import { lookAtCopies } from './stage/served-copy.ts';
import { Traffic } from './stage/traffic.ts';
import { UpgradeStage } from './stage/upgrade-stage.ts';

/** What is waited for depends on the machine alone. */
const LONGEST_STEP_MS = 180_000;

/**
 * Serves the frozen store of the previous release with its frozen build, upgrades the plane and then its runners under
 * traffic, rolls the plane back, upgrades it again, and sees that nothing was lost, written twice, or rewritten.
 *
 * @param onStep told what is done now
 */
export async function runUpgradeDrill(
  options: UpgradeDrillOptions,
  onStep: (step: string) => void = () => undefined,
): Promise<UpgradeReport> {
  const stage = await UpgradeStage.start(options);
  try {
    return judgeUpgrade(await play(stage, options, onStep), options);
  } finally {
    await stage.stop();
  }
}

async function play(
  stage: UpgradeStage,
  { writes }: Pick<UpgradeDrillOptions, 'writes'>,
  onStep: (step: string) => void,
): Promise<UpgradeFacts> {
  const frozen = await stage.stopServing('frozen');
  onStep('serving the frozen store with the frozen build');
  await stage.serve('previous');
  const foldedBefore = await folding(stage);
  const traffic = new Traffic(stage.drilled, stage.jobs.slice(stage.manifest.queued.length), stage.others);
  try {
    const course = new Course(stage, writes);
    const seen = await goThrough(stage, course, onStep);
    onStep('comparing');
    await traffic.stop();
    await settled(stage, traffic);
    const marks = [frozen, ...course.marks];
    const compared = await compareAtEnd(stage, traffic, marks);
    await stage.stopServing('the end');
    onStep('serving the copy that was made before the upgrade, with the previous release');
    const copies = await lookAtCopies(stage);
    const { awayMs, pairs } = course;
    const { isMigrating } = stage;
    const { refusals } = traffic;
    return { marks, isMigrating, ...copies, pairs, refusals, awayMs, foldedBefore, ...seen, ...compared };
  } finally {
    await traffic.abandon();
  }
}

/** Forward, the runners after the plane, back, and forward again; what only shows on the way. */
async function goThrough(
  stage: UpgradeStage,
  course: Course,
  onStep: (step: string) => void,
): Promise<Pick<UpgradeFacts, 'drainedWith' | 'findingsRolledBack'>> {
  for (const runner of stage.runners) await runner.start(stage.runnerOf('previous'));
  await course.work();
  onStep('upgrading the plane, with the runners of the previous release');
  await course.change('next', 'before the upgrade');
  await course.work();
  onStep('upgrading the runners: one is told to end, one is killed');
  const drainedWith = await course.upgradeRunners();
  await course.work();
  onStep('rolling the plane back, with the runners of this release');
  await course.change('previous', 'before the roll-back');
  const findingsRolledBack = await findings(stage.drilled);
  await course.work();
  onStep('upgrading the plane again');
  await course.change('next', 'before the second upgrade');
  await course.work();
  return { drainedWith, findingsRolledBack };
}

/** What happens to the plane and its runners, and what is written meanwhile. */
class Course {
  readonly marks: Mark[] = [];
  readonly pairs: Pair[] = [];
  readonly awayMs: number[] = [];
  readonly #stage: UpgradeStage;
  readonly #writes: number;
  #plane: Release = 'previous';
  #runners: Release = 'previous';

  constructor(stage: UpgradeStage, writes: number) {
    this.#stage = stage;
    this.#writes = writes;
  }

  /** Waits until so much was written since. */
  async work(): Promise<void> {
    const { shop } = this.#stage;
    const begun = (await shop.proposalsWithReceipts()).length;
    const done = await eventually(
      async () => (await shop.proposalsWithReceipts()).length,
      (count) => count >= begun + this.#writes,
      LONGEST_STEP_MS,
    );
    this.pairs.push({ plane: this.#plane, runners: this.#runners, written: done - begun });
  }

  async change(release: Release, when: string): Promise<void> {
    const begun = performance.now();
    this.marks.push(await this.#stage.stopServing(when));
    await this.#stage.serve(release);
    this.awayMs.push(performance.now() - begun);
    this.#plane = release;
  }

  /** One after the other, each under its own name; what those ended with that were told to. */
  async upgradeRunners(): Promise<readonly (number | string)[]> {
    const [told, killed] = this.#stage.runners;
    if (told === undefined || killed === undefined) throw new TypeError('there are no two runners');
    const bundle = this.#stage.runnerOf('next');
    const ended = await told.end('SIGTERM');
    await told.start(bundle);
    await killed.end('SIGKILL');
    await killed.start(bundle);
    this.#runners = 'next';
    return [ended];
  }
}

/** All that was approved is written: what was leased by a runner that was killed waits for the end of its lease. */
async function settled({ drilled, manifest, shop }: UpgradeStage, { approved }: Traffic): Promise<void> {
  await eventually(
    async () => (await shop.proposalsWithReceipts()).length,
    (count) => count >= approved.size + manifest.queued.length,
    LONGEST_STEP_MS,
  );
  await eventually(
    async () => Object(must(await drilled.vera.get('/v1/engine/health')).body.depths),
    ({ leased, queued }) => leased === 0 && queued === 0,
    LONGEST_STEP_MS,
  );
}

/** The tenants whose rows are what the ledger makes of them. */
async function folding({ tenants }: UpgradeStage): Promise<readonly string[]> {
  const found: string[] = [];
  for (const tenant of tenants) if (await doesFold(tenant)) found.push(tenant.project);
  return found;
}

async function findings({ otto }: TestTenant): Promise<readonly string[]> {
  const found: unknown = must(await otto.get('/v1/engine/doctor')).body.findings;
  return Array.isArray(found) ? found.map((finding) => String(Object(finding).code)) : [];
}
