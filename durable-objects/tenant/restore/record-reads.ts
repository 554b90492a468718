import type { PageWanted, RecordPage, RecordVerdict } from '@countersign/protocol/backup/tenant-record';
import type { ExportPage } from '../queries/export-ledger.ts';
import type { Call } from '../turn/command.ts';
import type { Reply } from '../turn/reply.ts';

type AskTenant = (ask: Call['ask']) => Promise<Reply>;

/** A page of what a copy is made of. */
export async function readRecordPage(ask: AskTenant, wanted: PageWanted): Promise<RecordPage> {
  const reply =
    wanted.kind === 'rows'
      ? await ask({ type: 'export-rows', mark: wanted.mark })
      : await ask({
          type: 'export-ledger',
          proposalId: null,
          after: wanted.after,
          through: wanted.through,
        });
  if (!reply.ok) return { ok: false, code: reply.refusal.code };
  // The two looks answer in these forms.
  const page = reply.body as Partial<Extract<RecordPage, { ok: true }>> & Pick<ExportPage, 'head'>;
  const { entries = [], head, next = null, rows = [] } = page;
  return { ok: true, entries, rows, next, head };
}

/** What came of comparing the rows with the ledger. Throws where that cannot be done at all. */
export async function recordVerdict(ask: AskTenant): Promise<RecordVerdict> {
  const reply = await ask({ type: 'rebuild' });
  if (!reply.ok) {
    if (reply.refusal.code === 'unavailable') return { kind: 'moved' };
    throw new Error(`the record cannot be compared: ${reply.refusal.code}`);
  }
  const { body } = reply;
  const { compared, differences, differences_total, matches } = body as Pick<typeof body, 'ok'> as Compared;
  if (matches) return { kind: 'matches', entries: compared.ledger };
  const [first] = differences;
  const named = first === undefined ? 'unknown' : `${first.table} ${first.key} ${first.found}`;
  return { kind: 'differs', differences: differences_total, first: named };
}

/** What `rebuild` answers. */
interface Compared {
  readonly ok: true;
  readonly matches: boolean;
  readonly compared: { readonly ledger: number };
  readonly differences: readonly { readonly table: string; readonly key: string; readonly found: string }[];
  readonly differences_total: number;
}
