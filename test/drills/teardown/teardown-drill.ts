import { createHash } from 'node:crypto';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { MANIFEST_FILE, signedManifestSchema } from '@countersign/protocol/backup/snapshot-manifest';
import { verifySnapshot } from '@countersign/protocol/backup/verify-snapshot';
import { verifyExport } from '@countersign/protocol/verify-export';
import { backups, work } from '../../support/backup-flow.ts';
import { eventually } from '../../support/eventually.ts';
import { must } from '../../support/must.ts';
import { asCopied } from '../../support/restored-rows.ts';
import type { TestTenant } from '../../support/tenant.ts';
import { TestIssuers } from '../../support/test-issuer.ts';
import { readRows, tablesOf } from '../recovery/compare-tenant.ts';
import { LosablePlane } from '../recovery/stage/losable-plane.ts';
import { type DrillJob, drillJobs, proposalOf } from '../stop/stage/drill-jobs.ts';
import { createDrillTenant } from '../stop/stage/drill-tenant.ts';
import type { EndedFacts, TeardownFacts } from './facts.ts';
import { judgeTeardown, type TeardownReport } from './judge-teardown.ts';
import type { TeardownDrillOptions } from './options.ts';

const MEMBERS = 'members';
const LONGEST_STEP_MS = 120_000;
const REASON = 'the drill of an end';

/** Puts projects away, carries them out, ends them, looks for what is left, and brings them back from what was carried out. */
export async function runTeardownDrill(
  options: TeardownDrillOptions,
  onStep: (step: string) => void = () => undefined,
): Promise<TeardownReport> {
  const issuers = await TestIssuers.start([MEMBERS]);
  const issuer = issuers.get(MEMBERS);
  const losable = await LosablePlane.start(issuer);
  try {
    const jobs = drillJobs({ sources: 1, jobs: 1, isUnguarded: false });
    const [job] = jobs;
    if (job === undefined) throw new TypeError('there is nothing to propose');
    const neighbour = await createDrillTenant(losable.plane, issuer, jobs);
    const ending: TestTenant[] = [];
    while (ending.length < options.ending) ending.push(await createDrillTenant(losable.plane, issuer, jobs));
    onStep('proposing');
    await Promise.all(ending.map((tenant) => proposeAll(tenant, job, options.proposals)));
    const load = new NeighbourLoad(neighbour, job);
    const ended: EndedFacts[] = [];
    try {
      for (const tenant of ending) {
        onStep(`putting ${tenant.project} away, carrying it out, and ending it`);
        ended.push(await endAndReturn(losable, tenant, issuer.personOf('olivia')));
      }
    } finally {
      await load.stop();
    }
    return judgeTeardown({ ended, neighbour: await load.facts() } satisfies TeardownFacts);
  } finally {
    await Promise.allSettled([losable.stop(), issuers.stop()]);
  }
}

async function proposeAll({ service }: TestTenant, job: DrillJob, count: number): Promise<void> {
  for (let made = 0; made < count; made += 1) must(await service.post('/v1/proposals', proposalOf(job)));
}

async function endAndReturn(losable: LosablePlane, tenant: TestTenant, owner: string): Promise<EndedFacts> {
  const archived = await work(tenant, '/v1/project/archive', { reason: REASON });
  if (archived.state !== 'done') throw new Error(`not put away: ${archived.trouble}`);
  const before = await readRows(losable.plane, tenant);
  const archive = await fetchArchive(losable.plane.url, tenant, archived.snapshot_id);
  const label = await labelOf(losable, tenant);
  const refusedWith = [
    await refusalOfEnd(tenant, { label }),
    await refusalOfEnd(tenant, { label, archive_digest: `sha256:${'0'.repeat(64)}` }),
  ];
  must(await tenant.olivia.post('/v1/project/delete', { label, archive_digest: archive.digest }));
  await eventually(
    () => lineOf(losable, tenant),
    (line) => line === undefined,
    LONGEST_STEP_MS,
  );
  const leftIn = await placesWith(losable, tenant);
  const toldOtherwise = await whoIsToldOtherwise(tenant);
  await putIntoStore(losable, tenant, archived.snapshot_id, archive.files);
  await losable.adopt(tenant.project, owner);
  const wish = { snapshot_id: archived.snapshot_id, reason: REASON };
  const restored = await work(tenant, '/v1/backups/restore', wish);
  const after = restored.state === 'done' ? await readRows(losable.plane, tenant) : {};
  const { head } = archive;
  return {
    tenant: tenant.project,
    entries: head.seq,
    isArchiveGood: archive.isGood,
    refusedWith,
    leftIn,
    toldOtherwise,
    returned: tablesOf(asCopied(before, head.seq), asCopied(after, head.seq)),
  };
}

