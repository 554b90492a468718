import type { Placed } from '../turn/event.ts';
import type { Put, RowReader } from '../turn/keyed-tables.ts';
import type { CorsEvent } from './cors-body.ts';
import { corsSetting } from './cors-setting.ts';

/** The list of origins after an entry about one. */
export function foldCors(
  tenant: string,
  rows: RowReader,
  { body, hash, seq, type }: Extract<Placed, { type: CorsEvent['type'] }>,
): readonly Put[] {
  const others = corsSetting(rows.row('settings', 'cors')).origins.filter((one) => one !== body.origin);
  const value = { origins: type === 'cors.allowed' ? [...others, body.origin] : others };
  return [{ name: 'settings', row: { tenant, name: 'cors', value, tip_seq: seq, tip_hash: hash } }];
}
