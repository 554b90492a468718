import type { SqliteDatabase } from '../support/sqlite-database.ts';
import { CustomerDatabase } from './customer/customer-database.ts';
import { Faults } from './faults.ts';
import { Network } from './network.ts';
import { D1Link } from './platform/d1.ts';
import { ObjectHost } from './platform/object-host.ts';
import { RecordedDatabase } from './platform/record.ts';
import type { SocketEnd } from './platform/socket.ts';
import { Random } from './random.ts';
import { newProcess, type Process, Schedule } from './schedule.ts';
import { BEGINNING, MIDNIGHT } from './tenant.ts';

/** A proposal that people have heard of. */
export interface Known {
  readonly proposalId: string;
  readonly effectDigest: string;
}

const ROWS = 4;
const DEADLY_SHARE = 0.1;
/** Histories that begin shortly before a day ends: keys are stored by the day. */
const NIGHT_SHARE = 0.2;
const IN_REVIEW = "SELECT proposal_id FROM proposals WHERE tenant = ?1 AND lane = 'review'";

/** Everything in one history: made from its seed alone. */
export class World {
  readonly random: Random;
  readonly schedule: Schedule;
  readonly faults: Faults;
  /** Jobs of this history run out of attempts, so that what follows on that is seen too. */
  readonly isDeadly: boolean;
  readonly database: RecordedDatabase;
  readonly link: D1Link;
  readonly host: ObjectHost;
  readonly network: Network;
  readonly customer: CustomerDatabase;
  /** Proposals that somebody told people about. */
  readonly board: Known[] = [];
  /** Where held polls live outside the object. It can die, and another takes its place. */
  gateway: Process = newProcess('gateway');
  /** The gateway's ends of held polls. */
  readonly openPolls = new Set<SocketEnd>();
  /** Nothing goes wrong any more, and nobody begins anything new. */
  isCalm = false;
  #inReview: { readonly turn: number; readonly ids: ReadonlySet<string> } = { turn: 0, ids: new Set() };
  readonly #curious: (() => void)[] = [];

  constructor(seed: number, sqlite: SqliteDatabase) {
    this.random = new Random(seed);
    const start = this.random.chance(NIGHT_SHARE) ? MIDNIGHT - this.random.between(0, 60_000) : BEGINNING;
    this.schedule = new Schedule(this.random, start);
    this.isDeadly = this.random.chance(DEADLY_SHARE);
    this.faults = new Faults(this.random, this.isDeadly);
    this.database = new RecordedDatabase(sqlite);
    this.link = new D1Link(this.schedule, this.random, this.faults, this.database);
    this.host = new ObjectHost(this.schedule, this.random, this.faults, this.link, this.database);
    this.network = new Network(this.schedule, this.random, this.faults, this.host);
    this.customer = new CustomerDatabase(this.schedule, this.random, this.faults);
    for (let row = 0; row < ROWS; row += 1) this.customer.addRow(`row-${row}`, 1 + row);
  }

  /** Proposals that people know of and that wait for them. */
  get undecided(): readonly Known[] {
    const { turn } = this.database;
    if (this.#inReview.turn !== turn) {
      this.#inReview = {
        turn,
        ids: new Set(this.database.query(IN_REVIEW).map((row) => String(row.proposal_id))),
      };
    }
    return this.board.filter(({ proposalId }) => this.#inReview.ids.has(proposalId));
  }

  announce(known: Known): void {
    if (this.board.some(({ proposalId }) => proposalId === known.proposalId)) return;
    this.board.push(known);
    for (const tell of this.#curious.splice(0)) tell();
  }

  /** Until somebody tells of another proposal. */
  news(self: Process): Promise<void> {
    return new Promise((resolve) => {
      this.#curious.push(() => {
        void this.schedule.think(self, this.random.between(0, 20), 'hears of a proposal').then(resolve);
      });
    });
  }
}
