import { backups, snapshot, work } from '../../support/backup-flow.ts';
import { eventually } from '../../support/eventually.ts';
import { must } from '../../support/must.ts';
import type { TestTenant } from '../../support/tenant.ts';
import type { RowAtEnd } from '../stop/facts.ts';
import { approveJobs, type DrillJob, proposalOf } from '../stop/stage/drill-jobs.ts';
import { PlaneRecord } from '../stop/stage/plane-record.ts';
import { compareTenant, listProposals, type Remembered, readRows } from './compare-tenant.ts';
import type { RecoveryFacts, TenantFacts } from './facts.ts';
import { judgeRecovery, type RecoveryReport } from './judge-recovery.ts';
import type { RecoveryDrillOptions } from './options.ts';
import { RecoveryStage } from './stage/recovery-stage.ts';

/** What is waited for depends on the machine alone. */
const LONGEST_STEP_MS = 180_000;

/**
 * Takes snapshots of a plane under load, loses everything but them, the keys and the customer's database, brings the
 * records back into an empty plane, and sees that every row is there and that no change is written twice.
 *
 * @param onStep told what is done now
 */
export async function runRecoveryDrill(
  options: RecoveryDrillOptions,
  onStep: (step: string) => void = () => undefined,
): Promise<RecoveryReport> {
  const stage = await RecoveryStage.start(options);
  try {
    return judgeRecovery(await play(stage, options, onStep));
  } finally {
    await stage.stop();
  }
}

async function play(
  stage: RecoveryStage,
  { proposals }: RecoveryDrillOptions,
  onStep: (step: string) => void,
): Promise<RecoveryFacts> {
  const { jobs, tenant } = stage;
  onStep('applying changes, while other tenants propose and snapshots are taken');
  await applyAll(stage, jobs.before, 0);
  await approveJobs(tenant, jobs.between);
  const madeMeanwhile = await underLoad(stage, proposals);
  onStep('taking the snapshots that everything comes back from');
  const remembered = new Map<TestTenant, Remembered>();
  for (const one of stage.tenants) remembered.set(one, await remember(stage, one));
  onStep('applying changes that the snapshots know as approved, and some that they do not know');
  await stage.startRunner();
  await applied(stage, jobs.before.length + jobs.between.length);
  const lostIds = await approveJobs(tenant, jobs.lost);
  await applied(stage, jobs.before.length + jobs.between.length + jobs.lost.length);
  await stage.stopRunner();
  onStep('losing the plane, and bringing the records back into an empty one');
  await stage.losable.lose();
  const lostAt = performance.now();
  await bringBack(stage, remembered);
  const recoveredInMs = performance.now() - lostAt;
  onStep('comparing every row');
  const tenants: TenantFacts[] = [];
  for (const [one, before] of remembered) tenants.push(await compareTenant(stage.losable.plane, one, before));
  onStep('starting the runner under the stop, and lifting it');
  const leasedUnderStop = await askUnderStop(stage);
  await liftStop(tenant);
  await applied(stage, jobs.before.length + jobs.between.length);
  const known = await listProposals(tenant);
  const rows = await stage.shop.rows();
  const receipts = await stage.shop.proposalsWithReceipts();
  onStep('proposing a lost change once more');
  const repeated = await repeatLost(stage);
  return {
    tenants,
    madeMeanwhile,
    recoveredInMs,
    changes: {
      before: rowsOf(rows, jobs.before),
      between: rowsOf(rows, jobs.between),
      lost: rowsOf(rows, jobs.lost),
    },
    leasedUnderStop,
    foundByReceipt: await recordOf(stage).foundByReceipt(),
    knownLost: known.filter((one) => lostIds.includes(idOf(one))).length,
    unknownReceipts: receipts.filter((id) => !known.some((one) => idOf(one) === id)).length,
    ...repeated,
  };
}

function recordOf({ losable, tenant }: RecoveryStage): PlaneRecord {
  return new PlaneRecord(losable.plane, tenant.project);
}

async function applied(stage: RecoveryStage, most: number): Promise<void> {
  await eventually(
    () => recordOf(stage).applied(),
    (count) => count >= most,
    LONGEST_STEP_MS,
  );
}

async function applyAll(stage: RecoveryStage, jobs: readonly DrillJob[], already: number): Promise<void> {
  await approveJobs(stage.tenant, jobs);
  await stage.startRunner();
  await applied(stage, already + jobs.length);
  await stage.stopRunner();
}

