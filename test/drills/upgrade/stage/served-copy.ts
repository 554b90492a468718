import { cp, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { BEFORE_UPGRADES } from '@countersign/serve/copy-before';
import { errorCode } from '@countersign/serve/error-code';
import { listProposals } from '../../recovery/compare-tenant.ts';
import type { Mark, UpgradeFacts } from '../facts.ts';
import { readMark } from './marks.ts';
import type { UpgradeStage } from './upgrade-stage.ts';

/** Reads the first copy that was made before a schema was changed, and lets the previous release serve it. */
export async function lookAtCopies(
  stage: UpgradeStage,
): Promise<Pick<UpgradeFacts, 'copies' | 'copy' | 'fromCopy'>> {
  const folder = join(stage.seat.snapshots, BEFORE_UPGRADES);
  const [first, ...more] = await namesIn(folder);
  if (first === undefined) return { copies: 0, copy: null, fromCopy: [] };
  const copy = readMark('the copy', join(folder, first));
  return { copies: more.length + 1, copy, fromCopy: await serveCopy(stage, join(folder, first), copy) };
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return (await readdir(folder)).sort();
  } catch (fault) {
    if (errorCode(fault) === 'ENOENT') return [];
    throw fault;
  }
}

/** Puts a copy in the place of what nobody serves any more, as an operator does who gives the upgrade up. */
async function serveCopy(stage: UpgradeStage, folder: string, copy: Mark): Promise<UpgradeFacts['fromCopy']> {
  const plane = join(stage.seat.store, 'plane');
  await rm(plane, { recursive: true });
  await cp(folder, plane, { recursive: true });
  await stage.serve('previous');
  return Promise.all(
    stage.tenants.map(async (tenant) => ({
      tenant: tenant.project,
      listed: (await listProposals(tenant)).length,
      copied: copy.tenants.find((one) => one.tenant === tenant.project)?.rows.proposals ?? 0,
    })),
  );
}
