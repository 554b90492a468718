import type { Placed } from '@countersign/durable-objects/tenant/turn/event';
import type { LedgerEntry } from '@countersign/protocol/ledger';

/** An entry as folding it needs it, its body typed by its type. */
export function placedOf({ at, ...entry }: LedgerEntry): Placed {
  const placed = { ...entry, at: Date.parse(at) };
  assertPlaced(placed);
  return placed;
}

/** An entry of the ledger has the body that its type says: only the tenant's own rules ever write one. */
function assertPlaced(entry: object): asserts entry is Placed {
  if (!('type' in entry)) throw new TypeError('not an entry');
}
