import * as z from 'zod';

const entrySchema = z.looseObject({ seq: z.number(), hash: z.string() });

/** Looks in the lines of an export for the entry with a hash; whether the export holds is found out beside it. */
export class HashPlace {
  readonly #hash: string;
  /** The sequence of that entry; undefined while it was not met. */
  seq: number | undefined;

  constructor(hash: string) {
    this.#hash = hash;
  }

  look(line: string): void {
    // The next entry and the manifest hold it too, under other names.
    if (this.seq !== undefined || !line.includes(this.#hash)) return;
    const { data } = entrySchema.safeParse(JSON.parse(line));
    if (data?.hash === this.#hash) this.seq = data.seq;
  }
}
