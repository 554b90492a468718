import type { ExportPage } from '@countersign/durable-objects/tenant/queries/export-ledger';
import type { LedgerEntry } from '@countersign/protocol/ledger';
import { type ExportScope, ExportWriter } from '@countersign/protocol/ledger-export';

/** Reads the entries after one sequence, none beyond another. Throws when it cannot. */
export type ReadPage = (after: number, through: number) => Promise<ExportPage>;

/**
 * The texts of an export, a page's lines at a time, the manifest last. It ends where the record ended when it began.
 * Throws when the pages do not fit together, as after a restore: then there is no manifest.
 */
export async function* exportLines(
  scope: ExportScope,
  first: ExportPage,
  readPage: ReadPage,
  exportedAt: string,
): AsyncGenerator<string, void, undefined> {
  const writer = new ExportWriter(scope);
  const { head } = first;
  let last: LedgerEntry | undefined;
  for (let page = first; page.entries.length > 0; ) {
    let text = '';
    for (const entry of page.entries) {
      if (entry.seq > head.seq || !follows(scope, entry, last))
        throw new Error(`entry ${entry.seq} does not follow ${last?.seq ?? 'the beginning'}`);
      text += writer.line(entry);
      last = entry;
    }
    yield text;
    if (last === undefined || last.seq >= head.seq) break;
    page = await readPage(last.seq, head.seq);
  }
  if (scope.scope === 'whole' && (last?.seq ?? 0) !== head.seq)
    throw new Error(`the record ends at ${last?.seq ?? 0} and not at ${head.seq}`);
  yield writer.manifest(exportedAt);
}

/** Whether an entry is the next one; what its hashes say of it is for whoever verifies the file. */
function follows({ scope }: ExportScope, entry: LedgerEntry, last: LedgerEntry | undefined): boolean {
  if (scope === 'proposal') return entry.prev_subject_seq === (last?.seq ?? null);
  return entry.seq === (last?.seq ?? 0) + 1 && (last === undefined || entry.prev_hash === last.hash);
}
