import type { Placed } from '../turn/event.ts';
import type { Put, RowReader } from '../turn/keyed-tables.ts';
import { limitSetting } from './neared.ts';

/** When each limit was noted last, after an entry about one. */
export function foldLimits(
  tenant: string,
  rows: RowReader,
  entry: Extract<Placed, { type: 'limit.neared' }>,
): readonly Put[] {
  const { neared } = limitSetting(rows.row('settings', 'limits'));
  const value = { neared: { ...neared, [entry.body.name]: entry.at } };
  const tip = { tip_seq: entry.seq, tip_hash: entry.hash };
  return [{ name: 'settings', row: { tenant, name: 'limits', value, ...tip } }];
}
