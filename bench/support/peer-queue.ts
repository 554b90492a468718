import pg from 'pg';
import * as z from 'zod';
import { GUARDED_WRITE_SQL, guardedWriteValues, type InvoiceWrite } from './guarded-write.ts';

/** A job queue in the customer's own database, as others have built it, that has jobs carried out. */
export interface PeerQueue<Job = InvoiceWrite> {
  /** Forgets all that was done. */
  clear(): Promise<void>;
  /** Adds all of these at once. */
  enqueue(jobs: readonly Job[]): Promise<void>;
  /** Resolves when so many are marked as done, by the queue itself and not only by what carries them out. */
  done(count: number): Promise<void>;
  stop(): Promise<void>;
}

/** What a peer's task handler does, and how many of its jobs were carried out. */
export abstract class PeerWork {
  #awaited: { readonly count: number; readonly place: PromiseWithResolvers<void> } | undefined;
  #done = 0;

  /** Carries out one job; throws when nothing came of it. */
  async carryOut(payload: unknown): Promise<void> {
    await this.perform(payload);
    this.#done += 1;
    this.#look();
  }

  protected abstract perform(payload: unknown): Promise<void>;
  abstract close(): Promise<void>;

  /** Counts from zero again. */
  clear(): void {
    this.#done = 0;
  }

  /** Resolves when so many were carried out. */
  reached(count: number): Promise<void> {
    const place = Promise.withResolvers<void>();
    this.#awaited = { count, place };
    this.#look();
    return place.promise;
  }

  #look(): void {
    if (this.#awaited !== undefined && this.#done >= this.#awaited.count) this.#awaited.place.resolve();
  }
}

/** As many as PostgreSQL makes use of on a machine with a few cores; more of them write no more. */
const CONNECTIONS = 16;
const writeSchema = z.object({ invoice: z.string(), version: z.number(), key: z.string() });

/** The runner's own statement, prepared, on a pool of its own. */
export class PeerWrites extends PeerWork {
  readonly #pool: pg.Pool;

  constructor(connectionString: string) {
    super();
    this.#pool = new pg.Pool({ connectionString, max: CONNECTIONS });
  }

  protected override async perform(payload: unknown): Promise<void> {
    const values = guardedWriteValues(writeSchema.parse(payload));
    const { rowCount } = await this.#pool.query({ name: 'guarded_write', text: GUARDED_WRITE_SQL, values });
    if (rowCount !== 1) throw new Error('the guarded write wrote nothing');
  }

  override close(): Promise<void> {
    return this.#pool.end();
  }
}
