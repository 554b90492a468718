import type { Placed } from '../turn/event.ts';
import type { Put, RowReader } from '../turn/keyed-tables.ts';

/** The rows of a contract, its versions and its capabilities after an entry about it. */
export function foldContract(tenant: string, rows: RowReader, entry: Placed): readonly Put[] {
  const tip = { tip_seq: entry.seq, tip_hash: entry.hash };
  if (entry.type === 'contract.pushed') {
    const { contract_id, version_id, version_number, name, description, label, digest, risk_increasing } =
      entry.body;
    const before = rows.row('contracts', contract_id);
    const contract = {
      tenant,
      contract_id,
      name,
      description,
      versions: version_number,
      newest_version_id: version_id,
      active_version_id: before?.active_version_id ?? null,
      created_at: before?.created_at ?? entry.at,
      updated_at: entry.at,
      ...tip,
    };
    const version = {
      tenant,
      version_id,
      contract_id,
      version_number,
      label,
      digest,
      seq: entry.seq,
      risk_increasing,
      pushed_at: entry.at,
      pushed_by: `${entry.actor.kind}:${entry.actor.id}`,
    };
    return [
      { name: 'contracts', row: contract },
      { name: 'versions', row: version },
    ];
  }
  if (entry.type !== 'contract.activated') return [];
  const { contract_id, version_id, version_seq, digest, label, capabilities, retired } = entry.body;
  const before = rows.row('contracts', contract_id);
  if (before === undefined) return [];
  const inForce = { version_id, digest, label, version_seq };
  const none = { version_id: null, digest: null, label: null, version_seq: null };
  const capability = (name: string, version: typeof inForce | typeof none): Put => ({
    name: 'capabilities',
    row: { tenant, capability: name, contract_id, ...version },
  });
  return [
    { name: 'contracts', row: { ...before, active_version_id: version_id, updated_at: entry.at, ...tip } },
    ...retired.map((name) => capability(name, none)),
    ...capabilities.map((name) => capability(name, inForce)),
  ];
}
