import type { RestoredFrom } from '@countersign/protocol/backup/tenant-record';
import { mintId } from '@countersign/protocol/ids';
import type { Freeze } from '../freezes/freeze.ts';
import type { Head } from '../schema.ts';
import { heads } from '../schema.ts';
import type { Statement } from '../storage/database.ts';
import { insertRows } from '../storage/rows.ts';
import { writeStatements } from '../storage/write.ts';
import { settingSubject } from '../turn/event.ts';
import { noNeeds } from '../turn/needs.ts';
import { noRows } from '../turn/rows.ts';
import { World } from '../turn/world.ts';
import type { Rebuilt } from './rebuilding.ts';

/** Attempts are counted from here: what was leased after the copy was made got lower numbers, as long as no job is leased more than once a second. */
const COUNTED_SINCE = Date.UTC(2026, 0, 1);
const MILLISECONDS = 1_000;

/**
 * The batch that opens a restored record: its head, which nobody had before, and the one entry that says what was done.
 * Everything is held until a person has seen what the databases know and this record does not. It fails as a whole
 * where there is a head. `nonce`: two texts that no other batch ever carries.
 */
export function finishStatements(
  tenant: string,
  { counters, hash, seq, tables }: Rebuilt,
  from: RestoredFrom,
  { nonces, now }: { readonly nonces: readonly [string, string]; readonly now: number },
): Statement[] {
  const base: Head = { tenant, turn: from.head.turn + 1, nonce: nonces[0], seq, hash, counters };
  const needs = noNeeds();
  needs.rows.settings.add('freezes');
  const rows = noRows();
  const setting = tables.row('settings', 'freezes');
  const keyed = { ...rows.keyed, settings: setting === undefined ? [] : [setting] };
  const world = new World(tenant, { ...rows, head: base, keyed }, needs);
  const { by, name, reason, snapshot_id, taken_at } = from;
  const freeze: Freeze = {
    freeze_id: mintId('frz', { at: now, seq: world.nextSeq, tenant }),
    scope: { kind: 'project' },
    is_stop: true,
    reason: `restored from ${snapshot_id}, which was taken ${taken_at}: ${reason}`,
    by,
    name,
    placed_at: now,
    until: null,
    state: 'in_force',
    scan: null,
  };
  world.append(
    {
      type: 'tenant.restored',
      actor: { kind: 'system', id: 'restore' },
      subject: settingSubject('freezes'),
      body: {
        snapshot_id,
        taken_at,
        head: { seq, hash },
        by,
        reason,
        freeze,
        attempts_above: Math.floor((now - COUNTED_SINCE) / MILLISECONDS),
      },
    },
    now,
  );
  const changes = world.changes(nonces[1]);
  if (changes === undefined) throw new TypeError('a restore always changes something');
  return [...insertRows(heads, [base]), ...writeStatements(base, changes)];
}
