import type { Placed } from '../turn/event.ts';
import type { Put, RowReader } from '../turn/keyed-tables.ts';
import { type Freeze, freezeSetting, isOfRows } from './freeze.ts';

/** The list of freezes after an entry about one. */
export function foldFreezes(tenant: string, rows: RowReader, entry: Placed): readonly Put[] {
  const before = freezeSetting(rows.row('settings', 'freezes'));
  const freezes = listAfter(before.freezes, entry);
  if (freezes === undefined) return [];
  const { attempts_above = before.attempts_above } = entry.type === 'tenant.restored' ? entry.body : {};
  const value = { freezes, ...(attempts_above === undefined ? {} : { attempts_above }) };
  const tip = { tip_seq: entry.seq, tip_hash: entry.hash };
  return [{ name: 'settings', row: { tenant, name: 'freezes', value, ...tip } }];
}

function listAfter(freezes: readonly Freeze[], entry: Placed): readonly Freeze[] | undefined {
  switch (entry.type) {
    case 'freeze.placed':
    case 'tenant.restored':
      return [...freezes, entry.body.freeze];
    case 'freeze.scanned':
      return changed(freezes, entry.body.freeze_id, (freeze) => [{ ...freeze, scan: entry.body.scan }]);
    case 'freeze.lifted':
      return changed(freezes, entry.body.freeze_id, (freeze) =>
        isOfRows(freeze) ? [{ ...freeze, state: 'lifting', scan: null }] : [],
      );
    case 'freeze.cleared':
      return changed(freezes, entry.body.freeze_id, () => []);
    default:
      return undefined;
  }
}

function changed(
  freezes: readonly Freeze[],
  id: string,
  change: (freeze: Freeze) => readonly Freeze[],
): readonly Freeze[] {
  return freezes.flatMap((freeze) => (freeze.freeze_id === id ? change(freeze) : [freeze]));
}
