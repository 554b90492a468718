import type { Placed } from '../turn/event.ts';
import type { Put, RowReader } from '../turn/keyed-tables.ts';
import type { BootstrapEvent } from './bootstrap-body.ts';
import { bootstrapSetting } from './bootstrap-setting.ts';

/** The setting of the first service account after an entry about it. */
export function foldBootstrap(
  tenant: string,
  rows: RowReader,
  entry: Extract<Placed, { type: BootstrapEvent['type'] }>,
): readonly Put[] {
  const { credential_id } = bootstrapSetting(rows.row('settings', 'bootstrap'));
  const value =
    entry.type === 'bootstrap.exchanged'
      ? { is_exchanged: true, credential_id: entry.body.credential_id }
      : { is_exchanged: false, credential_id };
  const tip = { tip_seq: entry.seq, tip_hash: entry.hash };
  return [{ name: 'settings', row: { tenant, name: 'bootstrap', value, ...tip } }];
}
