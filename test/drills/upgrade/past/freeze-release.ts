import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { addTenant } from '@countersign/serve/add-tenant';
import { serveVersion } from '@countersign/serve/version';
import { pushRequest } from '../../../support/contract.ts';
import { memoryFolder } from '../../../support/memory-folder.ts';
import { must } from '../../../support/must.ts';
import { freePort } from '../../../support/server-binaries/guarded-process.ts';
import { newSnapshotKey } from '../../../support/snapshot-keys.ts';
import { draftTenant, type TestTenant } from '../../../support/tenant.ts';
import { type TestIssuer, TestIssuers } from '../../../support/test-issuer.ts';
import { drillContract } from '../../stop/stage/drill-contract.ts';
import { approveJobs } from '../../stop/stage/drill-jobs.ts';
import { Seat } from '../stage/seat.ts';
import { clientsOf } from '../stage/tenants.ts';
import { drilledJobs } from './drilled-jobs.ts';
import { fillRecord } from './fill-record.ts';
import { type FrozenFile, pack } from './frozen-files.ts';
import type { FrozenManifest, FrozenTenant } from './frozen-release.ts';
import { buildRelease, filesBelow, type InstalledRelease } from './release-builds.ts';
import { settleFiles } from './settle-files.ts';

const MEMBERS = 'members';
const ISSUERS_AT = 'https://people.example';
const OTHERS = 2;
const QUEUED = 12;
/** All but what npm brings. */
const BUILT = '{countersign*,node_modules/@countersign/**}';

export interface Frozen {
  readonly manifest: FrozenManifest;
  /** The archives that it names. */
  readonly files: readonly FrozenFile[];
}

/** Builds this tree, lets it do work of many kinds on a new store, and gives both as they are when it is stopped. */
export async function freezeRelease(release: number): Promise<Frozen> {
  const folder = await mkdtemp(join(memoryFolder(), 'countersign-freeze-'));
  const issuers = await TestIssuers.start([MEMBERS], ISSUERS_AT);
  try {
    const programs = await buildRelease(join(folder, 'build'));
    return await freezeIn(folder, programs, issuers.get(MEMBERS), release);
  } finally {
    await issuers.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function freezeIn(
  folder: string,
  { countersign }: InstalledRelease,
  issuer: TestIssuer,
  release: number,
): Promise<Frozen> {
  const macKey = randomBytes(32).toString('base64url');
  const snapshotKeys = JSON.stringify([newSnapshotKey('of a frozen release')]);
  const place = join(folder, 'seat');
  await mkdir(join(place, 'snapshots'), { recursive: true });
  const seat = await Seat.configure({ folder: place, port: await freePort(), issuer, macKey, snapshotKeys });
  const jobs = drilledJobs(QUEUED);
  const drilled = await addFrozenTenant(seat, issuer, macKey, [...new Set(jobs.map((job) => job.source))]);
  const others: FrozenTenant[] = [];
  while (others.length < OTHERS) others.push(await addFrozenTenant(seat, issuer, macKey));
  await seat.run(countersign, 'serve', '--daemon');
  try {
    await putDrillInForce(await clientsOf(seat.origin, drilled, issuer));
    await approveJobs(await clientsOf(seat.origin, drilled, issuer), jobs);
    for (const one of others) await fillRecord(await clientsOf(seat.origin, one, issuer));
  } finally {
    await seat.run(countersign, 'serve', '--stop');
  }
  settleFiles(join(seat.store, 'plane'));
  const build = pack('build.br', await filesBelow(join(folder, 'build'), BUILT));
  const kept = await filesBelow(place, '{store/plane/**,store/plane.version,snapshots/**}');
  const store = pack('store.br', kept);
  const manifest: FrozenManifest = {
    release,
    version: serveVersion,
    frozen_at: new Date().toISOString(),
    issuers_at: ISSUERS_AT,
    mac_key: macKey,
    snapshot_keys: snapshotKeys,
    drilled,
    queued: jobs.map(({ row }) => row),
    others,
    build: build.archive,
    store: store.archive,
  };
  const files = [build, store].map(({ archive, bytes }) => ({ path: archive.file, bytes }));
  return { manifest, files };
}

/** Makes a tenant with everybody in it, in a store that nobody serves. */
async function addFrozenTenant(
  seat: Seat,
  issuer: TestIssuer,
  macKey: string,
  sources?: readonly string[],
): Promise<FrozenTenant> {
  const { tokens, wanted } = draftTenant(issuer, macKey);
  const own =
    sources === undefined
      ? {}
      : {
          sources: sources.map((id) => ({ source_id: id, name: id, engine: 'postgres' as const })),
          credentials: wanted.credentials.map((credential) => ({ ...credential, sources })),
        };
  await addTenant(seat.store, { ...wanted, ...own });
  return { project: wanted.tenant, tokens: { ...tokens } };
}

async function putDrillInForce(tenant: TestTenant): Promise<void> {
  const path = `/v1/control/projects/${tenant.project}/agent-contracts`;
  must(await tenant.olivia.post(path, pushRequest(drillContract(drilledJobs(QUEUED)))));
}
