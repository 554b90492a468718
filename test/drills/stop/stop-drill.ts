import { eventually } from '../../support/eventually.ts';
import { renew } from '../../support/flow.ts';
import { must } from '../../support/must.ts';
import { clockDifference } from './clock-difference.ts';
import type { AskedUnderStop, StopFacts } from './facts.ts';
import { judgeStop, type StopReport } from './judge-stop.ts';
import type { StopDrillOptions } from './options.ts';
import { liftStop, pressStop, sampleClocks } from './press-stop.ts';
import { approveJobs } from './stage/drill-jobs.ts';
import { RUNNER_ID, STATEMENT_TIMEOUT_MS } from './stage/drill-runner.ts';
import { Stage } from './stage/stage.ts';

/** What is waited for depends on the machine alone; what the stop promises is judged by the database's clock. */
const LONGEST_STEP_MS = 180_000;
/** So that a write which is begun just behind the limit, and must not be, is seen too. */
const WATCHED_LONGER_MS = 500;

/**
 * Cuts a runner with many leases off the plane while it writes, presses the emergency stop, and sees what it still
 * writes; then lets everything go, and sees that nothing was lost or done twice.
 *
 * @param onStep told what is done now
 */
export async function runStopDrill(
  options: StopDrillOptions,
  onStep: (step: string) => void = () => undefined,
): Promise<StopReport> {
  const stage = await Stage.start(options);
  try {
    return judgeStop(await play(stage, options, onStep));
  } finally {
    await stage.stop();
  }
}

async function play(
  stage: Stage,
  { isUnguarded }: StopDrillOptions,
  onStep: (step: string) => void,
): Promise<StopFacts> {
  const { jobs, record, shop } = stage;
  onStep(`approving ${jobs.length} changes`);
  await approveJobs(stage.tenant, jobs);
  onStep('leasing them to a runner');
  await stage.startRunner(isUnguarded);
  const leased = await eventually(
    () => record.leases(),
    (count) => count >= jobs.length,
    LONGEST_STEP_MS,
  );
  onStep('cutting the runner off, and pressing the button');
  stage.toPlane.hold(true);
  const samples = await sampleClocks(stage);
  const pressed = await pressStop(stage);
  const asked = await askUnderStop(stage);
  const limit = pressed.noWriteBeginsAfter + clockDifference(samples).most;
  const lastCommit = limit + STATEMENT_TIMEOUT_MS;
  onStep('waiting until the last write that may be begun has ended');
  await eventually(
    () => shop.now(),
    (now) => now > lastCommit + WATCHED_LONGER_MS,
    LONGEST_STEP_MS,
  );
  const leasedUnderStop = await record.leases(pressed.seq);
  const renewedUnderStop = await record.renewedAfter(pressed.at);
  onStep('lifting the stop, and mending the line');
  const liftedAt = await release(stage, () => liftStop(stage, pressed));
  const everything = jobs.length + 1;
  // What does not come to its end is for the judge, who also says what became of it in the database.
  const applied = await eventually(
    () => record.applied(),
    (count) => count >= everything,
    LONGEST_STEP_MS,
  ).catch(() => record.applied());
  return {
    jobs: jobs.length,
    leased,
    samples,
    pressed,
    liftedAt,
    statementTimeoutMs: STATEMENT_TIMEOUT_MS,
    leasedUnderStop,
    renewedUnderStop,
    asked,
    writes: await shop.writes(),
    rows: await shop.rows(),
    applied,
  };
}

/** What another runner gets that still reaches the plane, and the renewal of a lease that was given before. */
async function askUnderStop(stage: Stage): Promise<AskedUnderStop> {
  const { lateJob, record, tenant } = stage;
  await approveJobs(tenant, [lateJob]);
  const claim = { source_id: lateJob.source, runner_id: 'another-runner', limit: 1 };
  const { jobs = [] } = must(await tenant.otherRunner.post('/v1/writeback/jobs/claim', claim)).body;
  const { body } = await renew(tenant.runner, await record.leasedJob(), { runner_id: RUNNER_ID });
  return { given: jobs.length, renewalRefusedWith: body.error_code };
}

/** Ends the stop and the partition; when it was, by the database's clock: before either. */
async function release({ shop, toPlane }: Stage, lift: () => Promise<void>): Promise<number> {
  const liftedAt = await shop.now();
  await shop.hurry();
  await lift();
  toPlane.hold(false);
  // What was sent into the cut line is lost: both ends must find out.
  toPlane.cut();
  return liftedAt;
}
