import { canonicalJson } from '@countersign/protocol/canonical-json';

/** Where a standing row is not what the ledger says. It names the place and never a value. */
export interface Difference {
  /** Its name in the database. */
  readonly table: string;
  readonly key: string;
  /** Null where the whole row is there and should not be, or is not and should. */
  readonly column: string | null;
  readonly found: 'differs' | 'missing' | 'extra';
}

type Row = Readonly<Record<string, unknown>>;

/** Columns in which a standing row differs from the folded one, but for those that are outside the fold. */
export function compareRows(
  table: string,
  key: string,
  { standing, folded }: { readonly standing: Row | undefined; readonly folded: Row | undefined },
  outside: readonly string[] = [],
): Difference[] {
  if (standing === undefined && folded === undefined) return [];
  if (standing === undefined) return [{ table, key, column: null, found: 'missing' }];
  if (folded === undefined) return [{ table, key, column: null, found: 'extra' }];
  return Object.keys(folded)
    .filter((column) => !outside.includes(column) && !isSame(standing[column], folded[column]))
    .map((column) => ({ table, key, column, found: 'differs' }));
}

function isSame(a: unknown, b: unknown): boolean {
  return a === b || canonicalJson(a ?? null) === canonicalJson(b ?? null);
}

/** All are counted, the first ones are named. */
export class Differences {
  static readonly mostNamed = 100;
  readonly named: Difference[] = [];
  total = 0;

  add(found: readonly Difference[]): void {
    this.total += found.length;
    this.named.push(...found.slice(0, Math.max(0, Differences.mostNamed - this.named.length)));
  }
}
