import type { ControlRow } from '../runs-schema.ts';
import type { Placed } from '../turn/event.ts';
import type { Put, RowReader } from '../turn/keyed-tables.ts';
import { controlKey } from './control-body.ts';
import { type ControlSetting, controlSetting, settingOf } from './control-setting.ts';

/** The row of a piece of the registry after an entry about it. */
export function foldControl(tenant: string, rows: RowReader, entry: Placed): readonly Put[] {
  if (
    entry.type !== 'control.saved' &&
    entry.type !== 'control.activated' &&
    entry.type !== 'control.retired'
  )
    return [];
  const { kind, name } = entry.body;
  const key = controlKey(kind, name);
  const before = rows.row('controls', key);
  const versions = before?.versions ?? [];
  const row = {
    tenant,
    key,
    kind,
    name,
    versions:
      entry.type === 'control.saved'
        ? [...versions, { version: entry.body.version, digest: entry.body.digest, seq: entry.seq }]
        : versions,
    active: activeAfter(before?.active ?? null, entry),
    status: statusAfter(before?.status ?? 'draft', entry),
    updated_at: entry.at,
    tip_seq: entry.seq,
    tip_hash: entry.hash,
  };
  return [{ name: 'controls', row }];
}

function activeAfter(before: number | null, entry: Placed): number | null {
  if (entry.type === 'control.activated') return entry.body.version;
  return entry.type === 'control.retired' ? null : before;
}

function statusAfter(before: ControlRow['status'], { type }: Placed): ControlRow['status'] {
  if (type === 'control.activated') return 'active';
  return type === 'control.retired' ? 'retired' : before;
}

const changing: ReadonlySet<string> = new Set<Placed['type']>([
  ...(['contract.activated', 'policy.activated', 'policy.retired'] as const),
  ...(['permissions.saved', 'permissions.enforced', 'permissions.relaxed', 'permissions.unlocked'] as const),
  ...(['control.activated', 'control.retired'] as const),
]);

const REVISION_LENGTH = 12;

/** The log of what changed in force, whatever it was, and the registry after that. */
export function noteControlChange(tenant: string, rows: RowReader, entry: Placed): readonly Put[] {
  if (!changing.has(entry.type)) return [];
  const standing = rows.row('settings', 'control');
  // A tenant that is older than the log begins it with its first piece of the registry: before, nobody counted.
  if (standing === undefined && !entry.type.startsWith('control.')) return [];
  const before = controlSetting(standing);
  const revision = before.revision + 1;
  const value = settingOf(revision, inForceAfter(before, entry));
  const name = String(revision).padStart(REVISION_LENGTH, '0');
  return [
    // What follows from entries about other things has no chain of its own.
    { name: 'settings', row: { tenant, name: 'control', value, tip_seq: 0, tip_hash: '' } },
    { name: 'changes', row: { tenant, revision: name, seq: entry.seq } },
  ];
}

function inForceAfter({ in_force }: ControlSetting, entry: Placed): ControlSetting['in_force'] {
  if (entry.type !== 'control.activated' && entry.type !== 'control.retired') return in_force;
  const { kind, name } = entry.body;
  const others = in_force.filter((one) => one.kind !== kind || one.name !== name);
  if (entry.type === 'control.retired') return others;
  const { version, digest, seq, route } = entry.body;
  return [...others, { kind, name, version, digest, seq, route }];
}
