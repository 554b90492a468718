import type { Placed } from '../turn/event.ts';
import type { Put, RowReader } from '../turn/keyed-tables.ts';
import { type Freeze, freezeSetting, isOfRows } from './freeze.ts';

/** The list of freezes after an entry about one. */
export function foldFreezes(tenant: string, rows: RowReader, entry: Placed): readonly Put[] {
  const { freezes } = freezeSetting(rows.row('settings', 'freezes'));
  const after = listAfter(freezes, entry);
  if (after === undefined) return [];
  const tip = { tip_seq: entry.seq, tip_hash: entry.hash };
  return [{ name: 'settings', row: { tenant, name: 'freezes', value: { freezes: after }, ...tip } }];
}

function listAfter(freezes: readonly Freeze[], entry: Placed): readonly Freeze[] | undefined {
  switch (entry.type) {
    case 'freeze.placed':
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