/** Proposals go on, in each of the other tenants, until all snapshots are taken; how many were made meanwhile. */
async function underLoad(stage: RecoveryStage, least: number): Promise<number> {
  const [job] = stage.jobs.lost;
  if (job === undefined) throw new TypeError('there is nothing to propose');
  let areTaken = false;
  let taking = 0;
  const load = stage.others.map(async ({ service }) => {
    for (let made = 0; made < least || !areTaken; made += 1) {
      const headers = { 'idempotency-key': `load-${made}` };
      must(await service.post('/v1/proposals', proposalOf(job), { headers }));
      if (!areTaken) taking += 1;
    }
  });
  for (const one of stage.tenants) await snapshot(one);
  areTaken = true;
  await Promise.all(load);
  return taking;
}

async function remember({ losable }: RecoveryStage, tenant: TestTenant): Promise<Remembered> {
  const { head, snapshot_id: snapshotId } = await snapshot(tenant);
  return {
    snapshotId,
    head,
    rows: await readRows(losable.plane, tenant),
    listed: await listProposals(tenant),
  };
}

async function bringBack(
  { issuer, losable }: RecoveryStage,
  remembered: ReadonlyMap<TestTenant, Remembered>,
): Promise<void> {
  await losable.startEmpty();
  for (const { project } of remembered.keys()) await losable.adopt(project, issuer.personOf('olivia'));
  await Promise.all([...remembered].map(([tenant, { snapshotId }]) => restore(tenant, snapshotId)));
}

async function restore(tenant: TestTenant, snapshotId: string): Promise<void> {
  const { snapshots } = await backups(tenant);
  if (!snapshots.some(({ snapshot_id }) => snapshot_id === snapshotId))
    throw new Error(`the folder has no ${snapshotId}`);
  const wish = { snapshot_id: snapshotId, reason: 'the drill of recovery' };
  const ended = await work(tenant, '/v1/backups/restore', wish);
  if (ended.state !== 'done') throw new Error(`not restored: ${ended.trouble}`);
}

/** How much was handed out before the stop was lifted, to the runner and to one that asked in plain sight of it. */
async function askUnderStop(stage: RecoveryStage): Promise<number> {
  const [job] = stage.jobs.between;
  const claim = { source_id: job?.source, runner_id: 'another-runner', limit: 1 };
  const headBefore = await ledgerEnd(stage);
  await stage.startRunner();
  await eventually(
    () => seenRunners(stage.tenant),
    (count) => count > 0,
    LONGEST_STEP_MS,
  );
  const { jobs = [] } = must(await stage.tenant.otherRunner.post('/v1/writeback/jobs/claim', claim)).body;
  return jobs.length + (await recordOf(stage).leases(headBefore));
}

async function ledgerEnd({ losable, tenant }: RecoveryStage): Promise<number> {
  const sql = 'SELECT seq FROM heads WHERE tenant = ?1';
  const [head] = await losable.plane.query<{ seq: number }>(sql, tenant.project);
  return head?.seq ?? 0;
}

/** Runners that wait for work right now. */
async function seenRunners({ vera }: TestTenant): Promise<number> {
  const { runners } = must(await vera.get('/v1/runners')).body;
  const all: readonly unknown[] = Array.isArray(runners) ? runners : [];
  return all.filter((runner) => Object(runner).is_polling === true).length;
}

async function liftStop({ otto }: TestTenant): Promise<void> {
  const { freezes } = must(await otto.get('/v1/freezes')).body;
  for (const { freeze_id } of Object(freezes))
    must(await otto.post(`/v1/freezes/${freeze_id}/lift`, { reason: 'receipts compared' }));
}

/** Proposes a lost change exactly as it was: the row has moved on since, and must not move again. */
async function repeatLost(
  stage: RecoveryStage,
): Promise<Pick<RecoveryFacts, 'repeatedEndedAs' | 'repeatedMoved'>> {
  const again = stage.jobs.lost.slice(0, 1);
  const [id] = await approveJobs(stage.tenant, again);
  const { body } = await eventually(
    async () => must(await stage.tenant.vera.get(`/v1/proposals/${id}`)),
    ({ body: proposal }) => proposal.status !== 'approved',
    LONGEST_STEP_MS,
  );
  const [row] = rowsOf(await stage.shop.rows(), again);
  return { repeatedEndedAs: String(body.status), repeatedMoved: row?.moved ?? 0 };
}

function rowsOf(rows: readonly RowAtEnd[], jobs: readonly DrillJob[]): readonly RowAtEnd[] {
  const ids = jobs.map(({ row }) => row);
  return rows.filter(({ id }) => ids.includes(id));
}

function idOf(proposal: unknown): string {
  return String(Object(proposal).proposal_id);
}
