import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { must } from '../../support/must.ts';
import type { TestTenant } from '../../support/tenant.ts';
import { listProposals } from '../recovery/compare-tenant.ts';
import type { Mark, TenantAtEnd, UpgradeFacts } from './facts.ts';
import { doesFold } from './stage/does-fold.ts';
import type { Traffic } from './stage/traffic.ts';
import type { UpgradeStage } from './stage/upgrade-stage.ts';

type Compared = Pick<UpgradeFacts, 'tenants' | 'rows' | 'unmatched'>;

interface Listed {
  readonly id: string;
  readonly status: string;
}

/** Compares every record with what it was at each mark and with what was acknowledged, and the database with the record. */
export async function compareAtEnd(
  stage: UpgradeStage,
  traffic: Traffic,
  marks: readonly Mark[],
): Promise<Compared> {
  const listed = new Map<string, readonly Listed[]>();
  for (const tenant of stage.tenants) listed.set(tenant.project, await listOf(tenant));
  const tenants: TenantAtEnd[] = [];
  for (const tenant of stage.tenants)
    tenants.push(await compareTenant(stage, tenant, listed.get(tenant.project) ?? [], traffic, marks));
  const approvedRows = new Set([
    ...stage.manifest.queued,
    ...[...traffic.approved.values()].map(({ row }) => row),
  ]);
  const rows = await stage.shop.rows();
  const applied = (listed.get(stage.drilled.project) ?? []).filter(({ status }) => status === 'applied');
  return {
    tenants,
    rows: {
      approved: rows.filter(({ id }) => approvedRows.has(id)),
      others: rows.filter(({ id }) => !approvedRows.has(id)),
    },
    unmatched: inOneOnly(
      applied.map(({ id }) => id),
      await stage.shop.proposalsWithReceipts(),
    ),
  };
}

async function compareTenant(
  stage: UpgradeStage,
  tenant: TestTenant,
  listed: readonly Listed[],
  { acknowledged }: Traffic,
  marks: readonly Mark[],
): Promise<TenantAtEnd> {
  const { project } = tenant;
  const { text } = must(await tenant.audra.get('/v1/ledger/export'));
  const file = join(stage.seat.folder, `${project}.ndjson`);
  await writeFile(file, text);
  const { code } = await stage.seat.end(stage.program('next'), 'verify', file);
  const hashes = hashesIn(text);
  const known = acknowledged.get(project) ?? [];
  const ids = new Set(listed.map(({ id }) => id));
  const frozen = marks[0]?.tenants.find((one) => one.tenant === project)?.rows.proposals ?? 0;
  return {
    tenant: project,
    verifiedWith: code,
    entries: hashes.size,
    headsLost: marks.flatMap(({ tenants, when }) =>
      tenants.some((one) => one.tenant === project && hashes.get(one.seq) === one.hash) ? [] : [when],
    ),
    doRowsFold: await doesFold(tenant),
    proposals: { frozen, acknowledged: new Set(known).size, found: listed.length },
    missing: known.filter((id) => !ids.has(id)),
  };
}

async function listOf(tenant: TestTenant): Promise<readonly Listed[]> {
  return (await listProposals(tenant)).map((one) => {
    const { proposal_id, status } = Object(one);
    return { id: String(proposal_id), status: String(status) };
  });
}

/** The hash of each entry of an export, by its place. */
function hashesIn(text: string): ReadonlyMap<number, string> {
  const lines = text
    .trimEnd()
    .split('\n')
    .map((line): unknown => JSON.parse(line));
  const entries = lines
    .map(Object)
    .filter(({ seq, hash }) => typeof seq === 'number' && typeof hash === 'string');
  return new Map(entries.map(({ hash, seq }) => [seq, hash]));
}

function inOneOnly(one: readonly string[], other: readonly string[]): readonly string[] {
  const [ones, others] = [new Set(one), new Set(other)];
  return [...one.filter((id) => !others.has(id)), ...other.filter((id) => !ones.has(id))];
}
