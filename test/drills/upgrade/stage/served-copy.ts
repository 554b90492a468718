import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { listProposals } from '../../recovery/compare-tenant.ts';
import type { Mark, UpgradeFacts } from '../facts.ts';
import type { UpgradeStage } from './upgrade-stage.ts';

/** Puts a copy in the place of what nobody serves any more, as an operator does who gives the upgrade up. */
export async function serveCopy(
  stage: UpgradeStage,
  folder: string,
  copy: Mark,
): Promise<UpgradeFacts['fromCopy']> {
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
