import pg from 'pg';
import * as z from 'zod';
import { GUARDED_WRITE_SQL, guardedWriteValues, type InvoiceWrite } from './guarded-write.ts';

/** A job queue in the customer's own database, as others have built it, whose jobs are our guarded writes. */
export interface PeerQueue {
  /** Forgets all that was done. */
  clear(): Promise<void>;
  /** Adds all of these at once. */
  enqueue(jobs: readonly InvoiceWrite[]): Promise<void>;
  /** Resolves when so many are marked as done, by the queue itself and not only by what carries them out. */
  done(count: number): Promise<void>;
  stop(): Promise<void>;
}

/** As many as PostgreSQL makes use of on a machine with a few cores; more of them write no more. */
const CONNECTIONS = 16;
const writeSchema = z.object({ invoice: z.string(), version: z.number(), key: z.string() });

/** What a peer's task handler does: the runner's own statement, prepared, on a pool of its own. */
export class PeerWrites {
  readonly #pool: pg.Pool;
  #awaited: { readonly count: number; readonly place: PromiseWithResolvers<void> } | undefined;
  #written = 0;

  constructor(connectionString: string) {
    this.#pool = new pg.Pool({ connectionString, max: CONNECTIONS });
  }

  /** Carries out one job; throws when nothing was written. */
  async carryOut(payload: unknown): Promise<void> {
    const values = guardedWriteValues(writeSchema.parse(payload));
    const { rowCount } = await this.#pool.query({ name: 'guarded_write', text: GUARDED_WRITE_SQL, values });
    if (rowCount !== 1) throw new Error('the guarded write wrote nothing');
    this.#written += 1;
    this.#look();
  }

  /** Counts from zero again. */
  clear(): void {
    this.#written = 0;
  }

  /** Resolves when so many were written. */
  reached(count: number): Promise<void> {
    const place = Promise.withResolvers<void>();
    this.#awaited = { count, place };
    this.#look();
    return place.promise;
  }

  close(): Promise<void> {
    return this.#pool.end();
  }

  #look(): void {
    if (this.#awaited !== undefined && this.#written >= this.#awaited.count) this.#awaited.place.resolve();
  }
}
