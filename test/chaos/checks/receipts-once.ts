import { type Dump, receiptsOf, type Violation } from './dump.ts';

/** One receipt at most for each key, each job and each proposal, in all databases together. */
export function checkReceiptsOnce(dump: Dump): Violation[] {
  const receipts = receiptsOf(dump);
  return [
    ...doubles(receipts, 'key', ({ key }) => key),
    ...doubles(receipts, 'job', ({ jobId }) => jobId),
    ...doubles(receipts, 'proposal', ({ proposalId }) => proposalId),
  ];
}

function doubles<Item>(items: readonly Item[], name: string, keyOf: (item: Item) => string): Violation[] {
  return [...Map.groupBy(items, keyOf)]
    .filter(([, own]) => own.length > 1)
    .map(([key, own]) => ({ check: 'receipts-once', detail: `${own.length} receipts of ${name} ${key}` }));
}