interface Archive {
  readonly files: ReadonlyMap<string, Uint8Array>;
  readonly digest: string;
  readonly head: { readonly seq: number };
  readonly isGood: boolean;
}

/** Everything that the owner can take along. */
async function fetchArchive(origin: string, tenant: TestTenant, snapshotId: string): Promise<Archive> {
  const { keys } = await backups(tenant);
  const manifest = await bytesAt(origin, tenant, `/v1/backups/${snapshotId}/manifest`);
  const signed = signedManifestSchema.parse(JSON.parse(new TextDecoder().decode(manifest)));
  const files = new Map([[MANIFEST_FILE, manifest]]);
  for (const { name } of signed.manifest.files)
    files.set(name, await bytesAt(origin, tenant, `/v1/backups/${snapshotId}/files/${name}`));
  const verdict = await verifySnapshot(signed, async (name) => files.get(name), keys);
  return {
    files,
    digest: `sha256:${createHash('sha256').update(manifest).digest('hex')}`,
    head: signed.manifest.head,
    isGood: verdict.ok,
  };
}

async function bytesAt(origin: string, { olivia, project }: TestTenant, path: string): Promise<Uint8Array> {
  const answer = await fetch(`${origin}${path}?project_id=${project}`, {
    headers: { authorization: `Bearer ${olivia.token}` },
  });
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
  return new Uint8Array(await answer.arrayBuffer());
}

async function refusalOfEnd({ olivia }: TestTenant, body: object): Promise<string> {
  const answer = await olivia.post('/v1/project/delete', body);
  return String(answer.body.error_code ?? answer.status);
}

async function lineOf({ plane }: LosablePlane, { project }: TestTenant) {
  const [line] = await plane.query<{ label: string }>('SELECT label FROM tenants WHERE tenant = ?1', project);
  return line;
}

async function labelOf(losable: LosablePlane, tenant: TestTenant): Promise<string> {
  return (await lineOf(losable, tenant))?.label ?? '';
}

/** Tables, and the store, that still have something of a tenant. */
async function placesWith({ plane, snapshots }: LosablePlane, { project }: TestTenant): Promise<string[]> {
  const tables = await plane.query<{ name: string }>(
    "SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE '%tenant%' AND substr(name, 1, 1) <> '_'",
  );
  const found: string[] = [];
  for (const { name } of tables) {
    const [row] = await plane.query(`SELECT 1 FROM ${name} WHERE tenant = ?1 LIMIT 1`, project);
    if (row !== undefined) found.push(name);
  }
  return (await readdir(snapshots)).includes(project) ? [...found, 'the store'] : found;
}

async function whoIsToldOtherwise(tenant: TestTenant): Promise<string[]> {
  const told: string[] = [];
  for (const who of ['olivia', 'ada', 'vera', 'service', 'agent', 'runner'] as const) {
    const { body, status } = await tenant[who].get('/v1/proposals');
    if (body.error_code !== 'project_not_found') told.push(`${who}: ${status}`);
  }
  return told;
}

/** As somebody would who has the archive and a store to put it into. */
async function putIntoStore(
  { snapshots }: LosablePlane,
  { project }: TestTenant,
  snapshotId: string,
  files: Archive['files'],
): Promise<void> {
  const folder = join(snapshots, project, snapshotId);
  await mkdir(folder, { recursive: true });
  for (const [name, bytes] of files) await writeFile(join(folder, name), bytes);
}

/** Proposals of somebody who has nothing to do with any of it. */
class NeighbourLoad {
  readonly #tenant: TestTenant;
  readonly #done: Promise<void>;
  #isOver = false;
  #made = 0;
  #refused = 0;

  constructor(tenant: TestTenant, job: DrillJob) {
    this.#tenant = tenant;
    this.#done = this.#go(job);
  }

  async #go(job: DrillJob): Promise<void> {
    while (!this.#isOver) {
      const { status } = await this.#tenant.service.post('/v1/proposals', proposalOf(job));
      this.#made += 1;
      if (status >= 300) this.#refused += 1;
      // Far below every limit: what is looked for is a refusal that an end of somebody else brings.
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  async stop(): Promise<void> {
    this.#isOver = true;
    await this.#done;
  }

  async facts(): Promise<TeardownFacts['neighbour']> {
    const { text } = must(await this.#tenant.audra.get('/v1/ledger/export'));
    const { ok: doesChainHold } = await verifyExport(Readable.from(text.trimEnd().split('\n')));
    return { made: this.#made, refused: this.#refused, doesChainHold };
  }
}
