import { canonicalJson, digest } from '@countersign/protocol/canonical-json';
import { sequenceOfId } from '@countersign/protocol/ids';
import type { Activity } from '@countersign/protocol/runner-messages';
import { activity, type LedgerRow, proposalIds } from '../schema.ts';
import { decodeRow, selectList } from '../storage/rows.ts';
import { compareRows, type Differences } from './difference.ts';
import type { ReaderAtHead } from './read-at-head.ts';

type ActivityRow = typeof activity.$inferSelect;
type IdRow = typeof proposalIds.$inferSelect;

const ACTIVITY: ReadonlySet<string> = new Set<Activity['event_type']>([
  'evidence.recorded',
  'query_audit.recorded',
  'replay.recorded',
  'worker.diagnostic',
]);

/** Compares the narrow rows by which events and foreign ids are found, a page of the ledger at a time. */
export class Lookups {
  readonly #reader: ReaderAtHead;
  readonly #tenant: string;
  readonly #differences: Differences;
  readonly #compared = { activity: 0, proposal_ids: 0 };

  constructor(reader: ReaderAtHead, tenant: string, differences: Differences) {
    this.#reader = reader;
    this.#tenant = tenant;
    this.#differences = differences;
  }

  async compare(page: readonly LedgerRow[]): Promise<void> {
    const events = page.filter(isActivityRow).flatMap(activityOf);
    const ids = page.filter((row) => beginsUnderForeignId(this.#tenant, row)).map(proposalIdOf);
    if (events.length + ids.length === 0) return;
    const [foundEvents = [], foundIds = []] = await this.#reader.read(
      {
        sql:
          `SELECT ${selectList(activity, 'a')} FROM json_each(?2) k CROSS JOIN activity a ` +
          'WHERE a.tenant = ?1 AND a.runner_id = k.value ->> 0 AND a.event_id = k.value ->> 1',
        params: [this.#tenant, canonicalJson(events.map(({ runner_id, event_id }) => [runner_id, event_id]))],
      },
      {
        sql:
          `SELECT ${selectList(proposalIds, 'i')} FROM json_each(?2) k CROSS JOIN proposal_ids i ` +
          'WHERE i.tenant = ?1 AND i.proposal_id = k.value',
        params: [this.#tenant, canonicalJson(ids.map(({ proposal_id }) => proposal_id))],
      },
    );
    const standingEvents = foundEvents.map((raw) => decodeRow(activity, raw));
    for (const folded of events) this.#compareEvent(folded, standingEvents);
    const standingIds = foundIds.map((raw) => decodeRow(proposalIds, raw));
    for (const folded of ids) {
      const standing = standingIds.find(({ proposal_id }) => proposal_id === folded.proposal_id);
      this.#differences.add(compareRows('proposal_ids', folded.proposal_id, { standing, folded }));
    }
    this.#compared.activity += events.length;
    this.#compared.proposal_ids += ids.length;
  }

  /** How many there should be; where there are more, nobody knows of which entries. */
  async end(): Promise<{ readonly activity: number; readonly proposal_ids: number }> {
    for (const table of ['activity', 'proposal_ids'] as const) {
      const sql = `SELECT count(*) AS rows FROM ${table} WHERE tenant = ?1`;
      const [found] = await this.#reader.read({ sql, params: [this.#tenant] });
      if (Number(found?.[0]?.rows ?? 0) > this.#compared[table])
        this.#differences.add([{ table, key: '*', column: null, found: 'extra' }]);
    }
    return this.#compared;
  }

  #compareEvent(folded: ActivityRow, all: readonly ActivityRow[]): void {
    const { runner_id, event_id } = folded;
    const standing = all.find((row) => row.runner_id === runner_id && row.event_id === event_id);
    this.#differences.add(compareRows('activity', `${runner_id}/${event_id}`, { standing, folded }));
  }
}

export function isActivityRow({ type }: LedgerRow): boolean {
  return ACTIVITY.has(type);
}

/** Whether it begins a proposal whose id a client made. */
export function beginsUnderForeignId(
  tenant: string,
  { type, prev_subject_seq, subject }: LedgerRow,
): boolean {
  const begins = type === 'proposal.submitted' || type === 'proposal.requested';
  return begins && prev_subject_seq === null && sequenceOfId('wrp', subject, tenant) === undefined;
}

/** None for a body that was altered until it is no event: the fold names that one. */
export function activityOf({ tenant, seq, body }: LedgerRow): ActivityRow[] {
  try {
    const event = JSON.parse(body) as Activity;
    return [{ tenant, runner_id: event.runner_id, event_id: event.event_id, seq, digest: digest(event) }];
  } catch {
    return [];
  }
}

export function proposalIdOf({ tenant, seq, subject }: LedgerRow): IdRow {
  return { tenant, proposal_id: subject, seq };
}
