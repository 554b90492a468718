import type { SnapshotStore } from './snapshot-store.ts';

/** What one call of the platform removes. */
const REMOVED_AT_ONCE = 1_000;

/** A bucket of R2. */
export function r2Store(bucket: R2Bucket): SnapshotStore {
  return {
    put: async (name, bytes) =>
      // Only where there is none: R2 answers null when the condition does not hold.
      (await bucket.put(name, bytes, { onlyIf: { etagDoesNotMatch: '*' } })) !== null,
    get: async (name) => {
      const found = await bucket.get(name);
      return found === null ? undefined : new Uint8Array(await found.arrayBuffer());
    },
    list: async (prefix) => {
      const names: string[] = [];
      let cursor: string | undefined;
      do {
        const page: R2Objects = await bucket.list({ prefix, ...(cursor === undefined ? {} : { cursor }) });
        names.push(...page.objects.map(({ key }) => key));
        cursor = page.truncated ? page.cursor : undefined;
      } while (cursor !== undefined);
      return names;
    },
    remove: async (names) => {
      for (let from = 0; from < names.length; from += REMOVED_AT_ONCE)
        await bucket.delete(names.slice(from, from + REMOVED_AT_ONCE));
    },
  };
}
