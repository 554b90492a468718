import { notCarriedNotice } from '@countersign/protocol/backup/carried-losses';
import type { RestoredFrom } from '@countersign/protocol/backup/tenant-record';
import { mintId } from '@countersign/protocol/ids';
import type { Freeze } from '../freezes/freeze.ts';
import { claimsSetting } from '../members/claims.ts';
import type { FoldedTables } from '../rebuild/folded-tables.ts';
import type { Head } from '../schema.ts';
import { heads } from '../schema.ts';
import type { Statement } from '../storage/database.ts';
import { insertRows } from '../storage/rows.ts';
import { writeStatements } from '../storage/write.ts';
import { type Draft, settingSubject } from '../turn/event.ts';
import { forEachTable } from '../turn/keyed-tables.ts';
import { addLacks, lacksAny, noNeeds } from '../turn/needs.ts';
import { noRows, type Rows } from '../turn/rows.ts';
import { World } from '../turn/world.ts';
import { lossDrafts, ownerDraft, RESTORER } from './carry-losses.ts';
import type { Rebuilt } from './rebuilding.ts';

/** Attempts are counted from here: what was leased after the copy was made got lower numbers, as long as no job is leased more than once a second. */
const COUNTED_SINCE = Date.UTC(2026, 0, 1);
const MILLISECONDS = 1_000;
const PERSON = 'person:';

/**
 * The batch that opens a restored record: its head, which nobody had before, the one entry that says what was done, and
 * those that take away again what was taken away since the copy was made. Everything is held until a person has seen
 * what the databases know and this record does not. It fails as a whole where there is a head. `nonces`: two texts that
 * no other batch ever carries.
 */
export function finishStatements(
  tenant: string,
  { counters, hash, seq, tables }: Rebuilt,
  from: RestoredFrom,
  { nonces, now }: { readonly nonces: readonly [string, string]; readonly now: number },
): Statement[] {
  const base: Head = { tenant, turn: from.head.turn + 1, nonce: nonces[0], seq, hash, counters };
  const again = takenAgain(tables, from, now);
  const drafts = [restoredDraft(base, from, again.length, now), ...again];
  const changes = worldAfter(base, tables, drafts, now).changes(nonces[1]);
  if (changes === undefined) throw new TypeError('a restore always changes something');
  return [...insertRows(heads, [base]), ...writeStatements(base, changes)];
}

function takenAgain(
  tables: FoldedTables,
  { by, carried, name }: RestoredFrom,
  now: number,
): readonly Draft[] {
  if (carried.losses === null) return [];
  const drafts = lossDrafts(tables, carried.losses, carried.snapshot_id, now);
  if (drafts.length === 0 || !by.startsWith(PERSON)) return drafts;
  const claims = claimsSetting(tables.row('settings', 'claims'));
  const restorer = { person: by.slice(PERSON.length), name };
  const owner = ownerDraft(tables.rows('members'), claims, drafts, restorer);
  return owner === undefined ? drafts : [...drafts, owner];
}

function restoredDraft(
  { hash, seq, tenant }: Head,
  { by, carried, name, reason, snapshot_id, taken_at }: RestoredFrom,
  following: number,
  now: number,
): Draft {
  const freeze: Freeze = {
    freeze_id: mintId('frz', { at: now, seq: seq + 1, tenant }),
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
  return {
    type: 'tenant.restored',
    actor: RESTORER,
    subject: settingSubject('freezes'),
    body: {
      snapshot_id,
      taken_at,
      head: { seq, hash },
      by,
      reason,
      freeze,
      attempts_above: Math.floor((now - COUNTED_SINCE) / MILLISECONDS),
      losses:
        carried.losses === null
          ? { carried: null, because: carried.because, notice: notCarriedNotice(carried.because) }
          : { carried: following, from: carried.snapshot_id },
    },
  };
}

/** The rows that entries touch are found out by appending them: whatever lacks is added, and all of it done again. */
function worldAfter(base: Head, tables: FoldedTables, drafts: readonly Draft[], now: number): World {
  const needs = noNeeds();
  for (;;) {
    const keyed = forEachTable<Rows['keyed']>((name) =>
      [...needs.rows[name]].flatMap((key) => tables.row(name, key) ?? []),
    );
    const world = new World(base.tenant, { ...noRows(), head: base, keyed }, needs);
    world.appendAll(drafts, now);
    if (!lacksAny(world.lacks)) return world;
    addLacks(needs, world.lacks);
  }
}
